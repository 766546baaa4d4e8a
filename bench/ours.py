"""The engine's core by itself: variances, generalised least squares and intervals, without shape, words or others."""

from __future__ import annotations

import numpy as np

from app.impact.event_time import AFTER, event_terms, fit_means
from app.impact.fitting import find_variances
from app.impact.least_squares import Size
from app.impact.panel import onsets, person_weeks
from app.impact.response import correct_response
from app.impact.small_sample import t_interval
from app.impact.values import Panel


def core(panel: Panel) -> tuple[list[float], list[float]]:
    """Return every intervention's change and standard error, from check-ins and sessions to 95% intervals."""
    kinds = len(panel.interventions)
    cells, begun = person_weeks(panel.check_ins, panel.people), onsets(panel.sessions, kinds)
    sets = [event_terms(begun, begun.intervention, AFTER)]
    size = Size(cells.weeks.size, kinds * AFTER.size)
    variances = find_variances(cells, sets, size)
    if panel.prompts is not None:
        corrected = correct_response(cells, sets, size, prompts=panel.prompts, variances=variances)
        if corrected is not None:
            cells, variances = corrected.cells, corrected.variances
    fitted = fit_means(cells, begun, begun.intervention, kinds, variances.mood).fitted
    people = np.bincount(begun.intervention, minlength=kinds)
    intervals = [t_interval(*row) for row in zip(fitted.change, fitted.standard_error, people - 1, strict=True)]
    change = [(low + high) / 2 for low, high in intervals]
    return change, fitted.standard_error.tolist()
