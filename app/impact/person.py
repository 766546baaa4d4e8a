"""What can honestly be said of one young person: their own estimate, drawn toward everybody's as far as it is unsure.

In the joint model every person's change may lie off the shape that all share: change_ij(t) = shape_j(t) + own_ij from
the week of the first session on, own_ij ~ N(mean_j, spread_j^2). Given the shared weeks, shape and variances, a
person's own part is a small generalised least squares problem with their level taken out; one person's check-ins say
little, so it is then drawn toward the whole (Henderson 1975; Morris 1983), with the mean and the spread averaged over
what they may be. The interval counts all of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.design import Block
from app.impact.effects import allowance_of
from app.impact.event_time import LaidOut, event_terms, lay_out
from app.impact.fits import Fits, fit_panel
from app.impact.fitting import find_variances, fit_contrasts
from app.impact.least_squares import Size, project, residuals
from app.impact.panel import check_panel
from app.impact.pooling import Independent, Pooled, pool_independent
from app.impact.response import Response
from app.impact.state_space import Precision, factorise, smooth, weigh
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers, Panel, PersonEffects, Truths
from app.impact.variance import Variances

SURE = 1.959964
LEAST_SHARE = 1e-6
TINY = 1e-9


def person_effects(
    panel: Panel, *, minimum_group: int = 10, use_referrals: bool = True, use_prompts: bool = True
) -> PersonEffects:
    """Estimate every person's own change after each intervention they began, in points of the score.

    The change is the average over the person's own check-ins from the week of the first session on, against what was
    to be expected of them. An entry is withheld where fewer than `minimum_group` people carry the intervention's
    figure, or there is none to draw toward. Options are those of `estimate`; cost is linear in check-ins.

    Raises PanelIsMalformed where the arrays do not fit together.
    """
    check_panel(panel)
    if panel.check_ins.person.size == 0 or not panel.interventions:
        return _nothing()
    return person_effects_of(fit_panel(panel, minimum_group, use_referrals=use_referrals, use_prompts=use_prompts))


def person_effects_of(fits: Fits) -> PersonEffects:
    """Return every person's own change from what has been fitted already."""
    begun, kinds = fits.begun, len(fits.panel.interventions)
    extra = fits.referral.terms if fits.referral else None
    laid = lay_out(fits.cells, begun, begun.intervention, kinds, extra)
    fitted, fit = fit_contrasts(laid.made, fits.variances.mood, laid.size, laid.contrast(kinds), laid.pull)
    terms = [event_terms(begun, begun.intervention, laid.starts)]
    variances = find_variances(
        fits.cells, terms, Size(laid.size.weeks, laid.own), fits.variances, spans=laid.starts.size
    )
    parts = [_part(block, fits, laid, fit.value, variances) for block in laid.made]
    shape = _by_onset(parts, [part.shape for part in parts], begun.person.size)
    people = np.bincount(begun.intervention[fits.counted], minlength=kinds)
    shown = fitted.can_tell & (people >= max(fits.minimum_group, 2))
    error = np.sqrt(fitted.standard_error**2 + np.diag(fits.slope_variance))
    known = fits.counted & shown[begun.intervention]
    own = _own(parts, begun.person.size, None)
    first = _pooled(own, begun.intervention, known, error, fits)
    # Once the spread of the others is known, a person's other changes are no longer free to take anything up.
    pooled = _pooled(
        _own(parts, begun.person.size, _others(first, begun.intervention)), begun.intervention, known, error, fits
    )
    return _records(fits, own, shape, pooled, known)


@dataclass(frozen=True)
class _Own:
    """Each onset's departure from the shared shape by the person's own check-ins, (E,), and its information."""

    change: Floats
    information: Floats


@dataclass(frozen=True)
class _Part:
    """One block's own normal equations: `onset` (n, K) or -1, `gram` (n, K, K), `right` (n, K), `shape` (n, K).

    Gram and right side are in points; `shape` is the shared change averaged over the person's own check-ins.
    """

    onset: Integers
    gram: Floats
    right: Floats
    shape: Floats


def _part(block: Block, fits: Fits, laid: LaidOut, value: Floats, variances: Variances) -> _Part:
    """Take the level, the weeks and the shared shape out of one block and set up its people's own steps."""
    events = ~(block.coefficient >= laid.own).any(1)
    spans, people = laid.starts.size, block.people.size
    columns = block.columns[:, events].reshape(block.weight.shape[0], -1, spans, people)
    steps = columns.sum(2, dtype=np.float64)
    effect = value[laid.size.weeks :][block.coefficient[events]].reshape(-1, spans, people)
    inside = np.einsum("tksn,tn->ksn", columns, block.weight)
    shape = (inside * effect).sum(1) / np.maximum(inside.sum(1), 1.0)
    precision = factorise(block.weight, block.steps, variances.mood)
    if fits.response is not None and steps.shape[1]:
        steps = _as_answered(steps, block.people, precision, fits.response, variances.check_in)
    left = residuals(block, value, laid.size.weeks)
    weighed = project(precision, np.concatenate([left[:, None], steps], axis=1), 0.0) / variances.check_in
    begin, end = (np.searchsorted(fits.begun.person, block.people, side) for side in ("left", "right"))
    onset = begin[:, None] + np.arange(steps.shape[1])
    return _Part(
        np.where(onset < end[:, None], onset, -1),
        np.einsum("tkn,tln->nkl", steps, weighed[:, 1:]),
        np.einsum("tkn,tn->nk", steps, weighed[:, 0]),
        shape.T,
    )


