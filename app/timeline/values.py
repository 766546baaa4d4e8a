"""What a time axis is drawn from: plain facts, already permitted and decrypted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.clock import in_britain
from app.young_people.school import SchoolWeekSaid

SHORTEST_AXIS = timedelta(days=27)
FURTHEST_AHEAD = timedelta(days=60)
LONG_AGO = timedelta(days=365)


class Kind(StrEnum):
    """What the list can be narrowed to."""

    CHECK_INS = "check-ins"
    POSTS = "posts"
    GOALS = "goals"
    SESSIONS = "sessions"
    NOTES = "notes"
    EVENTS = "events"

    @property
    def words(self) -> str:
        return self.value.capitalize()


class Period(StrEnum):
    """How far back the page looks."""

    MONTH = "4-weeks"
    QUARTER = "3-months"
    YEAR = "year"
    EVERYTHING = "all"

    @property
    def words(self) -> str:
        return PERIOD_WORDS[self]

    def since(self, moment: datetime) -> datetime | None:
        """Return where the period begins, or None where it has no beginning."""
        length = PERIOD_LENGTHS.get(self)
        return None if length is None else moment - length


PERIOD_WORDS = {
    Period.MONTH: "4 weeks",
    Period.QUARTER: "3 months",
    Period.YEAR: "A year",
    Period.EVERYTHING: "All",
}
PERIOD_LENGTHS = {
    Period.MONTH: timedelta(days=28),
    Period.QUARTER: timedelta(days=91),
    Period.YEAR: timedelta(days=365),
}


class Score(NamedTuple):
    """One mood check-in on the one scale from 0 to 10."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Intervention:
    """One offer and the moments of the sessions of it that a young person came to, earliest first."""

    name: str
    sessions: tuple[datetime, ...]

    @property
    def first(self) -> date:
        return in_britain(self.sessions[0]).date()

    @property
    def last(self) -> date:
        return in_britain(self.sessions[-1]).date()


@dataclass(frozen=True, slots=True)
class RatedGoal:
    """One goal and its ratings from 0 to 10, earliest first."""

    title: str
    ratings: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    on: date
    title: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that one time axis shows."""

    scores: tuple[Score, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    goals: tuple[RatedGoal, ...] = ()
    posts: tuple[datetime, ...] = ()
    events: tuple[Event, ...] = ()
    school: tuple[SchoolWeekSaid, ...] = ()

    def days(self) -> list[date]:
        """Return the earliest and latest day of each kind of thing."""
        moments = [s.at for s in (*self.scores[:1], *self.scores[-1:])]
        moments += [m for i in self.interventions for m in (i.sessions[0], i.sessions[-1])]
        moments += [r.at for g in self.goals for r in g.ratings]
        moments += [*self.posts[:1], *self.posts[-1:]]
        school = [week.monday for week in (*self.school[:1], *self.school[-1:])]
        return [in_britain(m).date() for m in moments] + [e.on for e in self.events] + school


@dataclass(frozen=True, slots=True)
class Axis:
    """From which day to which day, both drawn."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def axis_of(story: Story, *, today: date, since: date | None = None) -> Axis | None:
    """Return the days to draw, at least four weeks; None where there is nothing.

    The axis ends today, so that silence is seen; where the last thing is more than a year old, it ends there; where an
    event is still to come within sixty days, there.
    """
    days = [day for day in story.days() if (since is None or day >= since) and day <= today + FURTHEST_AHEAD]
    if not days:
        return None
    newest = max(days)
    last = newest if newest > today or (since is None and today - newest > LONG_AGO) else today
    first = since if since is not None else min(days)
    return Axis(min(first, last - SHORTEST_AXIS), last)
