"""What of each table stands in a copy of one's own data, column by column, and why the rest does not; no I/O.

A test holds this against the tables themselves: a new table or column without a decision fails.
"""

from dataclasses import dataclass, field
from enum import StrEnum

SECRET = "it would open your account or your browser to whoever finds the copy"  # noqa: S105 (a reason)
FOR_SEARCH = "it is a code made from something that is here, for finding it without reading it"
DERIVED = "it is made from things that are here"
ADULTS_ONLY = "adults wrote it for each other: ask your mentor or the council, who check it for other people first"
TO_THE_AUDITOR = "it was written for the auditor and may be about somebody else: ask the council"


class How(StrEnum):
    """How a column stands in the copy."""

    AS_IS = "as it is"
    WHO = "who"
    OFFER = "offer"
    SESSION = "session"
    ADULTS_WORDS = "words of adults"


@dataclass(frozen=True, slots=True)
class Copied:
    """One table in the copy: `title` in plain words, its columns by how they stand there, and those left out."""

    title: str
    as_is: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    adults_words: dict[str, str] = field(default_factory=dict)
    """Words of adults with the reason why they wait until somebody has read them for what is about other people."""

    @property
    def columns(self) -> dict[str, How]:
        """Return each column that stands in the copy, and how."""
        shown = dict.fromkeys(self.as_is, How.AS_IS) | dict.fromkeys(self.who, How.WHO)
        shown |= dict.fromkeys(self.adults_words, How.ADULTS_WORDS)
        special = {"offer_id": How.OFFER, "session_id": How.SESSION}
        return {name: special.get(name, how) for name, how in shown.items()}


