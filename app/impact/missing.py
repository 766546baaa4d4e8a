"""What went missing before and after the first session, and what if the missing lay lower than they seem.

The sensitivity analysis is a pattern mixture with a shift (Rubin 1987, chapter 6; Carpenter and Kenward 2013, chapter
10): of what should have come after the start the share m is missing. The model takes the missing to be as the person's
other check-ins would lead us to expect; if they lie d points below that, the mean over all of it is m d lower, and

    change(d) = change - m d,    Var(change(d)) = Var(change) + d^2 Var(m)

with m clustered by person. Where the log of prompts was used, d goes beyond what answering by mood explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.panel import DAYS, Onsets, PersonWeeks, days_of
from app.impact.small_sample import t_interval, t_reach
from app.impact.sums import sum_by
from app.impact.values import Floats, IfMissing, Integers, Prompts

BY_PROMPTS = "share of prompts answered"
BY_USUAL = "check-ins a week as a share of the person’s usual"
SHIFTS_OF_SCALE = (0.05, 0.1, 0.15, 0.2)
LONGEST_TABLE = 1_000_000
LEAST_WEEKS = 3
FEWEST_WAITING = 10


@dataclass(frozen=True)
class Missing:
    """What came of what was to be expected, by intervention (J,), NaN where nothing was to be expected.

    `share` is what is counted as missing after the start, `variance` its variance clustered by person, `follow_up` the
    median of weeks from the first session to the last check-in.
    """

    basis: str
    before: Floats
    after: Floats
    share: Floats
    variance: Floats
    follow_up: Floats


@dataclass(frozen=True)
class _Sides:
    """What was expected and what came before and after each onset, (E,) each."""

    expected_before: Floats
    came_before: Floats
    expected_after: Floats
    came_after: Floats


def missing(cells: PersonWeeks, begun: Onsets, interventions: int, prompts: Prompts | None) -> Missing:
    """Count what is missing: unanswered prompts where there is a log, else check-ins against the person's usual.

    The usual is a person's own check-ins from the week after their very first one up to the first session, for those
    with at least three such weeks; it is carried on to the end of the records in proportion to the check-ins of those
    who had begun nothing in each calendar week, so that holidays count for nothing. Cost is linear.
    """
    logged = prompts is not None and prompts.person.size > 0
    sides = _by_prompts(cells, begun, prompts) if prompts is not None and logged else _by_usual(cells, begun)
    kind, size = begun.intervention, interventions
    expected_before, came_before, expected_after, came_after = (
        sum_by(kind, side, size)
        for side in (sides.expected_before, sides.came_before, sides.expected_after, sides.came_after)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        before, after = came_before / expected_before, came_after / expected_after
        influence = (sides.came_after - after[kind] * sides.expected_after) / expected_after[kind]
        share = np.maximum(1.0 - after, 0.0)
        people = np.bincount(kind, minlength=size)
        variance = sum_by(kind, influence**2, size) * people / (people - 1)
    return Missing(BY_PROMPTS if logged else BY_USUAL, before, after, share, variance, _follow_up(cells, begun, size))


def _by_prompts(cells: PersonWeeks, begun: Onsets, prompts: Prompts) -> _Sides:
    edges = np.unique(begun.week)
    week = days_of(prompts.time) // DAYS
    # How many of the onset weeks have begun by each prompt: a prompt comes after an onset where that reaches it.
    reached = _reached(edges, week)
    width = edges.size + 1
    key = np.asarray(prompts.person, np.int64) * width + reached
    sides = []
    at = np.searchsorted(edges, begun.week)
    for weight in (None, np.asarray(prompts.answered, np.float64)):
        total = np.bincount(key, weight, cells.people * width).reshape(cells.people, width).cumsum(1)
        before = total[begun.person, at].astype(np.float64)
        sides += [before, total[begun.person, -1] - before]
    return _Sides(sides[0], sides[2], sides[1], sides[3])


def _reached(edges: Integers, week: Integers) -> Integers:
    """Return for each of `week` (Q,) how many of the sorted `edges` are at or before it."""
    low, high = int(week.min()), int(week.max())
    if high - low > LONGEST_TABLE:
        return np.searchsorted(edges, week, "right").astype(np.int64)
    return np.searchsorted(edges, np.arange(low, high + 1), "right")[week - low].astype(np.int64)


def _by_usual(cells: PersonWeeks, begun: Onsets) -> _Sides:
    who, calendar = begun.person, np.concatenate(([0.0], np.cumsum(_calendar(cells, begun))))
    came = np.concatenate(([0.0], np.cumsum(cells.count)))
    # The very first check-in is what brings a person here: it says nothing of how often they check in.
    since, at = _first_week(cells)[who] + 1, np.searchsorted(cells.weeks, begun.week)
    known = at - since >= LEAST_WEEKS
    middle, end = came[cells.offset[who] + _cells_before(cells, who, at)], came[cells.offset[who + 1]]
    before = (middle - came[cells.offset[who] + 1]) * known
    usual = np.divide(before, calendar[at] - calendar[since], out=np.zeros_like(before), where=known)
    return _Sides(before, before, usual * (calendar[-1] - calendar[at]), (end - middle) * known)


def _first_week(cells: PersonWeeks) -> Integers:
    """Return (people,) the place of each person's first calendar week, past the last one where they have none."""
    held = np.diff(cells.offset) > 0
    first = np.full(cells.people, cells.weeks.size)
    first[held] = cells.week[cells.offset[:-1][held]]
    return first


