"""What simpler methods say of each intervention, from the same cells."""

from __future__ import annotations

import numpy as np

from app.impact.baselines import FOUR_WEEKS, BeforeAfter, before_everything, imputation, steps
from app.impact.event_time import Means
from app.impact.panel import Onsets, PersonWeeks
from app.impact.sequential import sequential_trials
from app.impact.values import Alternative

NAIVE = "mean after minus mean before"
IMPUTATION = "imputation"
IMPUTATION_EARLIER = "imputation, without the four weeks before"
SEQUENTIAL = "g-estimation of sequential trials"
DRAWN_LEVELS = "person levels drawn from one distribution"


def alternatives(
    cells: PersonWeeks, begun: Onsets, interventions: int, *, naive: BeforeAfter, drawn: Means
) -> list[tuple[Alternative, ...]]:
    """Return each intervention's alternatives; a figure that cannot be had is None.

    `drawn` has the figures with persons' levels drawn from one distribution.
    """
    step = steps(cells, begun, interventions)
    unit = np.cumsum(np.diff(cells.person, prepend=cells.person[:1]) != 0)
    fits = {}
    for name, lead in ((IMPUTATION, 0), (IMPUTATION_EARLIER, FOUR_WEEKS)):
        untreated = before_everything(cells, begun, lead)
        fits[name] = imputation(
            unit, cells.week, cells.mean, step, untreated=untreated, cluster=unit, weight=cells.count
        )
    trials = sequential_trials(cells, begun, interventions)
    found = []
    for place in range(interventions):
        rows = [_alternative(NAIVE, naive.change[place], naive.standard_error[place])]
        rows += [_alternative(name, fit.change[place], fit.standard_error[place]) for name, fit in fits.items()]
        rows.append(_alternative(SEQUENTIAL, trials.change[place], trials.standard_error[place]))
        error = drawn.fitted.standard_error[place] if drawn.fitted.can_tell[place] else np.nan
        rows.append(_alternative(DRAWN_LEVELS, drawn.fitted.change[place], error))
        found.append(tuple(rows))
    return found


def _alternative(name: str, change: float, error: float) -> Alternative:
    known = bool(np.isfinite(change) and np.isfinite(error) and error > 0)
    return Alternative(name, float(change) if known else None, float(error) if known else None)