SAME_EVERYWHERE = frozenset({"council_id", "young_person_id", "owner_kind", "owner_id"})
"""Columns that say whose a row is: the same in every row, and said once."""


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COPIED: dict[str, Copied] = {
    "young_people": Copied(
        "Who you are, and what you chose",
        _columns(
            "id created_at reference first_name last_name preferred_name pronouns date_of_birth sex ethnicity "
            "primary_need presenting_needs diagnoses locality entry_route contact looks default_audience "
            "profile_audience profile_parts shares_profile_with_providers in_group_figures measure told_who_sees_at "
            "account_id"
        ),
        left_out={"reference_index": FOR_SEARCH},
    ),
    "accounts": Copied(
        "Your account",
        _columns("id role name email is_active created_at password_given_at"),
        left_out={
            "email_index": FOR_SEARCH,
            "password_hash": SECRET,
            "picture_code_hash": SECRET,
        },
    ),
    "check_ins": Copied(
        "Check-ins",
        _columns("id at measure answer feelings going_on who_with words audience received_at edited_at undone_at"),
        _columns("author_id typed_by"),
    ),
    "check_in_revisions": Copied("What check-ins said before you changed them", _columns("id check_in_id at before")),
    "posts": Copied("Posts", _columns("id at words audience edited_at deleted_at"), _columns("author_id")),
    "replies": Copied("Replies", _columns("id post_id at words deleted_at"), _columns("author_id")),
    "post_seen": Copied("Who opened your posts", _columns("id post_id at"), _columns("account_id")),
    "media": Copied(
        "Photos, drawings and voice notes",
        _columns("id hangs_on entry_id kind added_at removed_at facts description"),
        _columns("added_by"),
        {"thumbnail": "it is the same picture, smaller"},
    ),
    "goals": Copied("Goals", _columns("id title audience set_at reached_at put_away_at")),
    "goal_ratings": Copied("How goals were going", _columns("id goal_id at rating"), _columns("rated_by")),
    "goal_steps": Copied("Small steps", _columns("id goal_id position words done_at")),
    "profile_versions": Copied(
        "Your one page, each version", _columns("id number at said_by sections"), _columns("typed_by")
    ),
    "profile_links": Copied(
        "Links to your one page",
        _columns("id made_at ends_at stopped_at for_whom shown"),
        _columns("made_by"),
        {"code_hash": SECRET},
    ),
    "profile_openings": Copied("When a link to your one page was opened", _columns("id link_id at is_copy")),
    "notes": Copied("Notes that mentors wrote", _columns("id at"), _columns("author_id"), {}, {"words": ADULTS_ONLY}),
    "life_events": Copied("Things that happened", _columns("id on"), _columns("author_id"), {}, {"title": ADULTS_ONLY}),
    "school_weeks": Copied("Weeks of school", _columns("id monday said recorded_at"), _columns("recorded_by")),
    "placements": Copied("Short breaks you have a place on", _columns("id offer_id referred_on ended_on")),
    "attendances": Copied("Sessions", _columns("id session_id status recorded_at"), _columns("recorded_by")),
    "session_feedback": Copied(
        "What you said after sessions", _columns("id session_id at how_was_it treated audience edited_at")
    ),
    "concerns": Copied(
        "Times you asked for help",
        _columns("id raised_at due_at passed_on_at words about acknowledged_at"),
        _columns("raised_by acknowledged_by"),
    ),
    "concern_decisions": Copied(
        "What adults decided after you asked for help",
        _columns("id concern_id at look_again_on is_told"),
        _columns("decided_by"),
        {},
        {"done": ADULTS_ONLY, "why": ADULTS_ONLY},
    ),
    "prompt_plans": Copied(
        "When we ask you",
        _columns("id times suggested next_at paused_at paused_until checked_in_at suggested_at"),
        _columns("checked_in_with suggested_by"),
    ),
    "prompt_plan_changes": Copied("Changes of when we ask you", _columns("id at what times"), _columns("changed_by")),
    "prompts": Copied(
        "Times that we asked you",
        _columns("id asked_at due_at nudged_at expires_at times_put_off closed_at closed_as check_in_id"),
    ),
    "relationships": Copied("Adults around you", _columns("id tie started_at ended_at"), _columns("account_id")),
    "sharing_decisions": Copied(
        "Who chose what you share", _columns("id what choice at way asked why review_on"), _columns("decided_by")
    ),
    "emergency_accesses": Copied(
        "Times that somebody opened all of yours, to keep somebody safe",
        _columns("id started_at ends_at ended_at reviewed_at verdict"),
        _columns("account_id reviewed_by"),
        {},
        {"reason": TO_THE_AUDITOR, "review": TO_THE_AUDITOR},
    ),
    "data_requests": Copied(
        "What you asked about your data",
        _columns("id asked asked_at words answer reply answered_at"),
        _columns("answered_by"),
        {"receipt": SECRET, "receipt_hash": SECRET},
    ),
    "forgetting_proposals": Copied(
        "That somebody proposed to forget you",
        _columns("id proposed_at basis"),
        _columns("proposed_by"),
        {},
        {"reason": ADULTS_ONLY},
    ),
    "channel_choices": Copied("How we tell you", _columns("id channel is_wanted address"), _columns("account_id")),
    "notices": Copied(
        "What we told you, by which way",
        _columns("id kind channel about_id made_at tries outcome outcome_at next_try_at subscription_id"),
        _columns("account_id"),
    ),
    "enrolled_devices": Copied(
        "Phones that know your pictures",
        _columns("id enrolled_at last_used_at revoked_at"),
        _columns("account_id let_in_by"),
        {"token_hash": SECRET},
    ),
    "passkeys": Copied(
        "Passkeys",
        _columns("id browser added_at last_used_at"),
        _columns("account_id"),
        {"credential_id": SECRET, "public_key": SECRET, "sign_count": SECRET},
    ),
    "push_subscriptions": Copied(
        "Browsers that show you when we ask",
        _columns("id made_at device_id"),
        _columns("account_id"),
        {"endpoint": SECRET, "endpoint_index": SECRET, "p256dh": SECRET, "auth": SECRET},
    ),
    "device_requests": Copied(
        "Phones that a mentor let in",
        _columns("id browser made_at let_in_at used_at"),
        _columns("account_id let_in_by"),
        {"token_hash": SECRET, "code_index": SECRET},
    ),
    "sign_in_cards": Copied(
        "Sign-in cards",
        _columns("id made_at used_at"),
        _columns("account_id made_by"),
        {"code_hash": SECRET, "browser_hash": SECRET},
    ),
    "signed_in_sessions": Copied(
        "Times that you signed in",
        _columns("id proof browser started_at last_seen_at ended_at"),
        _columns("account_id"),
        {"token_hash": SECRET},
    ),
    "authenticators": Copied(
        "Your authenticator app",
        _columns("id confirmed_at"),
        _columns("account_id"),
        {"secret": SECRET, "last_step": SECRET},
    ),
    "recovery_codes": Copied(
        "Recovery codes", _columns("id made_at used_at"), _columns("account_id"), {"code_hash": SECRET, "salt": SECRET}
    ),
    "password_resets": Copied(
        "Times that you forgot your password",
        _columns("id asked_at made_at used_at"),
        _columns("account_id"),
        {"token_hash": SECRET},
    ),
    "sign_on_subjects": Copied(
        "Your council account, which signs you in",
        _columns("id bound_at"),
        _columns("account_id"),
        {"subject_index": FOR_SEARCH},
    ),
    "sign_on_invitations": Copied(
        "Invitations to sign in with your council account",
        _columns("id invited_at"),
        _columns("account_id invited_by"),
    ),
    "carer_check_ins": Copied(
        "How you are, yourself", _columns("id at measure answer undone_at"), _columns("account_id")
    ),
    "carer_choices": Copied(
        "Who sees how you are", _columns("id shares_with_mentor in_group_figures chosen_at"), _columns("account_id")
    ),
    "audit_entries": Copied(
        "Who did what and who looked",
        _columns("id sequence at action record_kind record_id"),
        _columns("actor_id"),
        {"previous_hash": FOR_SEARCH, "entry_hash": FOR_SEARCH},
    ),
}
WHOLE_TABLES_LEFT_OUT = {
    "media_contents": "the photos, drawings and sounds are files of their own in the copy",
    "score_blocks": DERIVED,
}
NOBODYS = {
    "audit_heads": "the end of a council’s trail",
    "concern_rules": "a council’s own rules",
    "councils": "the council",
    "erasures": "of people who were forgotten, who have no account to ask with",
    "forgotten_attendances": "a number of nobody’s",
    "kept_concerns": "of people who were forgotten, who have no account to ask with",
    "offers": "a council’s directory",
    "passkey_challenges": "random numbers of nobody’s",
    "person_models": "sums over everybody",
    "provider_members": "of adults who work for a provider",
    "providers": "a council’s directory",
    "published_cells": "sums over ten people and more",
    "refreshes": "when figures were made",
    "sessions": "a council’s directory",
    "sign_on_providers": "a council’s own way to sign in",
    "spent_sign_ons": "random numbers of nobody’s",
    "sign_in_attempts": "counts of nobody’s, gone within the hour",
}
"""Tables without anything about one young person or parent carer who could ask."""
