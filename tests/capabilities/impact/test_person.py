"""One young person's estimate is their own check-ins drawn toward everybody's, with all that is not known counted."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.design import blocks
from app.impact.event_time import AFTER, event_terms
from app.impact.fits import fit_panel
from app.impact.fitting import find_variances
from app.impact.least_squares import Size, accumulate, basis_of, profile
from app.impact.panel import onsets, person_weeks
from app.impact.person import own_effects, person_effects, person_model_of
from app.impact.state_space import Mood
from app.impact.values import CheckIns, Floats, Panel, PanelIsMalformed, Sessions
from tests.capabilities.impact.made import small_panel

MOOD = Mood(0.6, 0.5)


def covariance(weeks: Floats, count: Floats, mood: Mood) -> Floats:
    apart = np.abs(weeks[:, None] - weeks[None, :])
    dense: Floats = mood.ratio * mood.rho**apart + np.diag(1.0 / count)
    return dense


def own_panel() -> Panel:
    """60 people over 30 weeks, 40 of whom begin climbing; their own changes have mean 1 and sd 1."""
    rng = np.random.default_rng(12)
    person, week = np.repeat(np.arange(60), 30), np.tile(np.arange(30), 60)
    start, effect = rng.integers(8, 22, 60), rng.normal(1.0, 1.0, 60)
    begun = (person < 40) & (week >= start[person])
    score = 5 + rng.normal(0, 1, 60)[person] + effect[person] * begun + rng.normal(0, 0.8, person.size)
    return Panel(
        check_ins=CheckIns(person, 7 * week, score),
        sessions=Sessions(np.arange(40), np.zeros(40, np.int64), 7 * start[:40]),
        interventions=("climbing",),
        people=60,
    )


def test_the_pooled_estimate_is_closer_to_the_truth_than_the_person_s_own_and_its_interval_holds() -> None:
    own, pooled, inside = [], [], []
    for seed in range(6):
        made = small_panel(40 + seed, people=300, weeks=40)
        found = person_effects(made.panel)
        told = ~found.withheld & np.isfinite(found.own_change)
        truth = made.drawn[found.person, found.intervention]
        own.append((found.own_change - truth)[told])
        pooled.append((found.change - truth)[told])
        inside.append(((found.low <= truth) & (truth <= found.high))[told])
    assert np.sqrt((np.concatenate(pooled) ** 2).mean()) < 0.5 * np.sqrt((np.concatenate(own) ** 2).mean())
    assert np.concatenate(inside).mean() > 0.9


def test_where_people_differ_much_their_own_check_ins_count() -> None:
    found = person_effects(own_panel())
    assert found.spread[0] == pytest.approx(1.0, abs=0.3)
    assert found.shrinkage.max() < 0.3
    assert np.corrcoef(found.change, found.own_change)[0, 1] > 0.98
    assert found.whole[0] == pytest.approx(float(found.change.mean()))
    assert (np.abs(found.change - found.whole[0]) <= np.abs(found.own_change - found.whole[0]) + 0.1).all()


def test_an_own_estimate_is_dense_generalised_least_squares_with_the_shared_part_taken_out() -> None:
    """Everybody checks in once a week, so that a person's level and change can be written out in full."""
    fits = fit_panel(own_panel(), 2, use_referrals=False, use_prompts=False)
    cells, begun = fits.cells, fits.begun
    terms, size = [event_terms(begun, begun.intervention, AFTER)], Size(cells.weeks.size, AFTER.size)
    equations = accumulate(blocks(cells, terms), fits.variances.mood, size)
    value = np.linalg.pinv(equations.matrix, hermitian=True) @ equations.right
    found = own_effects(person_model_of(fits), fits.panel)
    variances = find_variances(cells, terms, size, fits.variances, AFTER.size)
    for person in (3, 17):
        age = cells.weeks - begun.week[person]
        shape = value[size.weeks + np.searchsorted(AFTER, age[age >= 0], "right") - 1]
        left = cells.mean.reshape(60, 30)[person] - value[: size.weeks]
        left[age >= 0] -= shape
        inverse = np.linalg.inv(covariance(cells.weeks.astype(float), np.ones(30), variances.mood))
        design = np.stack([np.ones(30), age >= 0], axis=1)
        bread = np.linalg.inv(design.T @ inverse @ design)
        own = shape.mean() + (bread @ design.T @ inverse @ left)[1]
        assert found.own_change[person] == pytest.approx(own, abs=1e-6)
        assert found.own_standard_error[person] == pytest.approx(np.sqrt(variances.check_in * bread[1, 1]), rel=1e-6)


