"""Sums by index, typed."""

from __future__ import annotations

import numpy as np

from app.impact.values import Floats, Integers, Truths


def sum_by(index: Integers, values: Floats | Truths, size: int) -> Floats:
    """Return (size,) the sum of `values` (N,) at each `index` (N,)."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)
