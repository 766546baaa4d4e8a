"""What follows for counts that nobody shows from those that add up: bounds, by narrowing and by linear programming."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from app.impact.cells import Range
from app.impact.disclosure import NOBODY_KNOWS, STEP
from app.impact.values import Floats

MOST_KNOWN = STEP - 1
TURNS = 100
AT_ONCE = 6
MORE_THAN_ANYBODY = 1e6

Bounds = tuple[Floats, Floats]
"""The least and the most that every unknown can be."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The unknowns that add up to another."""

    total: int
    parts: tuple[int, ...]


def tell(bounds: Bounds, place: int, told: Range) -> None:
    """Narrow the bounds of one unknown, in place, to what was told of it."""
    low, high = bounds
    low[place], high[place] = max(low[place], told[0]), min(high[place], told[1])


def narrow(sums: Sequence[Sum], low: Floats, high: Floats) -> None:
    """Narrow the bounds of every unknown, in place, to what the sums leave; exact where all have one total.

    Stops where they contradict one another.
    """
    for _ in range(TURNS):
        known = low.copy(), high.copy()
        for one in sums:
            parts = np.array(one.parts)
            low[one.total] = max(low[one.total], low[parts].sum())
            high[one.total] = min(high[one.total], high[parts].sum())
            others = np.array([high[np.delete(parts, at)].sum() for at in range(parts.size)])
            least = np.maximum(low[parts], low[one.total] - others)
            most = np.minimum(high[parts], high[one.total] - (low[parts].sum() - low[parts]))
            low[parts], high[parts] = least, most
        if (low > high).any() or (np.array_equal(known[0], low) and np.array_equal(known[1], high)):
            return


def too_well_told(sums: Sequence[Sum], bounds: Bounds, places: Sequence[int]) -> set[int]:
    """Return which of these unknowns have fewer than five values left, by linear programming over all sums at once.

    Every solution of a programme is a set of counts that might be: few of them show of most unknowns that they have
    five, and only the rest are asked one by one.
    """
    programme = _Programme(sums, bounds)
    asked, rng = np.array(places), np.random.default_rng(0)
    for _ in range(AT_ONCE):
        goal = np.zeros(bounds[0].size)
        goal[asked] = rng.uniform(0.5, 1.5, asked.size) * rng.choice([-1.0, 1.0], asked.size)
        asked = asked[programme.between(goal)[asked] < MOST_KNOWN]
        if not asked.size:
            return set()
    each = np.eye(bounds[0].size)
    return {place for place in asked.tolist() if programme.between(each[place])[place] < MOST_KNOWN}


class _Programme:
    """All sums as one linear programme; it remembers between which counts every unknown was seen."""

    def __init__(self, sums: Sequence[Sum], bounds: Bounds) -> None:
        rows, columns, values = list[int](), list[int](), list[float]()
        for row, one in enumerate(sums):
            rows += [row] * (len(one.parts) + 1)
            columns += [one.total, *one.parts]
            values += [-1.0, *[1.0] * len(one.parts)]
        low, high = bounds
        self._sums = sparse.csr_array((values, (rows, columns)), shape=(len(sums), low.size))
        self._nought = np.zeros(len(sums))
        self._bounds = np.column_stack([low, np.minimum(high, MORE_THAN_ANYBODY)])
        self._least, self._most = np.full(low.size, np.inf), np.full(low.size, -np.inf)

    def between(self, goal: Floats) -> Floats:
        """Solve for the least and the most of a goal; return how far apart each unknown was ever seen.

        Without end where no counts are possible.
        """
        for sign in (1.0, -1.0):
            solved = linprog(sign * goal, A_eq=self._sums, b_eq=self._nought, bounds=self._bounds, method="highs")
            if solved.status != 0:
                return np.full(goal.size, NOBODY_KNOWS)
            self._least, self._most = np.minimum(self._least, solved.x), np.maximum(self._most, solved.x)
        seen: Floats = self._most - self._least
        return seen
