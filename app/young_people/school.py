"""Weeks of school: what is recorded of one, and Bristol's bands of attendance."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

MOST_SESSIONS = 14
LOW_UNDER = 0.1
HIGH_OVER = 0.8


class Band(StrEnum):
    """How much of school somebody went to: the bands that Bristol reports, and what lies between them."""

    UNDER_10 = "under_10"
    BETWEEN = "10_to_80"
    OVER_80 = "over_80"
    FULL_TIME = "full_time"

    @property
    def words(self) -> str:
        return BAND_WORDS[self]


BAND_WORDS = {
    Band.UNDER_10: "Under 10%",
    Band.BETWEEN: "10% to 80%",
    Band.OVER_80: "Over 80%",
    Band.FULL_TIME: "Full time",
}


class NotAWeekError(ValueError):
    """What was said of a week of school does not fit together; `field` names what to change."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def band_of(share: float, *, full_time: bool) -> Band:
    """Return the band of a share of sessions from 0 to 1; full time: a full timetable, and more than 80% of it."""
    if share < LOW_UNDER:
        return Band.UNDER_10
    if share <= HIGH_OVER:
        return Band.BETWEEN
    return Band.FULL_TIME if full_time else Band.OVER_80


@dataclass(frozen=True, slots=True)
class SchoolWeekSaid:
    """One week, by its Monday: sessions (half days) possible and attended, or neither where it was full time."""

    monday: date
    possible: int | None
    attended: int | None
    full_time: bool = False

    @property
    def share(self) -> float:
        if self.possible is None or self.attended is None:
            return 1.0
        return self.attended / self.possible

    @property
    def band(self) -> Band:
        return band_of(self.share, full_time=self.full_time)


class SchoolFact(NamedTuple):
    """One week of school of somebody in a council who is in its group figures; `share` from 0 to 1."""

    young_person_id: UUID
    monday: date
    share: float
    full_time: bool


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def check_week(week: SchoolWeekSaid, today: date) -> None:
    """Raise NotAWeekError with a sentence where a week cannot be recorded."""
    if week.monday != monday_of(week.monday) or week.monday > today:
        raise NotAWeekError("week", "Choose a week that has begun.")
    if week.possible is None and week.attended is None and week.full_time:
        return
    if week.possible is None or not 1 <= week.possible <= MOST_SESSIONS:
        raise NotAWeekError("possible", f"Type a number from 1 to {MOST_SESSIONS}, or tick full time alone.")
    if week.attended is None or not 0 <= week.attended <= week.possible:
        raise NotAWeekError("attended", f"Type a number from 0 to {week.possible}: no more than there were to go to.")
