"""What may be done about a call for help, and what somebody decided; no I/O."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UNDECIDED_AFTER = timedelta(days=5)
"""So long after it was taken on, a call for help without a decision stands with those who cover too."""
LONGEST_WHY = 4_000
FURTHEST_LOOK = timedelta(days=366)


class Done(StrEnum):
    """What an adult did about a call for help."""

    TALKED = "talked"
    TALKED_PARENT_CARER = "talked_parent_carer"
    TALKED_OTHERS = "talked_others"
    SOCIAL_CARE = "social_care"
    EMERGENCY = "emergency"
    NOTHING_MORE = "nothing_more"

    @property
    def words(self) -> str:
        return DONE_WORDS[self]


DONE_WORDS = {
    Done.TALKED: "Talked with the young person",
    Done.TALKED_PARENT_CARER: "Talked with a parent carer",
    Done.TALKED_OTHERS: "Talked with school, health or another service",
    Done.SOCIAL_CARE: "Referred to children’s social care (MASH)",
    Done.EMERGENCY: "Called the emergency services",
    Done.NOTHING_MORE: "No further action",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was done and why, whether the young person may be told, and when to look again; closed where never."""

    done: tuple[Done, ...]
    why: str
    is_told: bool = False
    look_again_on: date | None = None

    @property
    def closes(self) -> bool:
        return self.look_again_on is None
