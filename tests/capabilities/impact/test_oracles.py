"""The engine against independent implementations on the same likelihood: statsmodels, and dense matrices."""

from dataclasses import dataclass

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

from app.impact.design import blocks
from app.impact.event_time import AFTER, event_terms
from app.impact.fitting import check_ins_by_coefficient, fit_contrasts
from app.impact.least_squares import Size, accumulate, basis_of
from app.impact.mixed_model import fit_mixed_model
from app.impact.panel import days_of, onsets, person_weeks
from app.impact.small_sample import LEAST_LEFT, false_discovery
from app.impact.state_space import Mood
from app.impact.values import Floats, Integers, Panel
from app.impact.variance import estimate_variances, restricted_likelihood
from tests.capabilities.impact.made import small_panel


@dataclass(frozen=True)
class Dense:
    """Single check-ins with dummies for persons and weeks, and the spans after each first session."""

    outcome: Floats
    design: Floats
    person: Integers
    week: Integers
    events: int

    def covariance(self, mood: Mood) -> Floats:
        same = self.person[:, None] == self.person[None, :]
        apart = np.abs(self.week[:, None] - self.week[None, :]).astype(float)
        found: Floats = np.where(same, mood.ratio * mood.rho**apart, 0.0) + np.eye(self.person.size)
        return found


def dense_of(panel: Panel) -> Dense:
    """Lay out every check-in by hand, once the engine's weekday means are off."""
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    day = days_of(panel.check_ins.time)
    week, person = day // 7, panel.check_ins.person
    ends = np.append(AFTER[1:], 10**6)
    events = np.zeros((person.size, len(panel.interventions) * AFTER.size))
    for who, kind, start in zip(begun.person, begun.intervention, begun.week, strict=True):
        for span in range(AFTER.size):
            inside = (person == who) & (week - start >= AFTER[span]) & (week - start < ends[span])
            events[inside, kind * AFTER.size + span] = 1.0
    people = (person[:, None] == np.unique(person)[None, :]).astype(float)
    weeks = (week[:, None] == np.unique(week)[None, 1:]).astype(float)
    outcome = panel.check_ins.score - cells.adjustment.weekday[day % 7]
    return Dense(outcome, np.hstack([events, people, weeks]), person, week, events.shape[1])


@pytest.fixture(scope="module")
def panel() -> Panel:
    return small_panel(2, people=40, weeks=20).panel


def test_coefficients_agree_with_statsmodels_gls_to_six_figures(panel: Panel) -> None:
    mood = Mood(0.7, 0.6)
    dense = dense_of(panel)
    expected = sm.GLS(dense.outcome, dense.design, sigma=dense.covariance(mood)).fit().params[: dense.events]
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    size = Size(cells.weeks.size, dense.events)
    made = blocks(cells, [event_terms(begun, begun.intervention, AFTER)])
    fitted, _ = fit_contrasts(made, mood, size, np.eye(dense.events))
    known = check_ins_by_coefficient(made, size) > 0
    assert known.sum() >= 8
    assert fitted.change[known] == pytest.approx(expected[known], rel=1e-6, abs=1e-8)


def test_the_restricted_likelihood_agrees_with_dense_matrices_to_six_figures(panel: Panel) -> None:
    dense = dense_of(panel)
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    size = Size(cells.weeks.size, dense.events)
    made = blocks(cells, [event_terms(begun, begun.intervention, AFTER)])
    moods = [Mood(0.5, 0.5), Mood(0.9, 0.3), Mood(0.2, 0.8)]
    basis = basis_of(accumulate(made, moods[0], size))
    design = dense.design[:, dense.design.any(0)]
    left, values, _ = np.linalg.svd(design, full_matrices=False)
    design = left[:, values > 1e-9 * values[0]]
    ours, theirs = [], []
    for mood in moods:
        within, number = float(cells.within.sum()), dense.outcome.size
        ours.append(restricted_likelihood(made, mood, size, basis=basis, within=within, check_ins=number))
        covariance = dense.covariance(mood)
        weighed = np.linalg.solve(covariance, np.column_stack([design, dense.outcome]))
        information = design.T @ weighed[:, :-1]
        residual = dense.outcome - design @ np.linalg.solve(information, design.T @ weighed[:, -1])
        freedom = number - design.shape[1]
        scale = residual @ np.linalg.solve(covariance, residual) / freedom
        determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
        theirs.append((scale, freedom * (np.log(scale) + 1) + determinants))
    for found, (scale, _) in zip(ours, theirs, strict=True):
        assert found.check_in == pytest.approx(scale, rel=1e-6)
    for place in (1, 2):
        difference = theirs[place][1] - theirs[0][1]
        assert ours[place].criterion - ours[0].criterion == pytest.approx(difference, rel=1e-6)