def test_taking_persons_own_steps_out_is_projecting_on_the_rest() -> None:
    panel = replace(small_panel(2, people=25, weeks=24).panel, groups={})
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, 2)
    terms = [event_terms(begun, begun.intervention, AFTER)]
    size = Size(cells.weeks.size, 2 * AFTER.size)
    equations = accumulate(blocks(cells, terms), MOOD, size, AFTER.size)
    matrix, right, square, gone = np.zeros_like(equations.matrix), np.zeros_like(equations.right), 0.0, 0
    for person in range(panel.people):
        rows = slice(cells.offset[person], cells.offset[person + 1])
        week, mean = cells.week[rows], cells.mean[rows]
        if week.size == 0:
            continue
        design = np.zeros((week.size, right.size))
        design[np.arange(week.size), week] = 1.0
        own = [np.ones(week.size)]
        for at in np.flatnonzero(begun.person == person):
            age = cells.weeks[week] - begun.week[at]
            own.append((age >= 0).astype(float))
            span = np.searchsorted(AFTER, age, "right") - 1
            later = np.flatnonzero(age >= 0)
            design[later, size.weeks + begun.intervention[at] * AFTER.size + span[later]] += 1.0
        inverse = np.linalg.inv(covariance(cells.weeks[week].astype(float), cells.count[rows], MOOD))
        free = np.stack(own, axis=1)
        inverse -= inverse @ free @ np.linalg.pinv(free.T @ inverse @ free, hermitian=True) @ free.T @ inverse
        gone += int(np.linalg.matrix_rank(free)) - 1
        matrix += design.T @ inverse @ design
        right += design.T @ inverse @ mean
        square += float(mean @ inverse @ mean)
    assert equations.matrix == pytest.approx(matrix, abs=1e-8)
    assert equations.right == pytest.approx(right, abs=1e-8)
    assert equations.square == pytest.approx(square)
    assert equations.steps == gone
    assert profile(equations, basis_of(equations))[0] > 0


def test_a_person_without_check_ins_before_gets_the_whole_and_all_of_the_doubt() -> None:
    panel = own_panel()
    entries = panel.check_ins
    kept = (entries.person != 5) | (np.asarray(entries.time) >= np.asarray(panel.sessions.time)[5])
    panel = replace(
        panel, check_ins=CheckIns(entries.person[kept], np.asarray(entries.time)[kept], entries.score[kept])
    )
    found = person_effects(panel)
    assert np.isnan(found.own_change[5])
    assert found.shrinkage[5] == pytest.approx(1.0)
    assert found.change[5] == pytest.approx(found.whole[0], abs=0.3)
    assert found.standard_error[5] == found.standard_error.max() > found.spread[0]


def test_too_few_people_carry_nobody_s_figure() -> None:
    found = person_effects(own_panel(), minimum_group=41)
    assert found.withheld.all()
    for figures in (found.change, found.own_change, found.own_standard_error, found.low, found.high, found.whole):
        assert np.isnan(figures).all()


def test_another_scale_gives_the_same_answer_in_its_own_points() -> None:
    panel = small_panel(3).panel
    stretched = replace(panel, prompts=None, check_ins=replace(panel.check_ins, score=10 * panel.check_ins.score + 100))
    one, other = person_effects(replace(panel, prompts=None)), person_effects(stretched)
    assert other.change == pytest.approx(10 * one.change, abs=1e-2, nan_ok=True)
    assert other.shrinkage == pytest.approx(one.shrinkage, abs=1e-3, nan_ok=True)


def test_nothing_in_gives_nothing_out_and_a_malformed_panel_is_refused() -> None:
    panel = own_panel()
    none = CheckIns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    assert person_effects(replace(panel, check_ins=none)).person.size == 0
    with pytest.raises(PanelIsMalformed):
        person_effects(replace(panel, people=3))
