"""What went missing is counted, and the shift that would overturn a change is the one that does."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.missing import BY_PROMPTS, BY_USUAL, Shifted
from app.impact.values import WELLBEING, CheckIns, InterventionEffect, Panel, Prompts
from tests.capabilities.impact.made import panel_of

PEOPLE, WEEKS, TREATED = 120, 40, 80


def answered_panel(
    *, seed: int = 4, effect: float = 1.0, hidden: float = 0.0, before: float = 0.8, after: float = 0.7
) -> tuple[Panel, Panel]:
    """Return what came of one prompt a week, and what all of it would have been.

    After the start, what was not answered lies `hidden` points lower than what was.
    """
    rng = np.random.default_rng(seed)
    person, week = np.repeat(np.arange(PEOPLE), WEEKS), np.tile(np.arange(WEEKS), PEOPLE)
    start = np.where(np.arange(PEOPLE) < TREATED, rng.integers(12, 28, PEOPLE), 10_000)
    on = week >= start[person]
    answered = rng.random(person.size) < np.where(on, after, before)
    score = 5 + rng.normal(0, 1, PEOPLE)[person] + effect * on + rng.normal(0, 1, person.size)
    score -= hidden * (on & ~answered)
    starts = {who: int(start[who]) for who in range(TREATED)}
    came = panel_of(person[answered], week[answered], score[answered], starts, PEOPLE)
    everything = replace(panel_of(person, week, score, starts, PEOPLE), outcome=WELLBEING)
    return replace(came, outcome=WELLBEING, prompts=Prompts(person, 7 * week, answered)), everything


def effect_of(panel: Panel) -> InterventionEffect:
    return estimate(panel).interventions[0]


def test_answered_prompts_are_counted_on_both_sides_of_the_first_session() -> None:
    asked = Prompts(
        np.array([0, 0, 0, 0, 1, 1, 1, 1]),
        7 * np.array([0, 1, 5, 6, 3, 5, 9, 30]),
        np.array([True, False, True, True, True, False, False, False]),
    )
    rng = np.random.default_rng(1)
    person, week = np.repeat(np.arange(20), 20), np.tile(np.arange(20), 20)
    panel = panel_of(person, week, rng.normal(5, 1, 400), {0: 5, 1: 6}, 20)
    found = estimate(replace(panel, prompts=asked), minimum_group=2).interventions[0]
    assert found.response_basis == BY_PROMPTS
    assert found.response_before == pytest.approx(2 / 4)
    assert found.response_after == pytest.approx(2 / 4)
    assert found.missing_after == pytest.approx(2 / 4)
    assert found.follow_up_weeks == pytest.approx((15 + 14) / 2)
    unused = estimate(replace(panel, prompts=asked), minimum_group=2, use_prompts=False).interventions[0]
    assert unused.response_basis == BY_USUAL


def test_without_the_log_only_what_is_fewer_than_before_is_missing() -> None:
    """Everybody checks in once a week; half the treated stop for good in the week of their first session."""
    person, week = np.repeat(np.arange(PEOPLE), WEEKS), np.tile(np.arange(WEEKS), PEOPLE)
    start = 10 + np.arange(PEOPLE) % 20
    kept = (person >= 40) | (person % 2 == 0) | (week <= start[person])
    rng = np.random.default_rng(2)
    starts = {who: int(start[who]) for who in range(40)}
    found = effect_of(panel_of(person[kept], week[kept], rng.normal(5, 1, int(kept.sum())), starts, PEOPLE))
    assert found.response_basis == BY_USUAL
    assert found.response_before == pytest.approx(1)
    assert found.missing_after == pytest.approx(0.48, abs=0.03)
    assert "54% as often" in found.missing_finding


def test_if_the_missing_are_as_low_as_supposed_the_shifted_change_is_that_of_all_answers() -> None:
    came, everything = answered_panel(hidden=2.0)
    plain, truth = effect_of(came), effect_of(everything)
    assert plain.change is not None
    assert truth.change is not None
    shifted = {one.lower_by: one for one in plain.if_missing_lower}[2.0]
    assert plain.change - truth.change > 0.4
    assert shifted.change == pytest.approx(truth.change, abs=0.1)
    assert shifted.low < truth.change < shifted.high


@pytest.mark.parametrize("effect", [1.0, -1.0])
def test_the_tipping_point_is_where_the_interval_touches_zero(effect: float) -> None:
    found = effect_of(answered_panel(effect=effect)[0])
    assert found.change is not None
    assert found.standard_error is not None
    assert found.missing_after is not None
    assert found.tipping_point is not None
    assert found.tipping_point_of_sign is not None
    assert 0 < found.tipping_point * effect < found.tipping_point_of_sign * effect
    shifted = Shifted(found.change, found.standard_error, TREATED - 1, found.missing_after, 0.0003)
    touching = shifted.if_lower(shifted.tipping_point() or 0.0)
    assert min(abs(touching.low), abs(touching.high)) == pytest.approx(0, abs=1e-9)
    assert shifted.if_lower(shifted.tipping_point_of_sign() or 0.0).change == pytest.approx(0, abs=1e-9)
    assert ("lower" if effect > 0 else "higher") in found.missing_finding
    assert "of prompts were answered" in found.missing_finding


def test_there_is_no_tipping_point_where_nothing_is_missing_and_none_is_needed_where_zero_is_in() -> None:
    assert Shifted(1.0, 0.1, 50, 0.0, 0.0).tipping_point() is None
    assert Shifted(1.0, 0.1, 50, 0.0, 0.0).tipping_point_of_sign() is None
    assert Shifted(0.1, 0.1, 50, 0.3, 0.0).tipping_point() == 0.0
    table = Shifted(1.0, 0.1, 50, 0.3, 0.0).table(WELLBEING.scale)
    assert [one.lower_by for one in table] == pytest.approx([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2])
    assert [one.change for one in table] == pytest.approx([1 - 0.3 * one.lower_by for one in table])


def test_a_fall_in_answers_costs_the_grade_and_is_said() -> None:
    steady, fallen = (effect_of(answered_panel(after=after)[0]) for after in (0.75, 0.4))
    assert steady.grade == "good evidence"
    assert fallen.grade == "some evidence"
    assert any("fell from" in warning for warning in fallen.warnings)
    assert any("More answers" in wish for wish in fallen.would_change)


def test_withheld_figures_tell_nothing_of_what_is_missing() -> None:
    found = estimate(answered_panel()[0], minimum_group=100).interventions[0]
    known = (found.response_before, found.response_after, found.missing_after, found.tipping_point)
    assert set(known) == {None}
    assert found.if_missing_lower == ()
    assert found.missing_finding == ""


def test_a_panel_without_check_ins_has_nothing_missing() -> None:
    none = CheckIns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    assert effect_of(replace(answered_panel()[0], check_ins=none)).missing_after is None
