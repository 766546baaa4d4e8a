"""One fit from cells and terms to changes with a covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.impact.design import Block, Terms, blocks
from app.impact.least_squares import Fit, NormalEquations, Size, accumulate
from app.impact.panel import PersonWeeks
from app.impact.settling import settle
from app.impact.small_sample import clustered_covariance
from app.impact.state_space import Mood
from app.impact.values import Floats, Integers, Truths
from app.impact.variance import START, Variances, estimate_variances

MOST_VARIANCE_CELLS = 40_000


@dataclass(frozen=True)
class Fitted:
    """Contrasts of the coefficients: `change` (c,), `covariance` (c, c) and which of them the data determine."""

    change: Floats
    covariance: Floats
    can_tell: Truths

    @property
    def standard_error(self) -> Floats:
        """The square roots of the covariance's diagonal, (c,)."""
        root: Floats = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        return root

    def part(self, rows: slice) -> Fitted:
        """Return some of the contrasts."""
        return Fitted(self.change[rows], self.covariance[rows, rows], self.can_tell[rows])


def sample_people(cells: PersonWeeks) -> Integers:
    """Return people spread evenly over the panel, as many as the variances need: all of a small one."""
    people = np.flatnonzero(np.diff(cells.offset))
    room = max(MOST_VARIANCE_CELLS // max(cells.weeks.size, 1), 50)
    if people.size <= room:
        return people
    return people[np.linspace(0, people.size - 1, room).astype(np.int64)]


def within_square(cells: PersonWeeks, people: Integers) -> float:
    """Return the part of the sum of squares within cells that belongs to `people`."""
    return float(cells.within[people].sum())


def find_variances(
    cells: PersonWeeks, sets: Sequence[Terms], size: Size, start: Variances | None = None, spans: int = 0
) -> Variances:
    """Estimate the variances from as many people as are needed for them; `spans` as in `estimate_variances`."""
    people = sample_people(cells)
    held = np.isin(cells.person, people) if people.size < cells.people else np.ones(cells.person.size, np.bool_)
    return estimate_variances(
        blocks(cells, sets, people),
        size,
        within=within_square(cells, people),
        check_ins=int(cells.count[held].sum()),
        start=START if start is None else start.mood,
        spans=spans,
    )


def check_ins_by_coefficient(made: Sequence[Block], size: Size) -> Floats:
    """Return how many check-ins lie in the weeks of each coefficient, (p,)."""
    number = np.zeros(size.coefficients)
    for block in made:
        inside = np.einsum("tkn,tn->kn", block.columns, block.weight)
        number += np.bincount(block.coefficient.ravel(), inside.ravel(), size.coefficients)
    return number


def fit_contrasts(
    made: Sequence[Block], mood: Mood, size: Size, contrast: Floats, pull: Floats | None = None
) -> tuple[Fitted, Fit]:
    """Fit by generalised least squares and return `contrast` (c, p) of the coefficients, and the fit itself.

    `pull` (p,) draws coefficients toward zero: the variance of a check-in over the variance that they are drawn with.
    """
    equations = accumulate(made, mood, size)
    return contrasts_of(made, mood, size, contrast, equations=equations, pull=pull)


def contrasts_of(
    made: Sequence[Block],
    mood: Mood,
    size: Size,
    contrast: Floats,
    *,
    equations: NormalEquations,
    pull: Floats | None = None,
) -> tuple[Fitted, Fit]:
    """Do as `fit_contrasts` with equations that were summed before; `pull` is added to them."""
    if pull is not None:
        equations.matrix[np.diag_indices_from(equations.matrix)] += np.append(np.zeros(size.weeks), pull)
    blind, fit = settle(equations)
    full = np.concatenate([np.zeros((contrast.shape[0], size.weeks)), contrast], axis=1)
    covariance = clustered_covariance(made, mood, size, equations=equations, fit=fit, contrast=full)
    return Fitted(full @ fit.value, covariance, blind.can_tell(full)), fit
