"""Words and facts about short breaks: offers, sessions, places and who came."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.clock import from_britain
from app.web.paging import Cursor


class AttendanceStatus(StrEnum):
    """Whether somebody came."""

    CAME = "came"
    PART = "part"
    DID_NOT_COME = "did_not_come"

    @property
    def words(self) -> str:
        return STATUS_WORDS[self]


STATUS_WORDS = {
    AttendanceStatus.CAME: "Came",
    AttendanceStatus.PART: "Part",
    AttendanceStatus.DID_NOT_COME: "Did not come",
}
CAME = frozenset({AttendanceStatus.CAME, AttendanceStatus.PART})
LONGEST_NAME = 120
POUNDS = re.compile(r"£?\s*(\d{1,3}(?:,?\d{3})?(?:\.\d{1,2})?)")


def parse_pounds(text: str) -> int:
    """Return pence; raises ValueError with a sentence."""
    match = POUNDS.fullmatch(text.strip())
    if match is None:
        raise ValueError("Type the cost in pounds, such as 12.50.")
    return int(Decimal(match[1].replace(",", "")) * 100)


@dataclass(frozen=True, slots=True)
class OfferDetails:
    """What anybody may know of an offer; `cost_per_place` in pence, for one place at one session."""

    name: str
    summary: str = ""
    what_it_is_like: str = ""
    place: str = ""
    cost_per_place: int | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session is, on a British clock, and for how many weeks running."""

    on: date
    starts: time
    ends: time
    nights: int = 0
    weeks: int = 1

    def moments(self) -> Iterator[tuple[datetime, datetime]]:
        """Yield (start, end) of each week in UTC, at the same British time of day in winter and summer."""
        for week in range(self.weeks):
            first = self.on + timedelta(weeks=week)
            last = first + timedelta(days=self.nights)
            yield (
                from_britain(datetime.combine(first, self.starts)),
                from_britain(datetime.combine(last, self.ends)),
            )


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of a register, for writing many at once; `at` is when it was recorded (None: now)."""

    session_id: UUID
    young_person_id: UUID
    status: AttendanceStatus = AttendanceStatus.CAME
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionAttended:
    """One session that a young person came to; `id` is the attendance's."""

    id: UUID
    session_id: UUID
    offer_id: UUID
    offer_name: str
    at: datetime
    ends_at: datetime
    place: str
    status: AttendanceStatus

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.id)


@dataclass(frozen=True, slots=True)
class ComingSession:
    """A session that is to come, of an offer on which a young person has a place."""

    session_id: UUID
    offer_id: UUID
    offer_name: str
    provider_name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    who_will_be_there: str
    what_it_is_like: str


class SessionFact(NamedTuple):
    """A session that somebody came to, for group figures."""

    offer_id: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Referral:
    """The day on which somebody decided that a young person should have a place on an offer."""

    young_person_id: UUID
    offer_id: UUID
    referred_on: date


@dataclass(frozen=True, slots=True)
class OfferFact:
    """What group figures say of an offer; `cost_per_place` in pence."""

    offer_id: UUID
    name: str
    provider_name: str
    summary: str
    cost_per_place: int | None


@dataclass(frozen=True, slots=True)
class CouncilAttendance:
    """Who came to what in one council, only those who are in group figures, and when they were referred.

    `attended` has for each time the places of the young person and of the session in `people` and `sessions`.
    """

    offers: list[OfferFact]
    people: list[UUID]
    sessions: list[SessionFact]
    attended: list[tuple[int, int]]
    referrals: list[Referral]


class PlaceFact(NamedTuple):
    """A young person's place on an offer: when somebody decided on it, and whether it goes on."""

    offer_id: UUID
    referred_on: date | None
    goes_on: bool


class OpenOffer(NamedTuple):
    """An offer that takes new people, who runs it, and when it is on next."""

    offer_id: UUID
    name: str
    provider_name: str
    summary: str
    next_at: datetime | None
