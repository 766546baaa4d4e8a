"""Agreed times, and what becomes of one time that Tidemark asked; no I/O."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.web.languages import _

DAYS_OF_WEEK = range(7)
ON_THE_CLOCK = "%H:%M"


class UnknownTimesError(ValueError):
    """These are not times that can be agreed; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class AgreedTimes:
    """On which days (0 is Monday; none: never) and from what time Tidemark may ask, and when it keeps quiet.

    All times are on a British clock. Quiet hours that begin and end at the same time are none.
    """

    days: tuple[int, ...] = ()
    at: time = time(16)
    quiet_from: time = time(21)
    quiet_until: time = time(8)

    def is_quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until

    def check(self) -> None:
        """Raise UnknownTimesError for days that are none, or a time to ask that lies in the quiet hours."""
        if not set(self.days) <= set(DAYS_OF_WEEK):
            raise UnknownTimesError(_("Choose from the days that are shown."))
        if self.days and self.is_quiet(self.at):
            raise UnknownTimesError(_("That time is in your quiet time. Choose another one."))


class Change(StrEnum):
    """What was done to somebody's agreed times."""

    CHOSEN = "chosen"
    AGREED = "agreed"
    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PAUSED_A_WEEK = "paused_a_week"
    PAUSED = "paused"
    RESUMED = "resumed"


class Closing(StrEnum):
    """How one time that Tidemark asked came to its end."""

    ANSWERED = "answered"
    SET_ASIDE = "set_aside"
    EXPIRED = "expired"


class Later(StrEnum):
    """When to be reminded again."""

    HOUR = "hour"
    TONIGHT = "tonight"
    TOMORROW = "tomorrow"


class CouncilPrompt(NamedTuple):
    """One time that somebody in a council's group figures was asked, and whether a check-in came."""

    young_person_id: UUID
    at: datetime
    answered: bool


class PastPrompt(NamedTuple):
    """One time that somebody was asked, with what became of it; open where `closed_at` is None."""

    young_person_id: UUID
    asked_at: datetime
    closed_at: datetime | None = None
    closed_as: Closing | None = None
    check_in_id: UUID | None = None


class Asked(NamedTuple):
    """What one round of asking did."""

    asked: int
    let_go: int
    expired: int