def test_clustered_intervals_agree_with_dense_matrices_to_six_figures(panel: Panel) -> None:
    """CR3 over each person's own columns, once more with every matrix written out (Bell and McCaffrey 2002)."""
    mood, dense = Mood(0.7, 0.6), dense_of(panel)
    columns = dense.design[:, : dense.events]
    held = columns.any(0)
    weeks = (dense.week[:, None] == np.unique(dense.week)[None, 1:]).astype(float)
    design = np.hstack([weeks, columns[:, held]])
    people = np.unique(dense.person)
    parts = []
    for who in people:
        own = dense.person == who
        inverse = np.linalg.inv(dense.covariance(mood)[np.ix_(own, own)])
        level = inverse.sum(1)
        parts.append((own, inverse - np.outer(level, level) / level.sum()))
    normal = sum(design[own].T @ weight @ design[own] for own, weight in parts)
    inverse = np.linalg.inv(normal)
    value = inverse @ sum(design[own].T @ weight @ dense.outcome[own] for own, weight in parts)
    influence = []
    for own, weight in parts:
        score = design[own].T @ weight @ (dense.outcome[own] - design[own] @ value)
        mine = np.flatnonzero(design[own].any(0) & (np.arange(design.shape[1]) >= weeks.shape[1]))
        share = design[own][:, mine].T @ weight @ design[own][:, mine]
        left = (1.0 + LEAST_LEFT) * np.eye(mine.size) - share @ inverse[np.ix_(mine, mine)]
        score[mine] += np.linalg.solve(left, share @ (inverse @ score)[mine])
        influence.append(inverse @ score)
    moved = np.array(influence)[:, weeks.shape[1] :]
    expected = moved.T @ moved * people.size / (people.size - 1)
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    made = blocks(cells, [event_terms(begun, begun.intervention, AFTER)])
    fitted, _ = fit_contrasts(made, mood, Size(cells.weeks.size, dense.events), np.eye(dense.events)[held])
    assert np.diag(fitted.covariance) == pytest.approx(np.diag(expected), rel=1e-6)
    assert fitted.covariance == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_the_variances_found_are_at_the_top_of_the_likelihood(panel: Panel) -> None:
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    size = Size(cells.weeks.size, len(panel.interventions) * AFTER.size)
    made = blocks(cells, [event_terms(begun, begun.intervention, AFTER)])
    within, number = float(cells.within.sum()), panel.check_ins.person.size
    best = estimate_variances(made, size, within=within, check_ins=number, tolerance=1e-9)
    basis = basis_of(accumulate(made, best.mood, size))
    for ratio, rho in ((1.1, 1.0), (0.9, 1.0), (1.0, 1.1), (1.0, 0.9)):
        there = Mood(best.mood.ratio * ratio, best.mood.rho * rho)
        beside = restricted_likelihood(made, there, size, basis=basis, within=within, check_ins=number)
        here = restricted_likelihood(made, best.mood, size, basis=basis, within=within, check_ins=number)
        assert beside.criterion > here.criterion


@pytest.mark.parametrize("restricted", [True, False])
def test_the_mixed_model_agrees_with_statsmodels_to_six_figures(*, restricted: bool) -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(30), 8)
    fixed = np.column_stack([np.ones(240), rng.normal(size=240)])
    outcome = fixed @ [2.0, 0.5] + rng.normal(0, 1.2, 30)[group] + rng.normal(0, 0.7, 240)
    theirs = sm.MixedLM(outcome, fixed, group).fit(reml=restricted, method="bfgs", gtol=1e-10)
    ours = fit_mixed_model(outcome, fixed, np.ones((240, 1)), group, restricted=restricted)
    assert ours.change == pytest.approx(theirs.fe_params, rel=1e-6)
    assert ours.random[0, 0] == pytest.approx(theirs.cov_re[0, 0], rel=1e-5)
    # Its standard errors come from differences of the likelihood, and so to fewer figures.
    assert ours.standard_error == pytest.approx(theirs.bse_fe, rel=5e-4)
    assert ours.residual == pytest.approx(theirs.scale, rel=1e-5)
    if not restricted:
        assert ours.criterion == pytest.approx(-2 * theirs.llf, rel=1e-8)


def test_q_values_agree_with_statsmodels() -> None:
    p = np.array([0.001, 0.2, 0.03, 0.04, 0.9, 0.012])
    assert false_discovery(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], rel=1e-12)
