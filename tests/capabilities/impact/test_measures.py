"""Whoever changes the measure they answer on is not taken to have changed."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.measures import on_one_scale
from app.impact.panel import onsets
from app.impact.values import Floats, Integers, InterventionEffect, Panel, PanelIsMalformed
from tests.capabilities.impact.made import panel_of

PEOPLE, TREATED, WEEKS, EFFECT = 160, 100, 40, 0.6


def changing_panel(shift: float, seed: int = 3) -> Panel:
    """People change from faces to a line: half the treated in the week of their first session, others by lot."""
    rng = np.random.default_rng(seed)
    person, week = np.repeat(np.arange(PEOPLE), WEEKS), np.tile(np.arange(WEEKS), PEOPLE)
    start = rng.integers(10, 28, PEOPLE)
    change = np.where(np.arange(PEOPLE) < TREATED // 2, start, rng.integers(6, 60, PEOPLE))
    measure = (week >= change[person]).astype(np.int64)
    on = (week >= start[person]) & (person < TREATED)
    score = 5 + rng.normal(0, 1, PEOPLE)[person] + EFFECT * on + shift * measure + rng.normal(0, 0.9, person.size)
    panel = panel_of(person, week, score, {who: int(start[who]) for who in range(TREATED)}, PEOPLE)
    return replace(panel, check_ins=replace(panel.check_ins, measure=measure))


def without_measure(panel: Panel) -> Panel:
    return replace(panel, check_ins=replace(panel.check_ins, measure=None))


def effect_of(panel: Panel) -> InterventionEffect:
    return estimate(panel).interventions[0]


@pytest.mark.parametrize("shift", [1.5, -0.8])
def test_a_change_of_measure_is_not_a_change(shift: float) -> None:
    panel = changing_panel(shift)
    known, plain = effect_of(panel), effect_of(without_measure(panel))
    assert known.change is not None
    assert known.low is not None
    assert known.high is not None
    assert plain.change is not None
    assert known.low <= EFFECT <= known.high
    assert abs(plain.change - EFFECT) > 3 * abs(known.change - EFFECT)
    assert estimate(panel).model.changed_measure > 50


def shift_of(panel: Panel) -> tuple[Floats, Floats]:
    found = on_one_scale(panel.check_ins, panel.people, onsets(panel.sessions, 1), 1)
    assert found is not None
    return found.shift, np.sqrt(np.diag(found.covariance))


def test_the_shift_between_measures_is_found_with_its_error() -> None:
    errors = []
    for seed in range(8):
        shift, error = shift_of(changing_panel(1.5, 20 + seed))
        errors.append((shift[1] - shift[0] - 1.5) / np.hypot(*error))
    assert np.mean(np.abs(errors)) == pytest.approx(0.8, abs=0.5)


def test_not_knowing_the_shift_widens_the_interval() -> None:
    panel = changing_panel(1.5)
    measure: Integers = np.asarray(panel.check_ins.measure)
    corrected = replace(panel, check_ins=replace(panel.check_ins, score=panel.check_ins.score - 1.5 * measure))
    known, given = effect_of(panel), effect_of(without_measure(corrected))
    assert known.standard_error is not None
    assert given.standard_error is not None
    assert 1.02 < known.standard_error / given.standard_error < 2.5
    assert known.change == pytest.approx(given.change, abs=3 * known.standard_error)


def test_one_measure_each_changes_nothing_whatever_it_is_called() -> None:
    panel = changing_panel(0.0)
    each = np.asarray(panel.check_ins.person) % 3
    same = replace(panel, check_ins=replace(panel.check_ins, measure=each))
    assert effect_of(same).change == effect_of(without_measure(panel)).change
    assert estimate(same).model.changed_measure == 0


def test_measures_that_do_not_fit_are_refused() -> None:
    panel = changing_panel(0.0)
    for measure in (np.zeros(3, np.int64), np.full(panel.check_ins.person.size, -1)):
        with pytest.raises(PanelIsMalformed):
            estimate(replace(panel, check_ins=replace(panel.check_ins, measure=measure)))
