"""Exact arithmetic with the covariance of a sticky weekly mood, for many people at once and linear in weeks.

A person's weekly means have covariance V = mood * R(rho) + diag(1 / count), in units of the variance of one check-in,
with R the correlation of a first-order autoregression. Everything rests on the tridiagonal precision M = Q + W, where
Q is the inverse of the mood's covariance and W = diag(count): V^-1 = W - W M^-1 W. A week without a check-in has count
0 and needs no special treatment. Arrays run weeks first, people last, so that one step serves everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.values import Floats

NEGLIGIBLE = 1e-13


@dataclass(frozen=True)
class Mood:
    """How mood moves: `ratio` is Var(weekly mood) / Var(one check-in), above 0; `rho` is in [0, 1).

    `pull` is Var(one check-in) / Var(person levels): 0 leaves every person's level free.
    """

    ratio: float
    rho: float
    pull: float = 0.0


@dataclass(frozen=True)
class Precision:
    """The factorised precision M = L D L' of a block: `pivot` (T, n), `gain` (T - 1, n); `log_determinant` of V W."""

    weight: Floats
    pivot: Floats
    gain: Floats
    keep: Floats
    log_determinant: float


def factorise(weight: Floats, steps: Floats, mood: Mood) -> Precision:
    """Factorise M for `weight` (T, n) check-ins a week, with `steps` (T - 1,) weeks between the rows."""
    keep = mood.rho**steps
    fresh = 1.0 / (mood.ratio * (1.0 - keep**2))
    own = np.empty(weight.shape[0])
    own[0] = 1.0 / mood.ratio
    own[1:] = fresh
    own[:-1] += keep**2 * fresh
    off = -keep * fresh
    pivot = weight + own[:, None]
    gain = np.empty((weight.shape[0] - 1, weight.shape[1]))
    for t in range(1, weight.shape[0]):
        np.divide(off[t - 1], pivot[t - 1], out=gain[t - 1])
        pivot[t] -= off[t - 1] * gain[t - 1]
    log_q = -np.log(mood.ratio) + np.log(fresh).sum()
    log_determinant = float(np.log(pivot).sum() - weight.shape[1] * log_q)
    return Precision(weight, pivot, gain, keep, log_determinant)


def weigh(precision: Precision, columns: Floats) -> Floats:
    """Return V^-1 times `columns` (T, K, n), person by person; values in weeks without a check-in are ignored."""
    weighted = precision.weight[:, None, :] * columns
    solved = weighted.copy()
    gain, weeks = precision.gain, columns.shape[0]
    for t in range(1, weeks):
        solved[t] -= gain[t - 1] * solved[t - 1]
    solved /= precision.pivot[:, None, :]
    for t in range(weeks - 2, -1, -1):
        solved[t] -= gain[t] * solved[t + 1]
    solved *= precision.weight[:, None, :]
    np.subtract(weighted, solved, out=solved)
    return solved


def total_precision(precision: Precision) -> Floats:
    """Return the sum over people of V^-1 as a (T, T) matrix, one diagonal at a time.

    The inverse of a tridiagonal matrix satisfies S[t, s] = -gain[t] S[t + 1, s] for s > t, so that each diagonal comes
    from the one before; they fade geometrically and are left out once they no longer matter.
    """
    weight, gain = precision.weight, precision.gain
    weeks = weight.shape[0]
    spread = np.empty_like(weight)
    spread[-1] = 1.0 / precision.pivot[-1]
    for t in range(weeks - 2, -1, -1):
        spread[t] = 1.0 / precision.pivot[t] + gain[t] ** 2 * spread[t + 1]
    diagonal = spread * weight
    total = np.diag(weight.sum(1) - np.einsum("tn,tn->t", weight, diagonal))
    for distance in range(1, weeks):
        diagonal = -gain[: weeks - distance] * diagonal[1:]
        values = -np.einsum("tn,tn->t", weight[: weeks - distance], diagonal)
        rows = np.arange(weeks - distance)
        total[rows, rows + distance] = values
        total[rows + distance, rows] = values
        if np.abs(diagonal).max(initial=0.0) < NEGLIGIBLE:
            break
    return total


def forecast(precision: Precision, deviation: Floats) -> Floats:
    """Return the mood expected in each week from earlier weeks only, given `deviation` (T, n) of the weekly means."""
    ahead = np.zeros_like(deviation)
    running = precision.weight[0] * deviation[0]
    for t in range(1, deviation.shape[0]):
        # The pivot carries the pull of the week that follows; without it, it is the filtered precision.
        pull = -precision.gain[t - 1] * precision.pivot[t - 1] * precision.keep[t - 1]
        ahead[t] = precision.keep[t - 1] * running / (precision.pivot[t - 1] - pull)
        running = precision.weight[t] * deviation[t] - precision.gain[t - 1] * running
    return ahead


def smooth(precision: Precision, deviation: Floats) -> Floats:
    """Return the expected mood of each week given all weeks' `deviation` (T, n): M^-1 W times it."""
    solved = precision.weight * deviation
    for t in range(1, deviation.shape[0]):
        solved[t] -= precision.gain[t - 1] * solved[t - 1]
    solved /= precision.pivot
    for t in range(deviation.shape[0] - 2, -1, -1):
        solved[t] -= precision.gain[t] * solved[t + 1]
    return solved
