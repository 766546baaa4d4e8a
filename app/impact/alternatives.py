"""What simpler methods say of each intervention, from the same cells."""

from __future__ import annotations

import numpy as np

from app.impact.baselines import (
    FOUR_WEEKS,
    BaselineFit,
    BeforeAfter,
    imputation,
    steps,
    two_way_fixed_effects,
)
from app.impact.panel import Onsets, PersonWeeks
from app.impact.values import Alternative

NAIVE = "mean after minus mean before"
TWO_WAY = "two-way fixed effects"
IMPUTATION = "imputation"
IMPUTATION_EARLIER = "imputation, without the four weeks before"


def alternatives(
    cells: PersonWeeks, begun: Onsets, interventions: int, naive: BeforeAfter
) -> list[tuple[Alternative, ...]]:
    """Return each intervention's alternatives; a figure that cannot be had is None."""
    step = steps(cells, begun, interventions)
    unit = np.cumsum(np.diff(cells.person, prepend=cells.person[:1]) != 0)
    common = {"cluster": unit, "weight": cells.count}
    fits: dict[str, BaselineFit] = {
        TWO_WAY: two_way_fixed_effects(unit, cells.week, cells.mean, step, **common),
        IMPUTATION: imputation(unit, cells.week, cells.mean, step, untreated=step.max(1) == 0, **common),
        IMPUTATION_EARLIER: imputation(
            unit,
            cells.week,
            cells.mean,
            step,
            untreated=steps(cells, begun, interventions, FOUR_WEEKS).max(1) == 0,
            **common,
        ),
    }
    found = []
    for place in range(interventions):
        rows = [_alternative(NAIVE, naive.change[place], naive.standard_error[place])]
        rows += [_alternative(name, fit.change[place], fit.standard_error[place]) for name, fit in fits.items()]
        found.append(tuple(rows))
    return found


def _alternative(name: str, change: float, error: float) -> Alternative:
    known = bool(np.isfinite(change) and np.isfinite(error) and error > 0)
    return Alternative(name, float(change) if known else None, float(error) if known else None)
