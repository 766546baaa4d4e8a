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
class Mixture:
    """What is known of own effects' mean and spread: over (G,) spreads, each one's share, and the mean given it.

    `mean` and `variance` (G,) are the whole's given the spread. It draws any estimate toward the whole, and is all that
    is needed to do so.
    """

    spread: Floats
    share: Floats
    mean: Floats
    variance: Floats

    @property
    def centre(self) -> float:
        """The mean, averaged over the spread."""
        return float(self.share @ self.mean)

    @property
    def usual_spread(self) -> float:
        """The spread, averaged over what it may be."""
        return float(self.share @ self.spread)

    def draw(self, estimate: Floats, information: Floats) -> Pooled:
        """Draw independent estimates (m,) with `information` (m,) toward the whole."""
        return self.draw_along(_Axes(estimate, np.ones_like(estimate), information), None)

    def draw_along(self, axes: _Axes, axis: Floats | None) -> Pooled:
        """Draw estimates that are independent along `axis` (m, m)."""
        total = np.zeros((3, axes.value.size))
        for part, spread, mean, variance in zip(self.share, self.spread, self.mean, self.variance, strict=True):
            total += part * _moments(axes, float(spread), float(mean), float(variance), axis)
        return Pooled(
            change=total[0],
            standard_error=np.sqrt(np.maximum(total[1] - total[0] ** 2, 0.0)),
            shrinkage=np.clip(total[2], 0.0, 1.0),
            mean=self.centre,
            mean_error=float(np.sqrt(self.share @ (self.variance + (self.mean - self.centre) ** 2))),
            spread=self.usual_spread,
        )


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
    return _mixtures([axes], unit, [0.0])[0].draw_along(axes, axis)


def pool_independent(sets: Sequence[Independent], unit: float, *, adjusted: bool = False) -> list[Pooled]:
    """Pool each set of independent estimates toward a mean of its own, with one spread for all of them; linear in m.

    Sets whose members differ about equally say together how much that is, where one alone would hardly know.
    `adjusted` leans the likelihood away from a spread of zero (Li and Lahiri 2010): where each estimate says so little
    that the spread often looks like none, intervals would otherwise collapse.
    """
    mixtures = mixtures_of(sets, unit, adjusted=adjusted)
    return [mixture.draw(one.estimate, one.information) for mixture, one in zip(mixtures, sets, strict=True)]


def mixtures_of(sets: Sequence[Independent], unit: float, *, adjusted: bool = False) -> list[Mixture]:
    """Return what each set says of its mean, and all of them of their spread; options are `pool_independent`'s."""
    axes = [_Axes(one.estimate, np.ones_like(one.estimate), one.information) for one in sets]
    return _mixtures(axes, unit, [one.least_error for one in sets], adjusted=adjusted)


def _given(axes: _Axes, spread: float) -> _Given:
    weight = axes.information / (1.0 + spread**2 * axes.information)
    precision = float(weight @ axes.one**2)
    if precision <= 0.0:
        return _Given(0.0, 0.0, 0.0)
    mean = float(weight @ (axes.one * axes.value)) / precision
    square = float(weight @ (axes.value - mean * axes.one) ** 2)
    lost = float(np.log1p(spread**2 * axes.information).sum()) + float(np.log(precision))
    return _Given(mean, 1.0 / precision, -0.5 * (lost + square))


def _mixtures(
    sets: Sequence[_Axes], unit: float, least_error: Sequence[float], *, adjusted: bool = False
) -> list[Mixture]:
    """Weigh the spread, the prior's own quantiles, by its likelihood; the mean's error is at least `least_error`."""
    part = (np.arange(GRID) + 0.5) / GRID
    spreads = SHARE_OF_UNIT * unit * np.sqrt(part / (1.0 - part))
    given = [[_given(axes, float(spread)) for spread in spreads] for axes in sets]
    likelihood = np.array([[one.likelihood for one in row] for row in given]).sum(0)
    if adjusted:
        likelihood += np.log(part)
    share = np.exp(likelihood - likelihood.max())
    share /= share.sum()
    return [
        Mixture(
            spreads,
            share,
            np.array([one.mean for one in row]),
            np.array([max(one.variance, least**2) for one in row]),
        )
        for row, least in zip(given, least_error, strict=True)
    ]


def _moments(axes: _Axes, spread: float, mean: float, mean_variance: float, axis: Floats | None) -> Floats:
    """Return (3, m): the own effects' mean, their mean square, and the weight of the whole, the spread known."""
    own = spread**2 * axes.information / (1.0 + spread**2 * axes.information)
    change = mean * axes.one + own * (axes.value - mean * axes.one)
    toward, square = (1.0 - own) * axes.one, np.square
    variance, shrinkage = spread**2 * (1.0 - own), 1.0 - own
    if axis is not None:
        change, toward = axis @ change, axis @ toward
        variance, shrinkage = square(axis) @ variance, square(axis) @ shrinkage
    variance = variance + square(toward) * mean_variance
    return np.stack([change, variance + square(change), shrinkage])
