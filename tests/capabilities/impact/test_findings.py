"""Words never say more than the figures carry."""

from dataclasses import replace

from app.impact.alternatives import DRAWN_LEVELS, IMPUTATION_EARLIER, NAIVE
from app.impact.findings import Evidence
from app.impact.values import Alternative, ShapePoint
from app.impact.wording import words

CLEAR = Evidence(
    intervention="climbing",
    people=60,
    people_with_enough_weeks=50,
    attended_without_check_ins=0,
    withheld=False,
    minimum_group=10,
    change=0.6,
    interval=(0.4, 0.8),
    with_allowance=(0.3, 0.9),
    q=0.001,
    naive=0.2,
    dip=ShapePoint(-3, -1, -0.1, -0.4, 0.2),
    alternatives=(Alternative(NAIVE, 0.2, 0.1),),
    used_referrals=False,
    referrals_tell=False,
    without_referral_date=60,
    entangled_with=None,
)
DIP = ShapePoint(-3, -1, -0.9, -1.2, -0.6)


def test_a_clear_change_is_said_with_its_interval_and_as_an_association() -> None:
    said = words(CLEAR)
    assert said.grade == "good evidence"
    assert "0.6 points higher" in said.finding
    assert "between +0.4 and +0.8" in said.finding
    assert "association" in said.finding


def test_no_direction_is_claimed_where_the_interval_includes_zero() -> None:
    said = words(replace(CLEAR, interval=(-0.1, 1.3)))
    assert said.grade == "we cannot tell"
    assert "higher" not in said.finding


def test_no_direction_is_claimed_where_many_comparisons_explain_it() -> None:
    said = words(replace(CLEAR, q=0.06))
    assert said.grade == "we cannot tell"
    assert "chance" in said.finding


def test_no_direction_is_claimed_where_another_method_points_the_other_way() -> None:
    drawn = words(replace(CLEAR, alternatives=(Alternative(DRAWN_LEVELS, -0.1, 0.2),)))
    assert drawn.grade == "we cannot tell"
    assert "other methods" in drawn.finding
    leaning = Alternative(IMPUTATION_EARLIER, -0.1, 0.2)
    assert words(replace(CLEAR, alternatives=(leaning,))).grade == "good evidence"
    surely = replace(leaning, standard_error=0.01)
    assert words(replace(CLEAR, alternatives=(surely,))).grade == "we cannot tell"
    assert words(replace(CLEAR, alternatives=(surely,), referrals_tell=True)).grade == "good evidence"


def test_a_dip_without_referral_dates_needs_the_allowance_to_clear_zero() -> None:
    near = replace(CLEAR, with_allowance=(-0.1, 1.1))
    assert words(near).grade == "some evidence"
    said = words(replace(near, dip=DIP))
    assert said.grade == "we cannot tell"
    assert any("dip before the start" in warning for warning in said.warnings)


def test_few_people_are_early_whatever_the_figure() -> None:
    said = words(replace(CLEAR, people=25, people_with_enough_weeks=22))
    assert said.grade == "early"
    assert "early sign" in said.finding
    assert any(warning.startswith("Early") for warning in said.warnings)


def test_missing_referral_dates_are_mentioned() -> None:
    assert any("Referral dates are missing" in warning for warning in words(CLEAR).warnings)
    used = words(replace(CLEAR, used_referrals=True, referrals_tell=True, without_referral_date=1)).warnings
    assert not any("are missing or" in warning for warning in used)
    assert "The referral date of 1 young person is missing." in used


def test_a_withheld_figure_says_nothing_but_that() -> None:
    said = words(replace(CLEAR, withheld=True, change=None, interval=None, with_allowance=None, q=None, dip=None))
    assert said.grade == "withheld"
    assert "fewer than 10" in said.finding
    assert said.warnings == ()


def test_a_naive_difference_of_the_other_sign_is_named() -> None:
    assert any("before-and-after" in warning for warning in words(replace(CLEAR, naive=-0.3)).warnings)
