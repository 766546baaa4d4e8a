"""What else is true of the made-up people, with known effects: goals, school, parent carers, how they were treated.

Moods and courses are given; everything here follows them. Goals start low, come closer by themselves, and are often set
shortly before something begins, so that a plain before and after flatters. All effects count from the week of the first
session on. The same council, moods and seed give the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from app.breaks.feedback import Said, Treated
from app.breaks.values import CAME
from app.checkins.carer_services import Past
from app.demo.courses import Calendar
from app.demo.generator import NEVER, WEEKS
from app.demo.values import Floats, MadeUpCouncil, MadeUpPerson, Moods, PlannedCourse, PlannedFeedback
from app.young_people.school import MOST_SESSIONS, SchoolWeekSaid

GOALS, SCHOOL, CARERS, TREATED = "goals", "school", "carers", "treated"
SPREADS = {GOALS: 0.2, SCHOOL: 0.03, CARERS: 0.2}
TOP = 10
SET_BEFORE_A_START = 0.5
GOAL_LEVEL, GOAL_SPREAD, GOAL_RISE, GOAL_RISING = 3.0, 1.2, 1.6, 8.0
OLDEST_AT_SCHOOL, SESSIONS_A_WEEK, FULL_TIMETABLE_FROM, FULL_TIMETABLE_SHARE = 18, 10, 0.75, 0.85
SCHOOL_LEVELS, SCHOOL_SHARES = ((0.04, 0.02), (0.7, 0.08), (0.9, 0.05)), (0.12, 0.68, 0.2)
CARER_LEVEL, CARER_SPREAD, CARER_STICKY = 5.4, 1.2, 0.5
ANSWERED_SHARE, UNASKED_WEEKS, MOSTLY_SHARE = 0.45, 2, 0.7


@dataclass
class _Sum:
    """Realised effects, summed over what was recorded from the first session on."""

    gained: Floats
    number: Floats

    @property
    def mean(self) -> Floats:
        return np.divide(self.gained, self.number, out=np.full_like(self.gained, np.nan), where=self.number > 0)


@dataclass
class OutcomeMaker:
    """Makes one person's outcomes after another's, and keeps what was true."""

    council: MadeUpCouncil
    calendar: Calendar
    moods: Moods
    seed: int
    sums: dict[str, _Sum] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = len(self.council.offers)
        self.sums = {name: _Sum(np.zeros(kinds), np.zeros(kinds)) for name in (*SPREADS, TREATED)}

    def realised(self) -> dict[str, Floats]:
        """Return each offer's realised effect on each outcome, (offers,); of `treated`, the share that said yes."""
        return {name: held.mean for name, held in self.sums.items()}

    def stated(self, outcome: str) -> Floats:
        return np.array([getattr(offer, outcome) for offer in self.council.offers])

    def goal_week(self, person: int, which: int) -> int:
        """Return the week in which a goal is set: for half of those who begin something, shortly before it."""
        rng, start = self._rng(person, 1 + which), self.moods.start[person]
        begins = start[start < NEVER]
        if begins.size and rng.random() < SET_BEFORE_A_START:
            return int(max(rng.choice(begins) - rng.integers(6, 14), 0))
        return int(rng.integers(0, 20))

    def ratings(self, person: int, which: int) -> tuple[tuple[datetime, int], ...]:
        """Return the ratings of one goal, the first when it is set."""
        rng, begun = self._rng(person, 10 + which), self.goal_week(person, which)
        level, rise = rng.normal(GOAL_LEVEL, GOAL_SPREAD), rng.gamma(4, GOAL_RISE / 4)
        own = self._own(person, GOALS, rng)
        moment = self.calendar.moment(begun, int(rng.integers(0, 5)), int(rng.integers(960, 1200)))
        made = []
        while moment <= self.calendar.now:
            week = min((moment.date() - self.calendar.monday).days // 7, WEEKS - 1)
            on = self.moods.start[person] <= week
            close = level + rise * (1 - np.exp(-(week - begun) / GOAL_RISING)) + 0.5 * self.moods.state[person, week]
            said = close + (own * on).sum() + rng.normal(0, 0.8)
            self._count(GOALS, on, [_rounded(said) - _rounded(said - one) for one in own])
            made.append((moment, _rounded(said)))
            moment += timedelta(days=int(rng.integers(7, 17)), minutes=int(rng.integers(-90, 90)))
        return tuple(made)

    def school(self, number: int, person: MadeUpPerson) -> tuple[SchoolWeekSaid, ...]:
        """Return the weeks of school (or college) in terms of whoever is young enough."""
        if person.age > OLDEST_AT_SCHOOL:
            return ()
        rng = self._rng(number, 20)
        level = rng.normal(*SCHOOL_LEVELS[int(rng.choice(len(SCHOOL_LEVELS), p=SCHOOL_SHARES))])
        own, has_timetable, made = self._own(number, SCHOOL, rng), rng.random() < FULL_TIMETABLE_SHARE, []
        for week in range(WEEKS - 1):
            if self.calendar.is_holiday(week):
                continue
            on = self.moods.start[number] <= week
            share = level + 0.05 * self.moods.state[number, week] + rng.normal(0, 0.04) + (own * on).sum()
            held = float(np.clip(share, 0, 1))
            self._count(SCHOOL, on, [100 * (held - float(np.clip(share - one, 0, 1))) for one in own])
            attended = int(rng.binomial(min(SESSIONS_A_WEEK, MOST_SESSIONS), held))
            full = has_timetable and held > FULL_TIMETABLE_FROM
            made.append(SchoolWeekSaid(self.calendar.monday_of_week(week), SESSIONS_A_WEEK, attended, full_time=full))
        return tuple(made)

    def carer(self, number: int) -> tuple[Past, ...]:
        """Return how a parent carer said they were, about every ten days."""
        rng = self._rng(number, 30)
        own, level, state = self._own(number, CARERS, rng), rng.normal(CARER_LEVEL, CARER_SPREAD), rng.normal()
        made = []
        for week in range(WEEKS):
            state = CARER_STICKY * state + np.sqrt(1 - CARER_STICKY**2) * rng.normal()
            if rng.random() > 0.7:  # noqa: PLR2004 (a share of weeks)
                continue
            on = self.moods.start[number] <= week
            felt = level + 0.7 * state + 0.3 * self.moods.state[number, week]
            said = felt + (own * on).sum() + rng.normal(0, 0.8)
            at = self.calendar.moment(week, int(rng.integers(0, 7)), int(rng.integers(1180, 1340)))
            if at <= self.calendar.now:
                self._count(CARERS, on, [_rounded(said) - _rounded(said - one) for one in own])
                made.append(Past(at, float(_rounded(said))))
        return tuple(made)

    def feedback(self, number: int, courses: Sequence[PlannedCourse]) -> tuple[PlannedFeedback, ...]:
        """Return what is said after sessions; about the last two weeks nobody has been asked yet."""
        return tuple(self._feedback(number, courses))

    def _feedback(self, number: int, courses: Sequence[PlannedCourse]) -> Iterator[PlannedFeedback]:
        rng = self._rng(number, 40)
        for course in courses:
            mine = float(np.clip(self.council.offers[course.offer].treated + rng.normal(0, 0.06), 0, 1))
            for week, status in course.sessions:
                if status not in CAME or week >= WEEKS - UNASKED_WEEKS or rng.random() > ANSWERED_SHARE:
                    continue
                other = Treated.MOSTLY if rng.random() < MOSTLY_SHARE else Treated.NO
                answer = Treated.YES if rng.random() < mine else other
                face = int(np.clip(round(3.6 + 0.8 * self.moods.state[number, week] + rng.normal(0, 0.6)), 1, 5))
                held = self.sums[TREATED]
                held.gained[course.offer] += 100 * (answer is Treated.YES)
                held.number[course.offer] += 1
                yield PlannedFeedback(course.offer, week, Said(face, answer))

    def _rng(self, person: int, what: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, person, what])

    def _own(self, person: int, outcome: str, rng: np.random.Generator) -> Floats:
        """Return one person's own effects, none of what they never begin."""
        own = self.stated(outcome) + rng.normal(0, SPREADS[outcome], len(self.council.offers))
        return np.where(self.moods.start[person] < NEVER, own, 0.0)

    def _count(self, outcome: str, on: np.ndarray, gained: Sequence[float]) -> None:
        held = self.sums[outcome]
        held.gained += np.where(on, gained, 0.0)
        held.number += on


def _rounded(said: float) -> int:
    return int(np.clip(np.rint(said), 0, TOP))
