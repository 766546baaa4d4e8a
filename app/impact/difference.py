"""Whether groups differ from each other: one joint test, where two tests against zero would not say."""

from __future__ import annotations

import numpy as np
from scipy import linalg, special

from app.impact.values import Floats

FEWEST = 2


def difference_p(estimate: Floats, covariance: Floats, people: Floats) -> float | None:
    """Return the p-value of no difference among `estimate` (m,) with `covariance` (m, m), clustered; None if m < 2.

    Wald's statistic on all m - 1 contrasts against Hotelling's T^2, whose degrees of freedom match the variance of a
    covariance estimated from `people` (m,) each (Pustejovsky and Tipton 2018; for two groups, Welch's). None too where
    the covariance is singular.
    """
    if estimate.size < FEWEST or people.min() < FEWEST:
        return None
    contrasts = estimate.size - 1
    left = np.concatenate([-np.ones((contrasts, 1)), np.eye(contrasts)], axis=1)
    try:
        factor = linalg.cho_factor(left @ covariance @ left.T)
        variance = np.diag(covariance)
        alone = linalg.cho_solve(linalg.cho_factor((left * variance) @ left.T), left)
    except linalg.LinAlgError:
        return None
    apart = left @ estimate
    statistic = max(float(apart @ linalg.cho_solve(factor, apart)), 0.0)
    leverage = variance * np.einsum("km,km->m", left, alone)
    freedom = contrasts * (contrasts + 1) / (2.0 * float((leverage**2 / (people - 1.0)).sum()))
    rest = max(freedom - contrasts + 1.0, 1.0)
    return float(special.fdtrc(contrasts, rest, statistic * rest / (freedom * contrasts)))
