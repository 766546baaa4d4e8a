"""When each offer runs, and who of the made-up people came to which of its sessions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from app.breaks.values import AttendanceStatus
from app.clock import BRITAIN
from app.demo.generator import NEVER, WEEKS
from app.demo.terms import WEEK, is_holiday, monday_of
from app.demo.values import MadeUpOffer, Moods, PlannedCourse

WEEKS_TO_COME = 2
STAYS_AWAY, STAYS_AWAY_WHEN_LOW, COMES_FOR_PART = 0.08, 0.22, 0.05
LOW_STATE = -0.8


@dataclass(frozen=True, slots=True)
class Calendar:
    """Nine months that end now: the first Monday, and this moment."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(BRITAIN).date()

    @property
    def monday(self) -> date:
        return monday_of(self.today) - WEEK * (WEEKS - 1)

    def monday_of_week(self, week: int) -> date:
        return self.monday + WEEK * week

    def week_of(self, day: date) -> int:
        return (day - self.monday) // WEEK

    def is_holiday(self, week: int) -> bool:
        return is_holiday(self.monday_of_week(week))

    def moment(self, week: int, day: int, minute: int) -> datetime:
        """Return the moment that a British clock calls this minute of a week's day."""
        return at_time(self.monday_of_week(week) + timedelta(days=day), minute)

    def session(self, offer: MadeUpOffer, week: int) -> tuple[datetime, datetime]:
        """Return when an offer's session of a week begins and ends."""
        begins = self.moment(week, offer.day, offer.starts.hour * 60 + offer.starts.minute)
        return begins, begins + timedelta(hours=offer.hours)

    def runs(self, offer: MadeUpOffer, week: int) -> bool:
        return not (offer.term_only and self.is_holiday(week))

    def session_weeks(self, offer: MadeUpOffer) -> Iterator[int]:
        """Yield the weeks in which an offer has a session, from the first to a few weeks from now."""
        return (week for week in range(WEEKS + WEEKS_TO_COME) if self.runs(offer, week))


def at_time(day: date, minute: int) -> datetime:
    """Return the moment that a British clock calls this minute of a day."""
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=BRITAIN)


def courses_of(
    person: int, moods: Moods, offers: tuple[MadeUpOffer, ...], calendar: Calendar, rng: np.random.Generator
) -> tuple[PlannedCourse, ...]:
    """Return a person's courses: the first session is always attended, the later ones less often when mood is low."""
    made = []
    for kind, offer in enumerate(offers):
        start = int(moods.start[person, kind])
        if start == NEVER:
            continue
        weeks = [week for week in range(start, WEEKS + 20) if calendar.runs(offer, week)][: moods.length[person, kind]]
        held = [week for week in weeks if week < WEEKS and calendar.session(offer, week)[1] <= calendar.now]
        sessions = tuple((week, _status(moods.state[person, week], week == start, rng)) for week in held)
        is_over = len(held) == len(weeks)
        referred_on = calendar.monday_of_week(int(moods.referred[person, kind]))
        last = calendar.monday_of_week(weeks[-1]) + timedelta(days=offer.day)
        made.append(PlannedCourse(kind, referred_on, sessions, last if is_over else None))
    return tuple(made)


def _status(state: float, is_first: bool, rng: np.random.Generator) -> AttendanceStatus:  # noqa: FBT001 (one question)
    away = STAYS_AWAY_WHEN_LOW if state < LOW_STATE else STAYS_AWAY
    chance = rng.random()
    if is_first or chance > away + COMES_FOR_PART:
        return AttendanceStatus.CAME
    return AttendanceStatus.DID_NOT_COME if chance < away else AttendanceStatus.PART
