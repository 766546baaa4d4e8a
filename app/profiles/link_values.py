"""Links to a one-page profile: how long they work, and what is asked for when one is made."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.web.languages import _l

LONGEST_FOR_WHOM = 60
MOST_WORKING = 10
"""Links of one young person that work at the same time."""
CODE_LENGTH = 16
"""79 bits from an alphabet of 31: guessing one is hopeless at any speed that a server answers."""


class Lasts(StrEnum):
    """How long a link works."""

    DAY = "day"
    WEEK = "week"
    FOUR_WEEKS = "four_weeks"

    @property
    def words(self) -> str:
        return LASTS_WORDS[self]

    @property
    def length(self) -> timedelta:
        return LENGTHS[self]


LASTS_WORDS = {Lasts.DAY: _l("One day"), Lasts.WEEK: _l("One week"), Lasts.FOUR_WEEKS: _l("Four weeks")}
LENGTHS = {Lasts.DAY: timedelta(days=1), Lasts.WEEK: timedelta(weeks=1), Lasts.FOUR_WEEKS: timedelta(weeks=4)}


@dataclass(frozen=True, slots=True)
class NewLink:
    """Whom a link is for, which headings they may read, and for how long."""

    for_whom: str
    shown: tuple[str, ...]
    lasts: Lasts
