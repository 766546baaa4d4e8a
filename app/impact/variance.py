"""How sticky mood is and how noisy a check-in is, by restricted maximum likelihood (Patterson and Thompson 1971).

The likelihood is that of the single check-ins: the cells' means through the state space, the spread within a cell
through its sum of squares. Person levels, calendar weeks and coefficients are all restricted out; the overall scale is
profiled out, which leaves two parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.impact.design import Block
from app.impact.least_squares import Basis, Size, accumulate, basis_of, person_levels, profile, solve
from app.impact.state_space import Mood
from app.impact.values import Floats

START = Mood(0.5, 0.5)
LEAST_RATIO, MOST_RATIO = 1e-4, 1e4
MOST_RHO = 0.98
LARGEST_LOGIT = 8.0
BOUNDS = (
    np.array([np.log(LEAST_RATIO), -LARGEST_LOGIT]),
    np.array([np.log(MOST_RATIO), LARGEST_LOGIT]),
)
SPACING = 0.03
FLATTEST = 1e-3
LONGEST_STEP = 1.5
MOST_STEPS, MOST_HALVINGS = 25, 6
LEAST_SCALE = 1e-12


@dataclass(frozen=True)
class Variances:
    """`mood` as the covariance uses it; `check_in` is the variance of one check-in; `criterion` is -2 log REML.

    `level` is the variance of persons' own levels.
    """

    mood: Mood
    check_in: float
    criterion: float
    level: float = 0.0

    @property
    def week_to_week(self) -> float:
        """How far a week with one check-in usually lies from the person's own level, in points."""
        return float(np.sqrt(self.check_in * (1.0 + self.mood.ratio)))

    @property
    def with_drawn_levels(self) -> Mood:
        """The covariance with persons' levels drawn from one distribution rather than left free."""
        return replace(self.mood, pull=self.check_in / self.level) if self.level > 0 else self.mood


def mood_of(point: Floats) -> Mood:
    """Turn the optimiser's unbounded point into a ratio and an autocorrelation."""
    ratio = float(np.exp(np.clip(point[0], np.log(LEAST_RATIO), np.log(MOST_RATIO))))
    return Mood(ratio, MOST_RHO / (1.0 + float(np.exp(-np.clip(point[1], -LARGEST_LOGIT, LARGEST_LOGIT)))))


def point_of(mood: Mood) -> Floats:
    """Turn a ratio and an autocorrelation into the optimiser's unbounded point."""
    share = np.clip(mood.rho / MOST_RHO, 1e-6, 1 - 1e-6)
    return np.array([np.log(mood.ratio), np.log(share / (1 - share))])


def restricted_likelihood(
    blocks: Sequence[Block], mood: Mood, size: Size, *, basis: Basis, within: float, check_ins: int, spans: int = 0
) -> Variances:
    """Return the profiled -2 log restricted likelihood, up to a constant of the design, and its scale.

    `within` is the sum of squares about the cells' means of the `check_ins` check-ins in `blocks`.
    """
    equations = accumulate(blocks, mood, size, spans)
    residual, log_determinant = profile(equations, basis)
    freedom = check_ins - equations.people - equations.steps - basis.directions.shape[1]
    if freedom <= 0:
        return Variances(mood, 1.0, 0.0)
    scale = max((float(residual) + within) / freedom, LEAST_SCALE)
    criterion = freedom * (np.log(scale) + 1.0) + equations.log_determinant + log_determinant
    return Variances(mood, scale, float(criterion))


def estimate_variances(
    blocks: Sequence[Block],
    size: Size,
    *,
    within: float,
    check_ins: int,
    start: Mood = START,
    tolerance: float = 2e-3,
    spans: int = 0,
) -> Variances:
    """Maximise the restricted likelihood from `start`; a step that gains less than `tolerance` is left out.

    With `spans`, every so many of a person's columns are one change, whose size is the person's own and is restricted
    out too, so that persons who change differently do not pass for moods that move more.
    """
    basis = basis_of(accumulate(blocks, start, size, spans))

    def at(mood: Mood) -> Variances:
        return restricted_likelihood(blocks, mood, size, basis=basis, within=within, check_ins=check_ins, spans=spans)

    best = mood_of(_descend(lambda point: at(mood_of(point)).criterion, point_of(start), tolerance))
    found = at(best)
    return replace(found, level=_level_variance(blocks, found, size, basis))


def _level_variance(blocks: Sequence[Block], found: Variances, size: Size, basis: Basis) -> float:
    """Return the variance of persons' levels by moments: the spread of their estimates less what is noise."""
    value = solve(accumulate(blocks, found.mood, size), basis).value
    level, information = person_levels(blocks, found.mood, value, size.weeks)
    share = information / information.sum()
    centre = float(share @ level)
    noise = found.check_in * level.size / float(information.sum())
    return max(float(share @ (level - centre) ** 2) - noise, 0.0)


def _descend(criterion: Callable[[Floats], float], point: Floats, tolerance: float) -> Floats:
    """Newton's method on a quadratic through seven points; stops where the next step would gain less than asked."""
    value = criterion(point)
    for _ in range(MOST_STEPS):
        gradient, curve = _local(criterion, point, value)
        size, direction = np.linalg.eigh(curve)
        along = direction.T @ gradient
        move = direction @ (along / np.maximum(np.abs(size), FLATTEST))
        if 0.5 * float(gradient @ move) < tolerance:
            break
        move *= min(1.0, LONGEST_STEP / float(np.abs(move).max()))
        for _ in range(MOST_HALVINGS):
            there = np.clip(point - move, *BOUNDS)
            found = criterion(there)
            if found < value:
                break
            move /= 2.0
        else:
            break
        point, value = there, found
    return point


def _local(criterion: Callable[[Floats], float], point: Floats, value: float) -> tuple[Floats, Floats]:
    """Return the gradient (2,) and the second derivatives (2, 2) by differences."""
    east, north = SPACING * np.eye(2)
    ahead = np.array([criterion(point + east), criterion(point + north)])
    behind = np.array([criterion(point - east), criterion(point - north)])
    both = criterion(point + east + north)
    curve = np.diag(ahead + behind - 2.0 * value)
    curve[0, 1] = curve[1, 0] = both - ahead.sum() + value
    return (ahead - behind) / (2.0 * SPACING), curve / SPACING**2
