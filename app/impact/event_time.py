"""Weeks since the first session as coefficients, and their check-in-weighted mean as the figure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.design import Terms, blocks
from app.impact.fitting import Fitted, check_ins_by_coefficient, fit_contrasts
from app.impact.least_squares import Size
from app.impact.panel import Onsets, PersonWeeks
from app.impact.state_space import Mood
from app.impact.values import Floats, Integers

AFTER = np.array([0, 1, 2, 4, 7])
BEFORE = np.array([-8, -3])
ONE_STEP = np.array([0])
MOST_COEFFICIENTS = 600


@dataclass(frozen=True)
class Means:
    """One figure for each label: `fitted` has the contrasts, `check_ins` (labels,) the check-ins they average over.

    `spans` has the coefficients that the figures are means of, label major; `starts` says which weeks they begin with.
    """

    fitted: Fitted
    check_ins: Floats
    spans: Fitted
    starts: Integers


@dataclass(frozen=True)
class Shrunk:
    """Terms that are fitted beside, with coefficients from 0 and drawn toward zero.

    `pull` is Var(one check-in) over the variance that the coefficients are drawn with.
    """

    terms: Terms
    pull: float


def event_terms(begun: Onsets, label: Integers, starts: Integers) -> Terms:
    """Give every onset the coefficients of its `label` (E,), one for each span that `starts` begins."""
    return Terms(begun.person, begun.week, label * starts.size, starts)


def spans_for(labels: int) -> Integers:
    """Return the spans to use: one step where the labels are so many that spans would be too many coefficients."""
    return AFTER if labels * AFTER.size <= MOST_COEFFICIENTS else ONE_STEP


def fit_means(
    cells: PersonWeeks,
    begun: Onsets,
    label: Integers,
    labels: int,
    mood: Mood,
    *,
    extra: Shrunk | None = None,
    spans: bool = False,
) -> Means:
    """Estimate the mean change after onset for each label; `extra` terms are fitted beside and not reported.

    `spans` asks for the single spans beside their mean.
    """
    starts = spans_for(labels)
    own = labels * starts.size
    sets, pull = [event_terms(begun, label, starts)], np.zeros(own)
    if extra is not None:
        sets.append(replace(extra.terms, base=extra.terms.base + own))
        pull = np.append(pull, np.full(extra.terms.starts.size, extra.pull))
    size = Size(cells.weeks.size, pull.size)
    made = blocks(cells, sets)
    number = check_ins_by_coefficient(made, size)[:own].reshape(labels, starts.size)
    contrast = np.zeros((labels, pull.size))
    share = number / np.maximum(number.sum(1, keepdims=True), 1.0)
    contrast[np.repeat(np.arange(labels), starts.size), np.arange(own)] = share.ravel()
    both = np.concatenate([contrast, np.eye(own, pull.size)[: own if spans else 0]])
    fitted = fit_contrasts(made, mood, size, both, pull)[0]
    return Means(fitted.part(slice(labels)), number.sum(1), fitted.part(slice(labels, None)), starts)


def fit_lead(cells: PersonWeeks, begun: Onsets, interventions: int, mood: Mood) -> Fitted:
    """Estimate each intervention's spans before the first session against the weeks well before them.

    Two contrasts an intervention, weeks -8 to -4 and -3 to -1; a diagnosis, no part of the figure: a base that lies in
    the dip would count the way out of it as effect.
    """
    starts = np.concatenate([BEFORE, AFTER])
    total = interventions * starts.size
    size = Size(cells.weeks.size, total)
    made = blocks(cells, [event_terms(begun, begun.intervention, starts)])
    leads = np.arange(total).reshape(interventions, starts.size)[:, : BEFORE.size].ravel()
    return fit_contrasts(made, mood, size, np.eye(total)[leads])[0]


def span_ends(starts: Integers, until: int | None = None) -> list[tuple[int, int | None]]:
    """Return each span's first and last week; the last span ends before `until`, None where it is open."""
    following = [*(int(start) for start in starts[1:]), until]
    return [(int(start), None if end is None else end - 1) for start, end in zip(starts, following, strict=True)]
