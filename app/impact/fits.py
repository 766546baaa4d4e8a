"""Everything that is fitted for one estimate, in order: plain model, response correction, referral check, lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.impact.alternatives import alternatives
from app.impact.baselines import BeforeAfter, before_and_after
from app.impact.event_time import AFTER, Means, event_terms, fit_lead, fit_means
from app.impact.fitting import Fitted, find_variances
from app.impact.held import Held
from app.impact.least_squares import Size
from app.impact.measures import OneScale, on_one_scale
from app.impact.panel import Onsets, PersonWeeks, onsets, person_weeks, with_check_ins
from app.impact.referral import WithReferrals, waits, with_referrals
from app.impact.response import Corrected, Response, correct_response
from app.impact.state_space import Mood
from app.impact.values import WELLBEING, Alternative, Floats, Outcome, Panel, Truths
from app.impact.variance import Variances

ENOUGH_WEEKS = 3


@dataclass(frozen=True)
class Laid:
    """A panel by person and week, before anything is fitted: who began what when, and the plain before and after."""

    panel: Panel
    cells: PersonWeeks
    begun: Onsets
    naive: BeforeAfter
    minimum_group: int

    @property
    def counted(self) -> Truths:
        """Which onsets count as people: those with a check-in from the first session's week on, (E,)."""
        return self.naive.check_ins_after > 0

    @property
    def enough(self) -> Truths:
        """Which onsets have enough weeks on both sides to carry a published figure, (E,)."""
        return (self.naive.before >= ENOUGH_WEEKS) & (self.naive.after >= ENOUGH_WEEKS)


@dataclass(frozen=True)
class Fits(Laid):
    """Everything fitted, from which the records are written; prompts that were not to be used are not in `panel`.

    `uncorrected` and `as_came` are cells and variances before the response correction, `cells` and `variances` those to
    go by. What is not known before another fit is fitted when somebody asks for it. `naive_change` (J,) stands for the
    plain before and after where that is of other scores than the cells'.
    """

    uncorrected: PersonWeeks
    as_came: Variances
    variances: Variances
    response: Response | None
    one_scale: OneScale | None
    referral: WithReferrals | None
    without_date: Truths
    outcome: Outcome
    naive_change: Floats

    @property
    def kinds(self) -> int:
        """How many interventions there are."""
        return len(self.panel.interventions)

    @property
    def changed_measure(self) -> int:
        """How many people answered on more than one measure."""
        return self.one_scale.people if self.one_scale else 0

    @property
    def means(self) -> Means:
        """The figures to report."""
        return self.referral.means if self.referral else self.plain

    @cached_property
    def plain(self) -> Means:
        """The figures without weeks since referral."""
        return self._means_of(self.cells, self.variances.mood)

    @cached_property
    def lead(self) -> Fitted:
        """The weeks before the first sessions."""
        return fit_lead(self.cells, self.begun, self.kinds, self.variances.mood)

    @cached_property
    def others(self) -> list[tuple[Alternative, ...]]:
        """What other methods say of each intervention."""
        drawn = fit_means(
            self.uncorrected, self.begun, self.begun.intervention, self.kinds, self.as_came.with_drawn_levels
        )
        return alternatives(self.uncorrected, self.begun, self.kinds, naive=self.naive, drawn=drawn)

    @cached_property
    def slope_variance(self) -> Floats:
        """What not knowing the slope of answering, or the shift between measures, adds to the changes' covariance."""
        unsure = np.zeros((self.kinds, self.kinds))
        if self.response is not None:
            before = self._means_of(self.uncorrected, self.as_came.mood)
            unsure = _slope_variance(before, self.plain, self.response)
        if self.one_scale is not None:
            shifts = self.one_scale.variance_of_changes(self.uncorrected, self.begun, self.kinds, self.variances.mood)
            unsure = unsure + shifts
        return unsure

    def _means_of(self, cells: PersonWeeks, mood: Mood) -> Means:
        return fit_means(cells, self.begun, self.begun.intervention, self.kinds, mood, spans=True)


def lay_panel(panel: Panel, minimum_group: int) -> Laid:
    """Lay a panel with check-ins out."""
    kinds = len(panel.interventions)
    cells = person_weeks(panel.check_ins, panel.people)
    begun = with_check_ins(onsets(panel.sessions, kinds), cells)
    return Laid(panel, cells, begun, before_and_after(cells, begun, kinds), minimum_group)


def fit_panel(panel: Panel, minimum_group: int, *, use_referrals: bool, use_prompts: bool) -> Fits:
    """Fit everything that one estimate of a panel with check-ins is written from."""
    panel = panel if use_prompts else replace(panel, prompts=None)
    panel = panel if use_referrals else replace(panel, referrals=None)
    return fit_laid(lay_panel(panel, minimum_group))


def fit_laid(laid: Laid, held: Held | None = None) -> Fits:
    """Fit everything that one estimate is written from, with the variances that are `held`, or with its own."""
    panel, cells, begun, naive = laid.panel, laid.cells, laid.begun, laid.naive
    kinds = len(panel.interventions)
    one_scale = on_one_scale(panel.check_ins, panel.people, begun, kinds)
    if one_scale is not None:
        cells = person_weeks(one_scale.check_ins, panel.people)
        naive = before_and_after(cells, begun, kinds)
    sets, size = [event_terms(begun, begun.intervention, AFTER)], Size(cells.weeks.size, kinds * AFTER.size)
    variances = held.as_came if held else find_variances(cells, sets, size)
    answered = Corrected(cells, variances, None)
    if panel.prompts is not None and panel.prompts.person.size:
        known = held.answered if held else None
        found = correct_response(cells, sets, size, prompts=panel.prompts, variances=variances, held=known)
        answered = found or answered
    referral, without_date = None, np.ones(begun.person.size, np.bool_)
    if panel.referrals is not None:
        referred = with_check_ins(onsets(panel.referrals, kinds), cells)
        without_date = waits(begun, referred, kinds) < 0
        referral = with_referrals(answered.cells, begun, referred, kinds, mood=answered.variances.mood)
    return Fits(
        panel=panel,
        cells=answered.cells,
        begun=begun,
        naive=naive,
        minimum_group=laid.minimum_group,
        uncorrected=cells,
        as_came=variances,
        variances=answered.variances,
        response=answered.response,
        one_scale=one_scale,
        referral=referral,
        without_date=without_date,
        outcome=_outcome(panel),
        naive_change=naive.change,
    )


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
