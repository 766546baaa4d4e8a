"""Intervals that hold with few people: scores clustered by person, corrected for leverage, and Student's t."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse, special

from app.impact.design import Block
from app.impact.least_squares import Fit, NormalEquations, Size, project, residuals
from app.impact.state_space import Mood, factorise
from app.impact.values import Floats, Integers

LEAST_LEFT = 1e-3


def clustered_covariance(
    blocks: Sequence[Block], mood: Mood, size: Size, *, equations: NormalEquations, fit: Fit, contrast: Floats
) -> Floats:
    """Return the (c, c) covariance of `contrast` (c, q) times the coefficients, clustered by person, CR3.

    Each person's score s becomes (I - M A^-1)^-1 s, with A the normal matrix and M the person's share of it (Bell and
    McCaffrey 2002; the jackknife that leaves one person out). M is taken over the person's own columns; what a person
    adds to the calendar weeks, about one part in the number of people, is put right by people / (people - 1).
    """
    weeks, total = size.weeks, size.weeks + size.coefficients
    across = fit.inverse[weeks:, weeks:]
    scores: Floats = np.zeros((total, total))
    for block, own in zip(blocks, equations.own, strict=True):
        rows = slice(block.low, block.low + block.weight.shape[0])
        precision = factorise(block.weight, block.steps, mood)
        score = project(precision, residuals(block, fit.value, weeks)[:, None, :], mood.pull)[:, 0]
        scores[rows, rows] += score @ score.T
        if own.shape[1]:
            single = np.einsum("tkn,tn->kn", block.columns, score)
            owner = block.coefficient
            pulled = np.take_along_axis(fit.inverse[weeks:, rows] @ score, owner, axis=0)
            shared = across[owner.T[:, :, None], owner.T[:, None, :]]
            pulled += np.einsum("nkl,ln->kn", shared, single)
            corrected = _by_coefficient(single + _leverage(own, shared, pulled), owner, size.coefficients)
            scores[rows, weeks:] += (corrected @ score.T).T
            scores[weeks:, weeks:] += (corrected @ corrected.T).toarray()
    scores[weeks:, :weeks] = scores[:weeks, weeks:].T
    reach = sparse.csr_array(contrast) @ fit.inverse
    people = max(equations.people, 2)
    covariance: Floats = reach @ scores @ reach.T * (people / (people - 1))
    return covariance


def _by_coefficient(single: Floats, owner: Integers, count: int) -> sparse.csr_array:
    """Return (count, n) what each person's columns add to each coefficient."""
    person = np.broadcast_to(np.arange(single.shape[1]), single.shape)
    return sparse.csr_array((single.ravel(), (owner.ravel(), person.ravel())), (count, single.shape[1]))


def _leverage(own: Floats, shared: Floats, pulled: Floats) -> Floats:
    """Return (K, n) what the correction adds to each person's score: (I - M S)^-1 M (A^-1 s)."""
    # A person who alone settles a coefficient leaves nothing to judge it by: keep the system solvable.
    left = (1.0 + LEAST_LEFT) * np.eye(own.shape[1]) - own @ shared
    return np.asarray(np.linalg.solve(left, own @ pulled.T[:, :, None])[:, :, 0].T, np.float64)


def t_reach(freedom: int, level: float = 0.95) -> float:
    """Return how many standard errors a two-sided interval with Student's t reaches either way."""
    return float(special.stdtrit(max(freedom, 1), 0.5 + level / 2))


def t_interval(change: float, standard_error: float, freedom: int, level: float = 0.95) -> tuple[float, float]:
    """Return the two-sided interval with Student's t."""
    reach = t_reach(freedom, level) * standard_error
    return change - reach, change + reach


def p_value(change: float, standard_error: float, freedom: int) -> float:
    """Return the two-sided p-value against no change."""
    if standard_error <= 0:
        return 1.0
    return float(2.0 * special.stdtr(max(freedom, 1), -abs(change) / standard_error))


def false_discovery(p: Floats) -> Floats:
    """Return q-values (Benjamini and Hochberg 1995) for p-values (m,)."""
    order = np.argsort(p)
    ranked = p[order] * p.size / np.arange(1, p.size + 1)
    lowest = np.minimum.accumulate(ranked[::-1])[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum(lowest, 1.0)
    return q
