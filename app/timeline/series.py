"""Moods by the day, week or month, and the smoothed line through them: plain arithmetic with stated rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.clock import in_britain
from app.timeline.values import Axis, Score

LONGEST_BY_DAY = 42
LONGEST_BY_WEEK = 400
NEIGHBOURS = 2


class Grain(StrEnum):
    """How much time one dot stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def widest_gap(self) -> int:
        """Return how many empty days, weeks or months the line still crosses."""
        return {Grain.DAY: 6, Grain.WEEK: 3, Grain.MONTH: 1}[self]

    def start_of(self, day: date) -> date:
        if self is Grain.DAY:
            return day
        return day - timedelta(days=day.weekday()) if self is Grain.WEEK else day.replace(day=1)

    def number_of(self, start: date) -> int:
        """Return a count that goes up by one from each day, week or month to the next."""
        if self is Grain.MONTH:
            return start.year * 12 + start.month
        return start.toordinal() // (7 if self is Grain.WEEK else 1)

    def days_in(self, start: date) -> int:
        if self is Grain.MONTH:
            return ((start.replace(day=28) + timedelta(days=4)).replace(day=1) - start).days
        return 7 if self is Grain.WEEK else 1


@dataclass(frozen=True, slots=True)
class Dot:
    """The average of the check-ins of one day, week or month, and the smoothed value there."""

    start: date
    days: int
    mean: float
    count: int
    smoothed: float


def grain_of(axis: Axis) -> Grain:
    """Return days for up to six weeks, weeks for up to thirteen months, months beyond."""
    if axis.days <= LONGEST_BY_DAY:
        return Grain.DAY
    return Grain.WEEK if axis.days <= LONGEST_BY_WEEK else Grain.MONTH


def dots_of(scores: Iterable[Score], grain: Grain) -> list[Dot]:
    """Return the averages of the days, weeks or months that have check-ins, earliest first."""
    found: dict[date, list[float]] = defaultdict(list)
    for at, value in scores:
        found[in_britain(at).date()].append(value)
    totals: dict[date, list[float]] = defaultdict(list)
    for day, values in found.items():
        totals[grain.start_of(day)].extend(values)
    starts = sorted(totals)
    means = [sum(totals[start]) / len(totals[start]) for start in starts]
    smoothed = smooth([grain.number_of(start) for start in starts], means)
    return [
        Dot(start, grain.days_in(start), mean, len(totals[start]), soft)
        for start, mean, soft in zip(starts, means, smoothed, strict=True)
    ]


def smooth(numbers: Sequence[int], means: Sequence[float]) -> list[float]:
    """Average each value with its neighbours up to two places away, with weights 3 (itself), 2 and 1.

    `numbers` are the places (rising); a place without a value has no weight.
    """
    by_number = dict(zip(numbers, means, strict=True))
    result = []
    for number in numbers:
        near = range(number - NEIGHBOURS, number + NEIGHBOURS + 1)
        weighed = [(NEIGHBOURS + 1 - abs(n - number), by_number[n]) for n in near if n in by_number]
        result.append(sum(w * v for w, v in weighed) / sum(w for w, _ in weighed))
    return result


def runs_of(dots: Sequence[Dot], grain: Grain) -> list[list[Dot]]:
    """Split dots where too much time without a check-in lies between two of them."""
    runs: list[list[Dot]] = []
    for dot in dots:
        gap = grain.number_of(dot.start) - grain.number_of(runs[-1][-1].start) - 1 if runs else 0
        if not runs or gap > grain.widest_gap:
            runs.append([])
        runs[-1].append(dot)
    return runs
