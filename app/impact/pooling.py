"""Estimates of like things drawn toward their common mean as far as their own uncertainty asks for.

The normal-normal model: estimate = own effect + error, own effect ~ N(mean, spread^2). Mean and spread are averaged
over rather than put in at their best guess, so that intervals carry what is not known of them (Morris 1983). The mean's
prior is flat; so is the squared spread's near zero, which keeps intervals from collapsing where the estimates happen to
lie close together (Morris and Tang 2011), and further out it falls off as the uniform-shrinkage prior does (Daniels
1999). The likelihood is the restricted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.impact.values import Floats

GRID = 80
SHARE_OF_UNIT = 0.5
LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Pooled:
    """What `pool` found: `change`, `standard_error` and `shrinkage` (m,), in the estimates' unit but for the last.

    `shrinkage` in [0, 1] is the weight of the whole as against an estimate of one's own. `mean` and `mean_error` are
    the whole's, `spread` the standard deviation of the own effects about it, averaged over what it may be.
    """

    change: Floats
    standard_error: Floats
    shrinkage: Floats
    mean: float
    mean_error: float
    spread: float


@dataclass(frozen=True)
class Independent:
    """Independent estimates (m,) with `information` (m,), the inverse of their variances; 0 tells nothing.

    Where the error of their mean comes out below `least_error`, that is taken for it.
    """

    estimate: Floats
    information: Floats
    least_error: float = 0.0


@dataclass(frozen=True)
class _Axes:
    """Estimates as independent ones: `value` (m,), the mean's weight in each `one` (m,), `information` (m,)."""

    value: Floats
    one: Floats
    information: Floats


@dataclass(frozen=True)
class _Given:
    """The mean and its variance where the spread is known, and the log of the spread's restricted likelihood."""

    mean: float
    variance: float
    likelihood: float


def pool(estimate: Floats, covariance: Floats, unit: float) -> Pooled:
    """Pool `estimate` (m,), m >= 2, with their full `covariance` (m, m); `unit` is the size of a usual deviation.

    `unit` sets the prior alone: half the prior lies below half of it.
    """
    size, axis = np.linalg.eigh(covariance)
    axes = _Axes(axis.T @ estimate, axis.sum(0), 1.0 / np.maximum(size, LEAST_VARIANCE * float(size.max())))
    return _average([axes], unit, axis, [0.0])[0]


def pool_independent(sets: Sequence[Independent], unit: float, *, adjusted: bool = False) -> list[Pooled]:
    """Pool each set of independent estimates toward a mean of its own, with one spread for all of them; linear in m.

    Sets whose members differ about equally say together how much that is, where one alone would hardly know.
    `adjusted` leans the likelihood away from a spread of zero (Li and Lahiri 2010): where each estimate says so little
    that the spread often looks like none, intervals would otherwise collapse.
    """
    axes = [_Axes(one.estimate, np.ones_like(one.estimate), one.information) for one in sets]
    return _average(axes, unit, None, [one.least_error for one in sets], adjusted=adjusted)


def _given(axes: _Axes, spread: float) -> _Given:
    weight = axes.information / (1.0 + spread**2 * axes.information)
    precision = float(weight @ axes.one**2)
    if precision <= 0.0:
        return _Given(0.0, 0.0, 0.0)
    mean = float(weight @ (axes.one * axes.value)) / precision
    square = float(weight @ (axes.value - mean * axes.one) ** 2)
    lost = float(np.log1p(spread**2 * axes.information).sum()) + float(np.log(precision))
    return _Given(mean, 1.0 / precision, -0.5 * (lost + square))


def _average(
    sets: Sequence[_Axes], unit: float, axis: Floats | None, least_error: Sequence[float], *, adjusted: bool = False
) -> list[Pooled]:
    """Average over the spread: the prior's own quantiles, each weighted by its likelihood."""
    part = (np.arange(GRID) + 0.5) / GRID
    spreads = SHARE_OF_UNIT * unit * np.sqrt(part / (1.0 - part))
    given = [[_given(axes, float(spread)) for spread in spreads] for axes in sets]
    likelihood = np.array([[one.likelihood for one in row] for row in given]).sum(0)
    if adjusted:
        likelihood += np.log(part)
    share = np.exp(likelihood - likelihood.max())
    share /= share.sum()
    return [
        _averaged(axes, (spreads, share), row, axis, least)
        for axes, row, least in zip(sets, given, least_error, strict=True)
    ]


def _averaged(
    axes: _Axes, grid: tuple[Floats, Floats], given: Sequence[_Given], axis: Floats | None, least_error: float
) -> Pooled:
    """Average over a `grid` of spreads and the share of each."""
    spreads, share = grid
    total = np.zeros((3, axes.value.size))
    for part, spread, one in zip(share, spreads, given, strict=True):
        total += part * _moments(axes, float(spread), one, axis, least_error)
    mean = np.array([one.mean for one in given])
    variance = np.array([max(one.variance, least_error**2) for one in given])
    centre = float(share @ mean)
    return Pooled(
        change=total[0],
        standard_error=np.sqrt(np.maximum(total[1] - total[0] ** 2, 0.0)),
        shrinkage=np.clip(total[2], 0.0, 1.0),
        mean=centre,
        mean_error=float(np.sqrt(share @ (variance + (mean - centre) ** 2))),
        spread=float(share @ spreads),
    )


def _moments(axes: _Axes, spread: float, given: _Given, axis: Floats | None, least_error: float) -> Floats:
    """Return (3, m): the own effects' mean, their mean square, and the weight of the whole, the spread known."""
    own = spread**2 * axes.information / (1.0 + spread**2 * axes.information)
    change = given.mean * axes.one + own * (axes.value - given.mean * axes.one)
    toward, square = (1.0 - own) * axes.one, np.square
    variance, shrinkage = spread**2 * (1.0 - own), 1.0 - own
    if axis is not None:
        change, toward = axis @ change, axis @ toward
        variance, shrinkage = square(axis) @ variance, square(axis) @ shrinkage
    variance = variance + square(toward) * max(given.variance, least_error**2)
    return np.stack([change, variance + square(change), shrinkage])
