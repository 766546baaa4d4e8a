"""Prompts that went unanswered, and the day of referral, are used where they tell something."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.response import fit_response
from app.impact.values import Prompts
from tests.capabilities.impact.made import scenario_panel


def test_the_response_slope_is_found() -> None:
    rng = np.random.default_rng(2)
    person = rng.integers(0, 200, 6_000)
    mood = rng.normal(0, 1, 6_000)
    chance = 1 / (1 + np.exp(-(0.8 + rng.normal(0, 0.6, 200)[person] + 0.5 * mood)))
    answered = (rng.random(6_000) < chance).astype(float)
    found = fit_response(person, np.ones(6_000), answered, mood, 200)
    assert found.slope == pytest.approx(0.5, abs=3 * found.slope_error)
    assert found.slope_error == pytest.approx(0.032, abs=0.01)
    assert found.level.mean() == pytest.approx(0.8, abs=0.15)


def test_the_correction_undoes_the_shrinking_of_effects() -> None:
    plain: list[float] = []
    corrected: list[float] = []
    truth: list[float] = []
    for seed in range(4):
        made = scenario_panel("none", 40 + seed, people=400, effects=(0.9, -0.8))
        panel = replace(made.panel, groups={})
        for found, errors in ((estimate(panel, use_prompts=False), plain), (estimate(panel), corrected)):
            errors.extend(effect.change or 0.0 for effect in found.interventions)
        truth.extend(made.truth)
        assert found.model.response_slope == pytest.approx(0.45, abs=0.15)
    sign = np.sign(truth)
    assert np.mean(sign * (np.array(corrected) - plain)) > 0.02
    assert abs(np.mean(sign * (np.array(corrected) - truth))) < abs(np.mean(sign * (np.array(plain) - truth)))


def test_prompts_that_were_all_answered_change_nothing() -> None:
    panel = replace(scenario_panel("few").panel, groups={})
    assert panel.prompts is not None
    answered = Prompts(panel.prompts.person, panel.prompts.time, np.ones(panel.prompts.person.size, np.bool_))
    one = estimate(panel, use_prompts=False)
    other = estimate(replace(panel, prompts=answered))
    assert other.model.response_slope is None
    assert [effect.change for effect in other.interventions] == [effect.change for effect in one.interventions]


def test_referral_dates_are_used_where_they_are_given_and_widen_nothing_where_waits_differ() -> None:
    panel = replace(scenario_panel("waiting", people=300).panel, groups={}, prompts=None)
    used, unused = estimate(panel), estimate(panel, use_referrals=False)
    assert used.model.used_referrals is True
    assert unused.model.used_referrals is False
    for one, other in zip(used.interventions, unused.interventions, strict=True):
        assert (one.low_with_referral_allowance, one.high_with_referral_allowance) == (one.low, one.high)
        beside = {method.name: method.change for method in one.alternatives}
        assert beside["without weeks since referral"] == other.change
        assert one.change is not None
        assert one.change == pytest.approx(other.change, abs=0.15)


def test_referral_dates_that_say_the_same_as_the_start_leave_the_allowance_in_place() -> None:
    panel = replace(scenario_panel("latent", people=300).panel, groups={}, prompts=None)
    for effect in estimate(panel).interventions:
        assert effect.low is not None
        assert effect.low_with_referral_allowance is not None
        assert effect.low_with_referral_allowance < effect.low
        assert any("in the week of the referral" in warning for warning in effect.warnings)


def test_too_few_referral_dates_are_not_used() -> None:
    panel = replace(scenario_panel("waiting", people=300).panel, groups={}, prompts=None)
    assert panel.referrals is not None
    few = replace(panel.referrals, **{
        name: getattr(panel.referrals, name)[::3] for name in ("person", "intervention", "time")
    })  # fmt: skip
    found = estimate(replace(panel, referrals=few))
    assert found.model.used_referrals is False
    assert any("missing" in warning for warning in found.interventions[0].warnings)
