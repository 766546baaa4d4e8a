"""For how long each kind of record is kept, counted from when, and why; no I/O.

A test holds this against the tables: a new one without a decision fails.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.records.values import SIX_YEARS, birthday

QUARTER = timedelta(days=90)
YEAR = timedelta(days=365)
IS_OVER = "its use is over; a quarter of a year is enough to look into a complaint"


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one table go, with what hangs on them, so long after the moment in one of their columns."""

    table: str
    since: str
    keep: timedelta
    words: str
    why: str


RULES = (
    Rule("posts", "deleted_at", QUARTER, "Posts that were taken away", IS_OVER),
    Rule("replies", "deleted_at", QUARTER, "Replies that were taken away", IS_OVER),
    Rule("check_ins", "undone_at", QUARTER, "Check-ins that were taken back", IS_OVER),
    Rule("carer_check_ins", "undone_at", QUARTER, "Parent carers’ answers that were taken back", IS_OVER),
    Rule("media", "removed_at", QUARTER, "Photos, drawings and sounds that were taken away", IS_OVER),
    Rule("notices", "made_at", QUARTER, "That somebody was told of something", IS_OVER),
    Rule("signed_in_sessions", "last_seen_at", QUARTER, "Where somebody was signed in", IS_OVER),
    Rule("device_requests", "made_at", QUARTER, "Phones that asked to be let in", IS_OVER),
    Rule("sign_in_cards", "made_at", QUARTER, "Sign-in cards", IS_OVER),
    Rule("password_resets", "asked_at", QUARTER, "Forgotten passwords", IS_OVER),
    Rule("enrolled_devices", "revoked_at", QUARTER, "Phones that were forgotten", IS_OVER),
    Rule("profile_links", "ends_at", YEAR, "Links to a one-page profile that ended", IS_OVER),
    Rule("prompts", "closed_at", 2 * YEAR, "When somebody was asked how they are", "older ones change no agreed time"),
    Rule("emergency_accesses", "reviewed_at", SIX_YEARS, "Emergency accesses, reviewed", "Limitation Act 1980"),
    Rule("data_requests", "answered_at", SIX_YEARS, "What was asked about data, and answered", "Limitation Act 1980"),
)

ADULT = 25
QUIET = YEAR
QUIET_WITHOUT_BIRTHDAY = SIX_YEARS


def person_kept_until(born: date | None, last_used: date) -> date:
    """Return until when a young person's record is kept: their 25th birthday, and a year in which nothing happened.

    Where no birthday is known, six years in which nothing happened. Sources: Children and Families Act 2014, section 37
    (education, health and care plans up to 25); Limitation Act 1980.
    """
    if born is None:
        return last_used + QUIET_WITHOUT_BIRTHDAY
    return max(birthday(born, ADULT), last_used + QUIET)


WITH_THE_PERSON = "with the young person’s record"
WITH_THE_ACCOUNT = "as long as the account"
WITH_WHAT_IT_HANGS_ON = "with what it hangs on"
ITS_OWN_DATE = "until the date that stands in it"
NOBODYS = "names nobody"
OTHERWISE: dict[str, str] = {
    "accounts": "a young person’s with their record; an adult’s for good: it is closed, nothing deletes it yet",
    "attendances": WITH_THE_PERSON,
    "audit_entries": "whole: a chain with a piece cut out proves nothing; it holds numbers only",
    "audit_heads": NOBODYS,
    "authenticators": WITH_THE_ACCOUNT,
    "carer_choices": WITH_THE_ACCOUNT,
    "channel_choices": WITH_THE_ACCOUNT,
    "check_in_revisions": WITH_WHAT_IT_HANGS_ON,
    "concern_decisions": WITH_THE_PERSON,
    "concern_rules": "until the council sets others",
    "concerns": WITH_THE_PERSON,
    "councils": NOBODYS,
    "erasures": ITS_OWN_DATE,
    "forgetting_proposals": "until somebody confirms it or takes it away",
    "forgotten_attendances": NOBODYS,
    "goal_ratings": WITH_THE_PERSON,
    "goal_steps": WITH_THE_PERSON,
    "goals": WITH_THE_PERSON,
    "kept_concerns": ITS_OWN_DATE,
    "life_events": WITH_THE_PERSON,
    "media_contents": WITH_WHAT_IT_HANGS_ON,
    "notes": WITH_THE_PERSON,
    "offers": NOBODYS,
    "passkey_challenges": "minutes",
    "passkeys": WITH_THE_ACCOUNT,
    "person_models": NOBODYS,
    "placements": WITH_THE_PERSON,
    "post_seen": WITH_WHAT_IT_HANGS_ON,
    "profile_openings": WITH_WHAT_IT_HANGS_ON,
    "profile_versions": WITH_THE_PERSON,
    "prompt_plan_changes": WITH_THE_PERSON,
    "prompt_plans": WITH_THE_PERSON,
    "provider_members": WITH_THE_ACCOUNT,
    "providers": NOBODYS,
    "published_cells": NOBODYS,
    "push_subscriptions": WITH_THE_ACCOUNT,
    "recovery_codes": WITH_THE_ACCOUNT,
    "refreshes": NOBODYS,
    "relationships": WITH_THE_PERSON,
    "school_weeks": WITH_THE_PERSON,
    "score_blocks": WITH_THE_PERSON,
    "session_feedback": WITH_THE_PERSON,
    "sessions": NOBODYS,
    "sharing_decisions": WITH_THE_PERSON,
    "sign_in_attempts": "an hour",
    "sign_on_invitations": "until it is used; it counts for 14 days",
    "sign_on_providers": "until the council sets another up",
    "sign_on_subjects": WITH_THE_ACCOUNT,
    "spent_sign_ons": "two hours",
    "young_people": WITH_THE_PERSON,
}
"""Every other table: for how long, in words."""
