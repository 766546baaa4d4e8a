"""A linear mixed model with correlated random effects by group, by maximum or restricted likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from app.impact.values import Floats, Integers


@dataclass(frozen=True)
class MixedModelFit:
    """Fixed effects `change` (p,) with their `covariance` (p, p); `random` (r, r) is the random effects' covariance.

    `criterion` is -2 log likelihood, restricted or not as asked for.
    """

    change: Floats
    covariance: Floats
    random: Floats
    residual: float
    criterion: float

    @property
    def standard_error(self) -> Floats:
        """The square roots of the covariance's diagonal, (p,)."""
        root: Floats = np.sqrt(np.diag(self.covariance))
        return root


@dataclass(frozen=True)
class _Sums:
    """Cross products: of the fixed part with itself, and by group of the random part with itself and with the fixed."""

    rows: int
    fixed: Floats
    random: Floats
    mixed: Floats


def _sums(outcome: Floats, fixed: Floats, random: Floats, group: Integers) -> _Sums:
    groups, place = np.unique(group, return_inverse=True)
    both = np.column_stack([fixed, outcome])

    def by_group(left: Floats, right: Floats) -> Floats:
        product = left[:, :, None] * right[:, None, :]
        total = np.zeros((groups.size, left.shape[1], right.shape[1]))
        np.add.at(total, place, product)
        return total

    return _Sums(outcome.size, both.T @ both, by_group(random, random), by_group(random, both))


def _profile(sums: _Sums, factor: Floats, *, restricted: bool) -> MixedModelFit:
    """Fit with the random effects' covariance `factor` factor' in units of the residual variance."""
    inner = np.eye(factor.shape[0]) + factor.T @ sums.random @ factor
    half = factor.T @ sums.mixed
    left = sums.fixed - (half.transpose(0, 2, 1) @ np.linalg.solve(inner, half)).sum(0)
    bread = np.linalg.inv(left[:-1, :-1])
    change = bread @ left[:-1, -1]
    parameters = change.size if restricted else 0
    freedom = sums.rows - parameters
    residual = float(left[-1, -1] - left[:-1, -1] @ change) / freedom
    criterion = freedom * (1.0 + np.log(2 * np.pi * residual)) + np.linalg.slogdet(inner)[1].sum()
    if restricted:
        criterion += np.linalg.slogdet(left[:-1, :-1])[1]
    return MixedModelFit(change, residual * bread, residual * factor @ factor.T, residual, float(criterion))


def fit_mixed_model(
    outcome: Floats, fixed: Floats, random: Floats, group: Integers, *, restricted: bool = True
) -> MixedModelFit:
    """Fit outcome (N,) = fixed (N, p) + random (N, r) by group (N,) + noise.

    The likelihood is profiled over the fixed effects and the residual variance (Lindstrom and Bates 1988) and maximised
    over the lower triangle of the random effects' relative Cholesky factor.
    """
    sums = _sums(outcome, fixed, random, group)
    rows, columns = np.tril_indices(random.shape[1])

    def factor_of(point: Floats) -> Floats:
        factor = np.zeros((random.shape[1], random.shape[1]))
        factor[rows, columns] = point
        return factor

    start = np.where(rows == columns, 1.0, 0.0)
    best = optimize.minimize(
        lambda point: _profile(sums, factor_of(point), restricted=restricted).criterion,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000},
    )
    return _profile(sums, factor_of(best.x), restricted=restricted)
