"""What a council holds of a young person, in kinds that people have words for; every table is of one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it is called, and its tables."""

    words: str
    tables: tuple[str, ...]

    def count(self, rows: Mapping[str, int]) -> int:
        return sum(rows.get(table, 0) for table in self.tables)


KINDS = (
    Kind("Who they are: names, birthday, needs, contact", ("young_people",)),
    Kind("Check-ins, with what they said before a change", ("check_ins", "check_in_revisions")),
    Kind("Posts and replies, and who opened them", ("posts", "replies", "post_seen")),
    Kind("Goals, with ratings and steps", ("goals", "goal_ratings", "goal_steps")),
    Kind("Versions of the one-page profile", ("profile_versions",)),
    Kind("Links to the one-page profile, and when they were used", ("profile_links", "profile_openings")),
    Kind("Notes that mentors wrote", ("notes",)),
    Kind("Life events", ("life_events",)),
    Kind("Weeks of school", ("school_weeks",)),
    Kind(
        "Places on short breaks, sessions, and what they said of them",
        ("placements", "attendances", "session_feedback"),
    ),
    Kind("Calls for help, and what was decided on them", ("concerns", "concern_decisions")),
    Kind("Times agreed, and when they were asked", ("prompt_plans", "prompt_plan_changes", "prompts")),
    Kind("Adults around them", ("relationships",)),
    Kind("Times that somebody opened their record in an emergency", ("emergency_accesses",)),
    Kind("Choices of who sees what", ("sharing_decisions",)),
    Kind(
        "Ways to sign in: account, phones, passkeys, cards, sessions",
        ("accounts", "device_requests", "enrolled_devices", "passkeys", "sign_in_cards", "signed_in_sessions"),
    ),
    Kind("Ways to be told, and notices", ("channel_choices", "push_subscriptions", "notices")),
    Kind("What group figures read of them", ("score_blocks",)),
    Kind("What they asked about their data, and proposals to forget them", ("data_requests", "forgetting_proposals")),
)


def counted(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many rows there are of each kind that there are any of."""
    return [(kind.words, number) for kind in KINDS if (number := kind.count(rows))]
