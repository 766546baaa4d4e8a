"""A cost per point has an interval that holds, and there is none where the change may be nothing."""

import numpy as np
import pytest

from app.impact.small_sample import t_reach
from app.impact.value import Bounds, SessionsEach, fieller, sessions_each, value_for_money, what_if
from app.impact.values import SCHOOL_ATTENDANCE, WELLBEING, InterventionEffect, Outcome, Sessions

TEN = SessionsEach(mean=10.0, variance=0.04, people=60)


def effect(change: float, error: float = 0.1) -> InterventionEffect:
    reach = t_reach(59) * error
    return InterventionEffect(
        intervention="climbing", withheld=False, change=change, standard_error=error, degrees_of_freedom=59,
        low=change - reach, high=change + reach,
    )  # fmt: skip


def test_every_end_of_the_set_is_a_ratio_that_the_test_just_refuses() -> None:
    above, across, below = 0.002, 0.0001, 0.005
    found = fieller(0.15, 0.35, (above, across, below), 40)
    assert found.bounds is Bounds.INTERVAL
    for end in (found.low, found.high):
        assert end is not None
        spread = np.sqrt(above - 2 * end * across + end**2 * below)
        assert abs(0.15 - end * 0.35) / spread == pytest.approx(t_reach(40))


def test_the_interval_covers_the_true_ratio_as_often_as_it_says_where_the_simple_one_does_not() -> None:
    """Skewed costs and an uncertain change, 20 people: 2,000 samples."""
    rng = np.random.default_rng(8)
    inside, simple = 0, 0
    for _ in range(2_000):
        cost = rng.gamma(4, 100, 20)
        gained = 0.002 * (cost - 400) + rng.normal(1.0, 1.2, 20)
        spread = np.cov(cost, gained) / 20
        found = fieller(float(cost.mean()), float(gained.mean()), (spread[0, 0], spread[0, 1], spread[1, 1]), 19)
        low, high = found.low, found.high
        if found.bounds is Bounds.EVERYTHING or low is None or high is None:
            inside += 1
        elif found.bounds is Bounds.INTERVAL:
            inside += low <= 400 <= high
        else:
            inside += not low < 400 < high
        ratio = cost.mean() / gained.mean()
        error = np.sqrt(spread[0, 0] - 2 * ratio * spread[0, 1] + ratio**2 * spread[1, 1]) / gained.mean()
        simple += abs(ratio - 400) <= t_reach(19) * error
    assert inside / 2_000 == pytest.approx(0.95, abs=0.012)
    assert simple / 2_000 < inside / 2_000


def test_it_agrees_with_the_bootstrap_where_the_change_is_clear() -> None:
    rng = np.random.default_rng(9)
    cost, gained = rng.gamma(9, 50, 150), rng.normal(1.0, 0.8, 150)
    spread = np.cov(cost, gained) / 150
    found = fieller(float(cost.mean()), float(gained.mean()), (spread[0, 0], spread[0, 1], spread[1, 1]), 149)
    drawn = rng.integers(0, 150, (4_000, 150))
    low, high = np.quantile(cost[drawn].mean(1) / gained[drawn].mean(1), [0.025, 0.975])
    assert found.low == pytest.approx(low, rel=0.03)
    assert found.high == pytest.approx(high, rel=0.03)


def test_a_change_that_may_be_nothing_has_no_bounded_interval() -> None:
    assert fieller(400.0, 0.1, (0.0, 0.0, 0.01), 60).bounds is Bounds.OUTSIDE
    assert fieller(0.1, 0.1, (0.01, 0.0, 0.01), 60).bounds is Bounds.EVERYTHING
    assert fieller(1.0, 0.0, (0.1, 0.0, 0.1), 60).value is None


def test_a_clear_change_has_a_cost_per_person_and_per_point() -> None:
    found = value_for_money(effect(0.5), 45.0, TEN)
    assert found is not None
    assert found.per_person == pytest.approx(450)
    assert found.per_person_low == pytest.approx(450 - 45 * 0.2 * t_reach(59))
    assert found.per_point == pytest.approx(900)
    assert found.per_point_low is not None
    assert found.per_point_high is not None
    assert 600 < found.per_point_low < 900 < found.per_point_high < 1_600
    assert found.finding.startswith("£900 for each point")


@pytest.mark.parametrize(("change", "words"), [(0.1, "sign of the change is uncertain"), (-0.5, "for the worse")])
def test_an_unsure_or_a_bad_change_has_no_cost_per_point(change: float, words: str) -> None:
    found = value_for_money(effect(change), 45.0, TEN)
    assert found is not None
    assert (found.per_point, found.per_point_low, found.per_point_high) == (None, None, None)
    assert words in found.finding
    assert found.per_person == pytest.approx(450)


def test_a_lower_score_is_a_gain_where_lower_is_better_and_a_share_is_counted_in_per_cent() -> None:
    worries = Outcome(name="worry", higher_is_better=False)
    gained = value_for_money(effect(-0.5), 45.0, TEN, worries)
    assert gained is not None
    assert gained.per_point == pytest.approx(900)
    attendance = value_for_money(effect(0.05, 0.01), 45.0, TEN, SCHOOL_ATTENDANCE)
    assert attendance is not None
    assert attendance.per_point == pytest.approx(90)
    assert "percentage point" in attendance.finding


def test_no_change_no_value() -> None:
    assert value_for_money(InterventionEffect(intervention="x", withheld=True), 45.0, TEN) is None
    assert what_if(InterventionEffect(intervention="x", withheld=True), 45.0, TEN, 1_000.0) is None
    assert what_if(effect(0.5), 0.0, TEN, 1_000.0) is None


def test_a_budget_reaches_whole_people_and_says_where_nothing_is_sure() -> None:
    found = what_if(effect(0.5), 45.0, TEN, 20_000.0)
    assert found is not None
    assert (found.people, found.sessions) == (44, 440.0)
    assert found.points == pytest.approx(22)
    assert found.low == pytest.approx(44 * (0.5 - 0.1 * t_reach(59)))
    assert "44 young people" in found.finding
    unsure = what_if(effect(0.1), 45.0, TEN, 20_000.0)
    assert unsure is not None
    assert "uncertain" in unsure.finding
    nobody = what_if(effect(0.5), 45.0, TEN, 100.0, WELLBEING)
    assert nobody is not None
    assert nobody.finding == "£100 would pay for 0 young people."


def test_sessions_are_counted_by_person() -> None:
    sessions = Sessions(np.array([0, 0, 0, 1, 2, 2, 0]), np.array([0, 0, 0, 0, 0, 0, 1]), np.arange(7))
    found = sessions_each(sessions, 0)
    assert (found.mean, found.people) == (2.0, 3)
    assert found.variance == pytest.approx(np.var([3, 1, 2], ddof=1) / 3)
    assert sessions_each(sessions, 0, np.array([0, 1])).mean == 2.0
    assert sessions_each(sessions, 0, np.array([9])).people == 0
