"""Everything that is fitted for one estimate, in order: plain model, response correction, referral check, lead."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.alternatives import alternatives
from app.impact.baselines import BeforeAfter, before_and_after
from app.impact.event_time import AFTER, Means, event_terms, fit_lead, fit_means
from app.impact.fitting import Fitted, find_variances
from app.impact.least_squares import Size
from app.impact.measures import on_one_scale
from app.impact.panel import Onsets, PersonWeeks, onsets, person_weeks, with_check_ins
from app.impact.referral import WithReferrals, fit_with_referrals, waits
from app.impact.response import Response, correct_response
from app.impact.values import WELLBEING, Alternative, Floats, Outcome, Panel, Truths
from app.impact.variance import Variances

ENOUGH_WEEKS = 3


@dataclass(frozen=True)
class Fits:
    """Everything fitted, from which the records are written; prompts that were not to be used are not in `panel`.

    `slope_variance` (J, J) is what not knowing the slope of answering on mood, or the shift between measures, adds to
    the covariance of the changes. `changed_measure` counts the people who answered on more than one measure.
    """

    panel: Panel
    cells: PersonWeeks
    begun: Onsets
    variances: Variances
    response: Response | None
    naive: BeforeAfter
    plain: Means
    slope_variance: Floats
    lead: Fitted
    others: list[tuple[Alternative, ...]]
    referral: WithReferrals | None
    without_date: Truths
    outcome: Outcome
    minimum_group: int
    changed_measure: int = 0

    @property
    def means(self) -> Means:
        """The figures to report."""
        return self.referral.means if self.referral else self.plain

    @property
    def counted(self) -> Truths:
        """Which onsets count as people: those with a check-in from the first session's week on, (E,)."""
        return self.naive.check_ins_after > 0

    @property
    def enough(self) -> Truths:
        """Which onsets have enough weeks on both sides to carry a published figure, (E,)."""
        return (self.naive.before >= ENOUGH_WEEKS) & (self.naive.after >= ENOUGH_WEEKS)


def fit_panel(panel: Panel, minimum_group: int, *, use_referrals: bool, use_prompts: bool) -> Fits:
    """Fit everything that one estimate of a panel with check-ins is written from."""
    kinds = len(panel.interventions)
    panel = panel if use_prompts else replace(panel, prompts=None)
    cells = person_weeks(panel.check_ins, panel.people)
    begun = with_check_ins(onsets(panel.sessions, kinds), cells)
    one_scale = on_one_scale(panel.check_ins, panel.people, begun, kinds)
    if one_scale is not None:
        cells = person_weeks(one_scale.check_ins, panel.people)
    naive = before_and_after(cells, begun, kinds)
    sets = [event_terms(begun, begun.intervention, AFTER)]
    variances = find_variances(cells, sets, Size(cells.weeks.size, kinds * AFTER.size))
    plain = fit_means(cells, begun, begun.intervention, kinds, variances.mood, spans=True)
    drawn = fit_means(cells, begun, begun.intervention, kinds, variances.with_drawn_levels)
    answered = _with_response(panel, cells, begun, variances, plain)
    referral, without_date = None, np.ones(begun.person.size, np.bool_)
    if use_referrals and panel.referrals is not None:
        referred = with_check_ins(onsets(panel.referrals, kinds), cells)
        without_date = waits(begun, referred, kinds) < 0
        referral = fit_with_referrals(answered.cells, begun, referred, kinds, mood=answered.variances.mood)
    unsure = answered.slope_variance
    if one_scale is not None:
        unsure = unsure + one_scale.variance_of_changes(cells, begun, kinds, answered.variances.mood)
    return Fits(
        panel=panel,
        cells=answered.cells,
        begun=begun,
        variances=answered.variances,
        response=answered.response,
        naive=naive,
        plain=answered.means,
        slope_variance=unsure,
        lead=fit_lead(answered.cells, begun, kinds, answered.variances.mood),
        others=alternatives(cells, begun, kinds, naive=naive, drawn=drawn),
        referral=referral,
        without_date=without_date,
        outcome=_outcome(panel),
        minimum_group=minimum_group,
        changed_measure=one_scale.people if one_scale else 0,
    )


@dataclass(frozen=True)
class _Answered:
    """The cells and figures after the response correction, or as they were where there is none."""

    cells: PersonWeeks
    variances: Variances
    means: Means
    response: Response | None
    slope_variance: Floats


def _with_response(panel: Panel, cells: PersonWeeks, begun: Onsets, variances: Variances, plain: Means) -> _Answered:
    kinds = plain.fitted.change.size
    unchanged = _Answered(cells, variances, plain, None, np.zeros((kinds, kinds)))
    if panel.prompts is None or panel.prompts.person.size == 0:
        return unchanged
    sets = [event_terms(begun, begun.intervention, AFTER)]
    corrected = correct_response(
        cells, sets, Size(cells.weeks.size, kinds * AFTER.size), prompts=panel.prompts, variances=variances
    )
    if corrected is None:
        return unchanged
    mood = corrected.variances.mood
    means = fit_means(corrected.cells, begun, begun.intervention, kinds, mood, spans=True)
    uncertain = _slope_variance(plain, means, corrected.response)
    return _Answered(corrected.cells, corrected.variances, means, corrected.response, uncertain)


def _slope_variance(before: Means, after: Means, response: Response) -> Floats:
    """Return what the uncertainty of the response slope adds: the correction is close to linear in it."""
    if response.slope == 0 or not np.isfinite(response.slope_error):
        return np.zeros((before.fitted.change.size,) * 2)
    moved = (after.fitted.change - before.fitted.change) / response.slope * response.slope_error
    return np.outer(moved, moved)


def _outcome(panel: Panel) -> Outcome:
    """Return what the scores are of; without a word of it, wellbeing on ten points unless the scores go beyond."""
    if panel.outcome is not None:
        return panel.outcome
    low, high = float(panel.check_ins.score.min()), float(panel.check_ins.score.max())
    within = low >= WELLBEING.low and high <= WELLBEING.high
    return WELLBEING if within else replace(WELLBEING, low=low, high=high)
