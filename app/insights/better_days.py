"""What was different on somebody's better days: a small rule that keeps quiet unless chance can hardly have done it.

The rule. Each day with a mood has the average of its check-ins, less the average of the days within two weeks of it, so
that a slow change over the months counts for nothing. Days that say anything of a kind (what was going on, or who
somebody was with) are taken, at least 40 of them over at least 8 weeks. A thing is looked at where at least 8 of those
days say it and 8 do not; its difference is the mean of the first less the mean of the second, divided by its standard
error as if days were independent. They are not: a bad week is many bad days. So the moods are moved along the days, one
by one and round the end, which keeps every run in moods and in what was said but breaks what joins the two; in each
place the largest difference of all the things is noted. A thing is told only where its own difference is larger than
the largest in all but 2.5% of the places, its own counted, and is half a point of 10 or more. With two kinds that is
wrong for about one person in twenty at most where nothing is different; tests measure it on made data.

Only what went with better days is told: a list of what goes with bad ones helps nobody who reads it alone. Which came
first, and whether something else made both, cannot be known from this.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

NEAR_DAYS = 14
FEWEST_DAYS = 40
FEWEST_WEEKS = 8
FEWEST_EACH = 8
BY_CHANCE = 0.025
SMALLEST = 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its average mood from 0 to 10, and what was said of it."""

    on: date
    mood: float
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Better:
    """A thing that better days have more often, and on how many days it was said and was not."""

    what: str
    days_with: int
    days_without: int


def enough_days(days: Collection[Day]) -> bool:
    """Say whether there are as many days, over as many weeks, as the rule needs."""
    weeks = {day.on.toordinal() // 7 for day in days if day.said}
    return sum(bool(day.said) for day in days) >= FEWEST_DAYS and len(weeks) >= FEWEST_WEEKS


def better_days(days: Sequence[Day]) -> list[Better]:
    """Return what the better days of one kind had more often, the clearest first; `days` are in order of time."""
    if not enough_days(days):
        return []
    moods = _without_slow_change(days)
    told = [(day, mood) for day, mood in zip(days, moods, strict=True) if day.said]
    things = _things_of([day for day, _ in told])
    if not things:
        return []
    said = np.array([[thing in day.said for day, _ in told] for thing in things], float)
    return _found(things, said, np.array([mood for _, mood in told]))


def _without_slow_change(days: Sequence[Day]) -> list[float]:
    """Return each mood less the mean of the days within two weeks of it, itself included."""
    at = np.array([day.on.toordinal() for day in days])
    moods = np.array([day.mood for day in days])
    near = np.abs(at[:, None] - at[None, :]) <= NEAR_DAYS
    return list(moods - near @ moods / near.sum(axis=1))


def _things_of(days: Sequence[Day]) -> list[str]:
    every = sorted({thing for day in days for thing in day.said})
    counts = {thing: sum(thing in day.said for day in days) for thing in every}
    return [thing for thing in every if FEWEST_EACH <= counts[thing] <= len(days) - FEWEST_EACH]


def _found(things: Sequence[str], said: Floats, moods: Floats) -> list[Better]:
    """Return the things whose difference stands out, given who said what (things x days) and the moods of the days."""
    moved = np.stack([np.roll(moods, by) for by in range(len(moods))], axis=1)
    differences, errors = _differences(said, moved)
    clear = differences / errors
    largest = np.sort(clear[:, 1:].max(axis=0))
    allowed = max(int(BY_CHANCE * len(moods)) - 1, 0)
    bar = largest[-1 - allowed]
    found = [
        (clear[row, 0], Better(thing, int(said[row].sum()), int((1 - said[row]).sum())))
        for row, thing in enumerate(things)
        if clear[row, 0] > bar and differences[row, 0] >= SMALLEST
    ]
    return [better for _, better in sorted(found, key=lambda pair: -pair[0])]


def _differences(said: Floats, moved: Floats) -> tuple[Floats, Floats]:
    """Return means with less means without, and their standard errors, for each thing (rows) and place (columns)."""
    with_, without = said.sum(axis=1)[:, None], (1 - said).sum(axis=1)[:, None]
    first, second = said @ moved / with_, (1 - said) @ moved / without
    squares = said @ moved**2 / with_ - first**2, (1 - said) @ moved**2 / without - second**2
    variance = squares[0] / (with_ - 1) + squares[1] / (without - 1)
    return first - second, np.sqrt(np.maximum(variance, 1e-12))
