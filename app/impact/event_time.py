"""Weeks since the first session as coefficients, and their check-in-weighted mean as the figure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.design import Block, Terms, blocks
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


@dataclass(frozen=True)
class LaidOut:
    """A joint regression before it is solved: the first `own` of its coefficients are the labels' spans, label major.

    `pull` (p,) draws the rest toward zero; `number` (p,) counts the check-ins in each coefficient's weeks.
    """

    made: list[Block]
    size: Size
    pull: Floats
    starts: Integers
    own: int
    number: Floats

    def check_ins(self, labels: int) -> Floats:
        """Return (labels, spans) the check-ins of each span."""
        return self.number[: self.own].reshape(labels, self.starts.size)

    def contrast(self, labels: int) -> Floats:
        """Return (labels, p) the contrasts that are each label's mean over its check-ins."""
        number = self.check_ins(labels)
        share = number / np.maximum(number.sum(1, keepdims=True), 1.0)
        contrast = np.zeros((labels, self.pull.size))
        contrast[np.repeat(np.arange(labels), self.starts.size), np.arange(self.own)] = share.ravel()
        return contrast


def event_terms(begun: Onsets, label: Integers, starts: Integers) -> Terms:
    """Give every onset the coefficients of its `label` (E,), one for each span that `starts` begins."""
    return Terms(begun.person, begun.week, label * starts.size, starts)


def spans_for(labels: int) -> Integers:
    """Return the spans to use: one step where the labels are so many that spans would be too many coefficients."""
    return AFTER if labels * AFTER.size <= MOST_COEFFICIENTS else ONE_STEP


def lay_out(cells: PersonWeeks, begun: Onsets, label: Integers, labels: int, extra: Shrunk | None) -> LaidOut:
    """Lay out spans since onset for each label, and `extra` terms beside them."""
    starts = spans_for(labels)
    own = labels * starts.size
    made, pull = laid_out(cells, event_terms(begun, label, starts), own, extra)
    size = Size(cells.weeks.size, pull.size)
    return LaidOut(made, size, pull, starts, own, check_ins_by_coefficient(made, size))


def laid_out(cells: PersonWeeks, terms: Terms, own: int, extra: Shrunk | None) -> tuple[list[Block], Floats]:
    """Return blocks of `terms`, which have coefficients from 0 to `own` - 1, and `extra` ones; and what draws them."""
    sets, pull = [terms], np.zeros(own)
    if extra is not None:
        sets.append(replace(extra.terms, base=extra.terms.base + own))
        pull = np.append(pull, np.full(extra.terms.starts.size, extra.pull))
    return blocks(cells, sets), pull


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
    laid = lay_out(cells, begun, label, labels, extra)
    single = np.eye(laid.own, laid.pull.size)[: laid.own if spans else 0]
    both = np.concatenate([laid.contrast(labels), single])
    fitted = fit_contrasts(laid.made, mood, laid.size, both, laid.pull)[0]
    return Means(
        fitted.part(slice(labels)), laid.check_ins(labels).sum(1), fitted.part(slice(labels, None)), laid.starts
    )


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