def _calendar(cells: PersonWeeks, begun: Onsets) -> Floats:
    """Return (T,) check-ins a person in each calendar week, of those who had begun nothing where there are enough."""
    weeks, first = cells.weeks.size, _first_week(cells)
    start = np.full(cells.people, weeks)
    np.minimum.at(start, begun.person, np.searchsorted(cells.weeks, begun.week))
    entered = np.cumsum(np.bincount(first, minlength=weeks + 1)[:weeks])
    left = np.cumsum(np.bincount(np.maximum(start, first), minlength=weeks + 1)[:weeks])
    before = cells.week < start[cells.person]
    everybody = sum_by(cells.week, cells.count, weeks) / np.maximum(entered, 1)
    waiting = sum_by(cells.week, cells.count * before, weeks) / np.maximum(entered - left, 1)
    return np.where(entered - left >= FEWEST_WAITING, waiting, everybody)


def _cells_before(cells: PersonWeeks, person: Integers, week: Integers) -> Integers:
    """Return (E,) how many cells of each person lie before a week, given as its place among the calendar weeks."""
    width = cells.weeks.size + 1
    key = cells.person * width + cells.week
    return np.searchsorted(key, person * width + week) - cells.offset[person]


def _follow_up(cells: PersonWeeks, begun: Onsets, interventions: int) -> Floats:
    last = cells.weeks[cells.week[cells.offset[begun.person + 1] - 1]]
    span = last - begun.week + 1
    found = np.full(interventions, np.nan)
    for kind in range(interventions):
        own = span[(begun.intervention == kind) & (span > 0)]
        if own.size:
            found[kind] = float(np.median(own))
    return found


@dataclass(frozen=True)
class Shifted:
    """A change with its error and degrees of freedom, and the missing `share` after the start with its variance."""

    change: float
    standard_error: float
    freedom: int
    share: float
    variance: float

    def if_lower(self, by: float) -> IfMissing:
        """Return the change if the missing lay `by` points lower."""
        change = self.change - self.share * by
        return IfMissing(
            by, change, *t_interval(change, np.hypot(self.standard_error, self._spread * by), self.freedom)
        )

    def table(self, scale: float) -> tuple[IfMissing, ...]:
        """Return the change for some shifts either way that are parts of the width of the scale."""
        shifts = [*(-part for part in reversed(SHIFTS_OF_SCALE)), 0.0, *SHIFTS_OF_SCALE]
        return tuple(self.if_lower(part * scale) for part in shifts)

    def tipping_point(self) -> float | None:
        """Return the shift at which the interval first includes zero: 0 where it does, None where none does it.

        It solves (change - share d)^2 = t^2 (Var(change) + d^2 Var(share)) for the root nearest to zero.
        """
        reach = t_reach(self.freedom) * np.array([self.standard_error, self._spread])
        left = self.change**2 - float(reach[0]) ** 2
        if left <= 0:
            return 0.0
        if self.share <= 0:
            return None
        leading = self.share**2 - float(reach[1]) ** 2
        root = np.sqrt(max((self.change * self.share) ** 2 - leading * left, 0.0))
        return float(np.sign(self.change) * left / (abs(self.change) * self.share + root))

    def tipping_point_of_sign(self) -> float | None:
        """Return the shift at which the change is zero, None where none does it."""
        return self.change / self.share if self.share > 0 else None

    @property
    def _spread(self) -> float:
        return float(np.sqrt(max(self.variance, 0.0)))
