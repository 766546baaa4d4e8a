"""Roles, permissions and the viewer: who is looking, as every query wants to know it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.web.languages import _l


class Role(StrEnum):
    """What somebody is to a council."""

    YOUNG_PERSON = "young_person"
    PARENT_CARER = "parent_carer"
    MENTOR = "mentor"
    COUNCIL_STAFF = "council_staff"
    PROVIDER = "provider"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_WORDS = {
    Role.PARENT_CARER: "Parent carer",
    Role.MENTOR: "Mentor",
    Role.COUNCIL_STAFF: "Council staff",
    Role.PROVIDER: "Provider",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
}


class Proof(StrEnum):
    """How somebody proved who they are when a session began."""

    PASSWORD = "password"  # noqa: S105 (the name of a way)
    SECOND_STEP = "second_step"
    PASSKEY = "passkey"
    PICTURES = "pictures"
    SIGN_ON = "sign_on"
    SIGN_ON_IN_TWO_STEPS = "sign_on_in_two_steps"
    DEMO = "demo"


AT_THE_COUNCIL = frozenset({Proof.SIGN_ON, Proof.SIGN_ON_IN_TWO_STEPS})
ONE_STEP = frozenset({Proof.PASSWORD, Proof.SIGN_ON})
"""What is not enough by itself where a second step is needed, or set up."""


NEEDS_SECOND_STEP = frozenset(Role) - {Role.YOUNG_PERSON, Role.PARENT_CARER}


class Permission(StrEnum):
    """What a role may do; to whom is another question, answered by fetching."""

    SIGNED_IN = "session:use"
    HOME_READ = "home:read"
    CHECK_IN_RECORD = "check_in:record"
    POST_WRITE = "post:write"
    REPLY_WRITE = "reply:write"
    MEDIA_ADD = "media:add"
    MEDIA_READ = "media:read"
    GOAL_WRITE = "goal:write"
    PROFILE_WRITE = "profile:write"
    SHARING_CHOOSE = "sharing:choose"
    SHARING_DECIDE = "sharing:decide"
    OWN_BREAKS_READ = "own_breaks:read"
    SESSION_RATE = "session:rate"
    HELP_ASK = "help:ask"
    PROMPTS_AGREE = "prompts:agree"
    LOOKS_CHOOSE = "looks:choose"
    NOTIFICATIONS_CHOOSE = "notifications:choose"
    OWN_DATA = "own_data:ask"
    OWN_COPY = "own_data:copy"
    CARER_CHECK_IN = "carer_check_in:record"
    CASELOAD_READ = "caseload:read"
    TIMELINE_READ = "timeline:read"
    PROFILE_READ = "profile:read"
    PROFILE_TYPE = "profile:type_together"
    NOTE_WRITE = "note:write"
    CHECK_IN_TOGETHER = "check_in:record_together"
    SCHOOL_RECORD = "school_attendance:record"
    CONCERN_ANSWER = "concern:answer"
    CONCERN_COVER = "concern:cover"
    CONCERN_DECIDE = "concern:decide"
    CONCERN_RULES = "concern:set_rules"
    SIGN_IN_CARD_MAKE = "sign_in_card:make"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_WRITE = "directory:write"
    PERSON_FORGET = "person:forget"
    OFFER_READ = "offer:read"
    OFFER_WRITE = "offer:write"
    REGISTER_WRITE = "register:write"
    COMPARISON_READ = "comparison:read"
    ACCOUNT_MANAGE = "account:manage"
    OWN_TRAIL_READ = "own_trail:read"
    AUDIT_READ = "audit:read"
    EMERGENCY_OPEN = "emergency_access:open"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.YOUNG_PERSON: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.HOME_READ,
            Permission.CHECK_IN_RECORD,
            Permission.POST_WRITE,
            Permission.REPLY_WRITE,
            Permission.MEDIA_ADD,
            Permission.MEDIA_READ,
            Permission.GOAL_WRITE,
            Permission.PROFILE_WRITE,
            Permission.SHARING_CHOOSE,
            Permission.OWN_BREAKS_READ,
            Permission.SESSION_RATE,
            Permission.HELP_ASK,
            Permission.OWN_TRAIL_READ,
            Permission.PROMPTS_AGREE,
            Permission.LOOKS_CHOOSE,
            Permission.NOTIFICATIONS_CHOOSE,
            Permission.OWN_DATA,
            Permission.OWN_COPY,
        }
    ),
    Role.PARENT_CARER: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.CARER_CHECK_IN,
            Permission.OWN_COPY,
            Permission.CASELOAD_READ,
            Permission.TIMELINE_READ,
            Permission.PROFILE_READ,
            Permission.REPLY_WRITE,
            Permission.MEDIA_READ,
        }
    ),
    Role.MENTOR: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.CASELOAD_READ,
            Permission.TIMELINE_READ,
            Permission.PROFILE_READ,
            Permission.REPLY_WRITE,
            Permission.MEDIA_READ,
            Permission.NOTE_WRITE,
            Permission.PROFILE_TYPE,
            Permission.SHARING_DECIDE,
            Permission.CHECK_IN_TOGETHER,
            Permission.SCHOOL_RECORD,
            Permission.CONCERN_ANSWER,
            Permission.CONCERN_DECIDE,
            Permission.SIGN_IN_CARD_MAKE,
            Permission.PROMPTS_AGREE,
            Permission.NOTIFICATIONS_CHOOSE,
            Permission.EMERGENCY_OPEN,
        }
    ),
    Role.COUNCIL_STAFF: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.EMERGENCY_OPEN,
            Permission.TIMELINE_READ,
            Permission.PROFILE_READ,
            Permission.MEDIA_READ,
            Permission.DIRECTORY_READ,
            Permission.DIRECTORY_WRITE,
            Permission.PERSON_FORGET,
            Permission.CONCERN_COVER,
            Permission.CONCERN_DECIDE,
            Permission.NOTIFICATIONS_CHOOSE,
            Permission.CONCERN_RULES,
            Permission.SCHOOL_RECORD,
            Permission.OFFER_READ,
            Permission.OFFER_WRITE,
            Permission.REGISTER_WRITE,
            Permission.COMPARISON_READ,
        }
    ),
    Role.PROVIDER: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.OFFER_READ,
            Permission.OFFER_WRITE,
            Permission.REGISTER_WRITE,
            Permission.PROFILE_READ,
            Permission.MEDIA_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Permission.SIGNED_IN, Permission.ACCOUNT_MANAGE}),
    Role.AUDITOR: frozenset({Permission.SIGNED_IN, Permission.AUDIT_READ}),
}


EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
PASSWORD_RULE = f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody signed in: every query and service starts from one."""

    account_id: UUID
    council_id: UUID
    role: Role
    young_person_id: UUID | None = None

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the picture code."""

    code: str
    word: str
    symbol: str


PICTURES = (
    Picture("cat", _l("Cat"), "🐱"),
    Picture("dog", _l("Dog"), "🐶"),
    Picture("fish", _l("Fish"), "🐟"),
    Picture("sun", _l("Sun"), "☀️"),
    Picture("moon", _l("Moon"), "🌙"),
    Picture("tree", _l("Tree"), "🌳"),
    Picture("car", _l("Car"), "🚗"),
    Picture("ball", _l("Ball"), "⚽"),
    Picture("apple", _l("Apple"), "🍎"),
    Picture("star", _l("Star"), "⭐"),
    Picture("boat", _l("Boat"), "⛵"),
    Picture("house", _l("House"), "🏠"),
)
PICTURES_IN_CODE = 4
