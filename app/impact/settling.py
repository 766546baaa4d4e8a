"""Normal equations solved on all that they tell, without looking for what they do not where that is known."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

from app.impact.least_squares import Blind, Fit, NormalEquations, basis_of, scale_of, solve
from app.impact.values import Floats, Integers

NO_INFORMATION = 1e-9
WELL_CONDITIONED = 1e-7


def settle(equations: NormalEquations) -> tuple[Blind, Fit]:
    """Solve the normal equations on all that can be told.

    Most often nothing is blind but coefficients without any check-in, and the level of all weeks together, which
    persons' levels have taken: then no eigenvectors are needed, which cost many times what the rest does.
    """
    scale = scale_of(equations)
    live = np.flatnonzero(scale)
    known = scale[live]
    scaled = equations.matrix[np.ix_(live, live)] * known[:, None] * known[None, :]
    level = _level(equations, live, scaled)
    inverse = _inverse(scaled, level)
    if inverse is None:
        basis = basis_of(equations)
        return basis, solve(equations, basis)
    dead = np.eye(scale.size)[:, scale == 0]
    together = np.zeros((scale.size, level.shape[1]))
    together[live] = level
    whole = np.zeros_like(equations.matrix)
    whole[np.ix_(live, live)] = inverse * known[:, None] * known[None, :]
    return Blind(np.concatenate([dead, together], axis=1), np.where(scale > 0, scale, 1.0)), Fit(
        whole @ equations.right, whole
    )


def _level(equations: NormalEquations, live: Integers, scaled: Floats) -> Floats:
    """Return the direction of all weeks together, (q, 1), where the equations say nothing of it; else (q, 0)."""
    weeks = live < equations.weeks
    found: Floats = np.sqrt(np.diag(equations.matrix)[live]) * weeks
    found /= max(float(np.linalg.norm(found)), np.finfo(np.float64).tiny)
    return found[:, None] if np.linalg.norm(scaled @ found) < NO_INFORMATION else np.zeros((found.size, 0))


def _inverse(scaled: Floats, level: Floats) -> Floats | None:
    """Return the inverse of a matrix on all but `level`; None where rounding may have spoilt it."""
    if scaled.size == 0:
        return None
    factor, trouble = lapack.dpotrf(scaled + level @ level.T, lower=True, clean=True)
    if trouble or lapack.dpocon(factor, np.abs(scaled).sum(0).max(), uplo="L")[0] < WELL_CONDITIONED:
        return None
    inverse: Floats = np.tril(lapack.dpotri(factor, lower=True)[0])
    inverse += np.tril(inverse, -1).T
    inverse -= level @ level.T
    return inverse
