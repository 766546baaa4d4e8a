"""The attack on figures: all that is published of sums over people, put to a linear programme.

It supposes the worst: every exact count is known, and a group's figure is the plain mean of its cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from app.impact.cells import Cell, CellKey
from app.impact.disclosure import FIGURES_FROM
from app.impact.tables import GROUPED

HALF_A_DECIMAL = 0.05
FURTHEST = 10.0
SLACK = 1e-9
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
        return self.span_of(np.eye(self.people.size)[cell])

    def spread(self, share: Weights) -> float:
        """Return how far apart the least and the most are that the mean over some cells can be."""
        least, most = self.span_of(share)
        return most - least

    def span_of(self, share: Weights) -> tuple[float, float]:
        """Return the least and the most that the mean over some cells can be, by their weights (K,)."""
        rows, value = np.array(self.weights).reshape(-1, self.people.size), np.array(self.values)
        matrix = np.concatenate([rows, -rows])
        right = np.concatenate([value + HALF_A_DECIMAL, HALF_A_DECIMAL - value]) + SLACK
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * share, A_ub=matrix, b_ub=right, bounds=(-FURTHEST, FURTHEST), method="highs")
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        return ends[0], ends[1]


def figures_told(*days: Mapping[CellKey, Cell]) -> dict[CellKey, float]:
    """Return how closely the figure of each group too small for one is told by everything on these days together.

    The worst is supposed again: who is in which group is known, a figure is the mean of how its people are, and nobody
    changes but those who have something new. What is told is of the last day; of a group of nobody there is nothing.
    """
    lit = [cell for day in days for cell in day.values() if cell.figures.has_figure]
    small = {key: cell for key, cell in days[-1].items() if key.table in GROUPED and 0 < cell.people < FIGURES_FROM}
    asked = [*lit, *small.values()]
    where: dict[tuple[str, str], list[int]] = {}
    for at, cell in enumerate(asked):
        for state in cell.contributions.items():
            where.setdefault(state, []).append(at)
    alike: dict[tuple[int, ...], int] = {}
    for cells in where.values():
        alike[tuple(cells)] = alike.get(tuple(cells), 0) + 1
    people = np.array(list(alike.values()))
    inside = np.zeros((len(asked), people.size), np.bool_)
    for column, places in enumerate(alike):
        inside[list(places), column] = True
    told = Told(people)
    for row, cell in zip(inside[: len(lit)], lit, strict=True):
        told.weights.append(np.where(row, people, 0) / people[row].sum())
        own = cell.figures.change if cell.figures.drawn_change is None else cell.figures.drawn_change
        told.values.append(float(own or 0.0))
    return {
        key: told.spread(np.where(row, people, 0) / people[row].sum())
        for key, row in zip(small, inside[len(lit) :], strict=True)
    }
