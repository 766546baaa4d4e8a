"""The attack on figures: all that is published of sums over people, put to a linear programme.

It supposes the worst: every exact count is known, and a group's figure is the plain mean of its cells.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

HALF_A_DECIMAL = 0.05
FURTHEST = 10.0
Counts = NDArray[np.int64]
Weights = NDArray[np.float64]


@dataclass
class Told:
    """What is published: weighted sums over unknown cells (`people` (K,) each), to within their rounding."""

    people: Counts
    weights: list[Weights] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, cells: NDArray[np.bool_], true: Weights) -> None:
        """Publish the mean over `cells`, rounded to a decimal."""
        share = np.where(cells, self.people, 0) / self.people[cells].sum()
        self.weights.append(share)
        self.values.append(round(float(share @ true), 1))

    def span(self, cell: int) -> tuple[float, float]:
        """Return the least and the most that one cell's figure can be."""
        rows, value = np.array(self.weights), np.array(self.values)
        matrix = np.concatenate([rows, -rows])
        right = np.concatenate([value + HALF_A_DECIMAL, HALF_A_DECIMAL - value])
        ends = []
        for sign in (1, -1):
            goal = np.zeros(self.people.size)
            goal[cell] = sign
            solved = linprog(goal, A_ub=matrix, b_ub=right, bounds=(-FURTHEST, FURTHEST), method="highs")
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        return ends[0], ends[1]