def _as_answered(steps: Floats, people: Integers, precision: Precision, response: Response, check_in: float) -> Floats:
    """Return what the check-ins that came show of steps (T, K, n), once the response correction has been taken off.

    Of a change the answers hide the share slope^2 p (1 - p) times a check-in's variance, p being the chance of an
    answer; the correction gives back as much of it as the smoothed mood, which it goes by, has taken up.
    """
    chance = 1.0 / (1.0 + np.exp(-response.level[people]))
    hidden = response.slope**2 * chance * (1.0 - chance) * check_in
    weighed = weigh(precision, np.concatenate([np.ones_like(steps[:, :1]), steps], axis=1)).sum(0)
    centred = steps - weighed[1:] / weighed[:1]
    taken_up = np.stack([smooth(precision, centred[:, slot]) for slot in range(steps.shape[1])], axis=1)
    return steps - hidden * (steps - taken_up)


def _by_onset(parts: list[_Part], values: list[Floats], size: int) -> Floats:
    """Lay (n, K) values of the parts out by onset, (E,), 0 where a person has none."""
    found = np.zeros(size)
    for part, value in zip(parts, values, strict=True):
        found[part.onset[part.onset >= 0]] = value[part.onset >= 0]
    return found


def _own(parts: list[_Part], size: int, others: tuple[Floats, Floats] | None) -> _Own:
    """Return each departure with the person's other ones free, or drawn from what `others` (mean, pull) (E,) say."""
    solved = [_solved(part, others) for part in parts]
    return _Own(
        _by_onset(parts, [change for change, _ in solved], size),
        _by_onset(parts, [information for _, information in solved], size),
    )


def _solved(part: _Part, others: tuple[Floats, Floats] | None) -> tuple[Floats, Floats]:
    """Return (n, K) departures and their information, each with the person's other departures integrated out."""
    change, information = np.zeros_like(part.right), np.zeros_like(part.right)
    diagonal = np.einsum("nkk->nk", part.gram)
    mean, pull = (np.zeros_like(part.right),) * 2 if others is None else (held[part.onset] for held in others)
    right = part.right - np.einsum("nkl,nl->nk", part.gram, mean)
    ridge = pull + TINY * diagonal + np.where(diagonal > 0, 0.0, 1.0)
    for slot in range(part.right.shape[1]):
        rest = np.arange(part.right.shape[1]) != slot
        across = part.gram[:, slot, rest]
        matrix = part.gram[:, rest][:, :, rest] + ridge[:, rest, None] * np.eye(int(rest.sum()))
        taken = np.linalg.solve(matrix, np.stack([across, right[:, rest]], axis=2))
        left = diagonal[:, slot] - np.einsum("nk,nk->n", across, taken[:, :, 0])
        score = right[:, slot] - np.einsum("nk,nk->n", across, taken[:, :, 1])
        tells = left > LEAST_SHARE * np.maximum(diagonal[:, slot], TINY)
        information[:, slot] = np.where(tells, left, 0.0)
        change[:, slot] = mean[:, slot] + np.divide(score, left, out=np.zeros_like(left), where=tells)
    return change, information


def _pooled(own: _Own, kind: Integers, known: Truths, error: Floats, fits: Fits) -> list[Pooled | None]:
    """Draw each intervention's departures toward their mean, with one spread for all; None where it is not shown."""
    rows = [known & (kind == place) for place in range(error.size)]
    shown = [place for place, row in enumerate(rows) if row.any()]
    sets = [Independent(own.change[rows[at]], own.information[rows[at]], float(error[at])) for at in shown]
    found: list[Pooled | None] = [None] * error.size
    if sets:
        pooled = pool_independent(sets, fits.variances.week_to_week, adjusted=True)
        for place, one in zip(shown, pooled, strict=True):
            found[place] = one
    return found


def _others(pooled: list[Pooled | None], kind: Integers) -> tuple[Floats, Floats]:
    """Return (E,) the mean of each onset's departures and the inverse of their variance, 0 where nothing is known."""
    mean = np.array([0.0 if one is None else one.mean for one in pooled])
    pull = np.array([0.0 if one is None else one.spread**-2 for one in pooled])
    return mean[kind], pull[kind]


def _records(fits: Fits, own: _Own, shape: Floats, pooled: list[Pooled | None], known: Truths) -> PersonEffects:
    begun, size = fits.begun, fits.begun.person.size
    change, error, shrinkage = (np.full(size, np.nan) for _ in range(3))
    for place, one in enumerate(pooled):
        if one is not None:
            rows = known & (begun.intervention == place)
            change[rows], error[rows], shrinkage[rows] = shape[rows] + one.change, one.standard_error, one.shrinkage
    tells = known & (own.information > 0)
    own_error = np.full(size, np.nan)
    own_error[tells] = own.information[tells] ** -0.5
    number = np.bincount(begun.intervention[fits.counted], minlength=len(pooled)).astype(np.float64)
    whole = sum_by(begun.intervention, np.where(known, change, 0.0), len(pooled)) / np.maximum(number, 1.0)
    return PersonEffects(
        person=begun.person,
        intervention=begun.intervention,
        own_change=np.where(tells, shape + own.change, np.nan),
        own_standard_error=own_error,
        change=change,
        standard_error=error,
        low=change - SURE * error,
        high=change + SURE * error,
        shrinkage=shrinkage,
        withheld=~known,
        people=number.astype(np.int64),
        whole=np.where([one is None for one in pooled], np.nan, whole),
        spread=np.array([np.nan if one is None else one.spread for one in pooled]),
        allowance=allowance_of(fits),
    )


def _nothing() -> PersonEffects:
    none, nobody = np.zeros(0), np.zeros(0, np.int64)
    withheld = np.zeros(0, np.bool_)
    return PersonEffects(
        nobody, nobody, none, none, none, none, none, none, none, withheld, nobody, none, none, allowance=0.0
    )
