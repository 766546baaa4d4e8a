"""What a page may show of who sees what a young person shares."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.accounts.models import EnrolledDevice
from app.accounts.queries import Named
from app.accounts.values import Role
from app.audit.models import AuditEntry
from app.web.dates import day_in_words, in_sentence, moment_in_words, time_in_words
from app.young_people.values import AUDIENCES_SEEN_BY, Audience, Tie

ONLY_YOU = "just you"
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
NO_PARENT_YET = ", and no parent or carer yet"
THE_EXCEPTION = "Nobody else, unless somebody may be in danger"
TeamMember = tuple[UUID, str, Tie]
LOOKED = {
    "caseload": "saw your name in a list",
    "concern": "read a call for help of yours",
    "directory": "saw your name in a list",
    "emergency_access": "opened all of yours, to keep somebody safe",
    "emergency_reason": "read why somebody opened all of yours",
    "media": "saw or heard something you made",
    "places": "saw your name in a list",
    "post": "read a post of yours",
    "profile": "read your one page",
    "prompts": "saw when we ask you",
    "record": "read what the council knows about you",
    "register": "saw your name in a list",
    "school_weeks": "saw your weeks at school",
    "sharing": "saw who sees what of yours",
    "timeline": "read your page",
    "what_followed": "saw how you were after your breaks",
}
SOMETHING = "saw something of yours"
ROLE_WORDS = {
    Role.MENTOR: "a mentor",
    Role.PARENT_CARER: "a parent or carer",
    Role.COUNCIL_STAFF: "works for the council",
    Role.PROVIDER: "runs sessions",
    Role.ADMINISTRATOR: "looks after who can sign in",
    Role.AUDITOR: "checks who looks at what",
}
TIE_WORDS = {Tie.MENTOR: "My mentor", Tie.PARENT_CARER: "My parent or carer", Tie.TEAM: "On my team"}


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """One answer to "Who sees this?", with the names of those who would."""

    value: str
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class SharingRow:
    """One line of "Who sees it, what it is used for"."""

    words: str
    timeline_of: str
    orders_list: str
    group_figures: str


def in_words(names: Sequence[str]) -> str:
    """Return `Jo`, `Jo and Sana`, `Jo, Sana and Ali`; empty for nobody."""
    if len(names) < 2:  # noqa: PLR2004 (a list of two has an "and")
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def first_names(names: Iterable[str]) -> dict[str, str]:
    """Return what each of these people is called: the first name, or the whole name if it is shared or a title."""
    whole = set(names)
    first = {name: name.split(maxsplit=1)[0] if name.strip() else name for name in whole}
    used = Counter(first.values())
    return {name: name if used[one] > 1 or one.rstrip(".").casefold() in TITLES else one for name, one in first.items()}


def members_in(audience: Audience, team: Iterable[TeamMember]) -> dict[UUID, str]:
    """Return who now around the young person sees what is shared with an audience, by account, as they are called."""
    around = list(team)
    called = first_names(name for _, name, _ in around)
    return {account: called[name] for account, name, tie in around if audience in AUDIENCES_SEEN_BY[tie]}


def readers(audience: Audience, team: Iterable[TeamMember]) -> str:
    """Return the first names of those who see it, `just you`, or that nobody is there yet."""
    if audience is Audience.ONLY_ME:
        return ONLY_YOU
    return in_words(list(members_in(audience, team).values())) or "nobody yet"


def audience_choices(team: Sequence[TeamMember]) -> list[AudienceChoice]:
    who = {one: readers(one, team) for one in Audience} | {Audience.ONLY_ME: THE_EXCEPTION}
    if team and all(tie is not Tie.PARENT_CARER for _, _, tie in team):
        who[Audience.PARENT_CARER] += NO_PARENT_YET
    return [AudienceChoice(one.value, one.words, who[one]) for one in Audience]


def sharing_table() -> list[SharingRow]:
    """Return who sees each kind of sharing and what it is used for, as it is today."""
    counted = "The face or number, unless you say no"
    return [
        SharingRow("Only me", "Nobody", "No", counted),
        SharingRow("My mentor", "Your mentor", "Yes", counted),
        SharingRow("My parent or carer too", "Your mentor, and your parent or carer", "Yes", counted),
        SharingRow("Everyone on my team", "Everyone you see named on your team", "Yes", counted),
    ]


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody who looked on one day: who, what they are, what they did, and when last."""

    who: str
    role: str
    what: str
    when: str


def look_days(looks: Iterable[AuditEntry], adults: Mapping[UUID, Named]) -> list[tuple[str, list[LookLine]]]:
    """Return (day, lines) newest first; what one person did several times in a day is one line."""
    called = first_names(adult.name for adult in adults.values())
    days: dict[str, dict[tuple[UUID, str], list[AuditEntry]]] = {}
    for look in looks:
        if look.actor_id is not None and look.actor_id in adults:
            what = LOOKED.get(look.action.partition(":")[0], SOMETHING)
            day = day_in_words(clock.in_britain(look.at).date())
            days.setdefault(day, {}).setdefault((look.actor_id, what), []).append(look)
    return [
        (
            day,
            [
                LookLine(called[adults[who].name], ROLE_WORDS.get(adults[who].role, ""), what, _times(same))
                for (who, what), same in lines.items()
            ],
        )
        for day, lines in days.items()
    ]


def _times(looks: Sequence[AuditEntry]) -> str:
    last = time_in_words(looks[0].at)
    return last if len(looks) == 1 else f"{len(looks)} times, last at {last}"


def team_lines(team: Iterable[TeamMember]) -> list[tuple[str, str]]:
    """Return (name, what they are) of each adult around a young person."""
    return [(name, TIE_WORDS[tie]) for _, name, tie in team]


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One phone that opens with the young person's pictures."""

    id: UUID
    added: str
    used: str


def phone_lines(devices: Iterable[EnrolledDevice]) -> list[PhoneLine]:
    return [
        PhoneLine(
            device.id,
            in_sentence(moment_in_words(device.enrolled_at)),
            in_sentence(moment_in_words(device.last_used_at)) if device.last_used_at else "",
        )
        for device in devices
    ]
