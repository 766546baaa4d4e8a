"""Other outcomes stand on the same footing: their own scale, unit and direction, and no figure where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.findings import Evidence
from app.impact.values import (
    CARER_WELLBEING,
    SCHOOL_ATTENDANCE,
    TREATED_AS_ASKED,
    CheckIns,
    Outcome,
    Panel,
    ShapePoint,
)
from app.impact.wording import words
from bench.outcomes import attendance_panel, rating_panel
from tests.capabilities.impact.made import small_panel
from tests.capabilities.impact.test_findings import CLEAR, DIP


def test_school_attendance_is_estimated_as_a_share_and_said_in_percentage_points() -> None:
    panel, truth = attendance_panel(3, people=300)
    effect = estimate(panel).interventions[1]
    assert effect.change is not None
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low_with_referral_allowance is not None
    assert effect.low <= truth[1] <= effect.high
    assert 0.0005 < effect.low - effect.low_with_referral_allowance < 0.02
    assert f"weekly school attendance was {100 * effect.change:.1f} percentage points higher" in effect.finding
    assert [one.lower_by for one in effect.if_missing_lower][-1] == pytest.approx(0.2)


def test_the_same_in_per_cent_has_the_same_words() -> None:
    panel, _ = attendance_panel(3, people=150)
    hundred = replace(
        panel,
        outcome=replace(SCHOOL_ATTENDANCE, high=100.0, times=1.0),
        check_ins=replace(panel.check_ins, score=100 * panel.check_ins.score),
    )
    for one, other in zip(estimate(panel).interventions, estimate(hundred).interventions, strict=True):
        assert other.finding == one.finding
        assert other.change == pytest.approx(100 * (one.change or 0.0), abs=1e-6)


def test_ratings_that_come_once_in_five_weeks_give_an_interval_that_holds() -> None:
    inside = 0
    for seed in range(6):
        panel, truth = rating_panel(40 + seed, people=250)
        for effect, true in zip(estimate(panel).interventions, truth, strict=True):
            assert effect.low is not None
            assert effect.high is not None
            inside += effect.low <= true <= effect.high
    assert inside >= 10


def asked_after_sessions_only() -> Panel:
    """Everybody goes to one thing and is asked after each session whether they were treated as they had asked."""
    rng = np.random.default_rng(6)
    made = small_panel(people=120).panel
    first = made.sessions.intervention == 0
    sessions = replace(
        made.sessions,
        person=made.sessions.person[first],
        intervention=made.sessions.intervention[first],
        time=np.asarray(made.sessions.time, np.int64)[first],
    )
    answers = CheckIns(
        sessions.person, np.asarray(sessions.time, np.int64), rng.integers(5, 11, first.sum()).astype(float)
    )
    return Panel(answers, sessions, ("break-a",), made.people, outcome=TREATED_AS_ASKED)


def test_what_is_only_asked_after_a_session_has_no_before_and_so_no_change() -> None:
    effect = estimate(asked_after_sessions_only()).interventions[0]
    assert effect.change is None
    assert effect.grade == "cannot be estimated"
    assert effect.would_change


def test_the_outcome_is_named_and_a_lower_score_may_be_better() -> None:
    carers = words(replace(CLEAR, outcome=CARER_WELLBEING))
    assert "the parent carers’ wellbeing was 0.6 points higher" in carers.finding
    worry = Outcome(name="worry", higher_is_better=False)
    risen = ShapePoint(-3, -1, 0.9, 0.6, 1.2)
    assert not any("dip" in warning for warning in words(replace(CLEAR, outcome=worry, dip=DIP)).warnings)
    said = words(
        replace(CLEAR, change=-0.6, interval=(-0.8, -0.4), with_allowance=(-0.9, -0.3), outcome=worry, dip=risen)
    )
    assert any("0.9 points higher than well before it. Part of any fall" in warning for warning in said.warnings)


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({"follow_up_weeks": 5.0}, "early"),
        ({"follow_up_weeks": 6.0}, "good evidence"),
        ({"interval": (0.1, 1.4), "with_allowance": (0.05, 1.5)}, "some evidence"),
        ({"tipping_point": 0.4}, "some evidence"),
        ({"tipping_point": 0.6}, "good evidence"),
        ({"response": (0.7, 0.45)}, "some evidence"),
        ({"response": (0.7, 0.55)}, "good evidence"),
    ],
)
def test_every_stated_rule_has_its_grade_and_its_wish(change: dict[str, object], grade: str) -> None:
    evidence: Evidence = replace(CLEAR, **change)  # type: ignore[arg-type]
    said = words(evidence)
    assert said.grade == grade
    assert "this is an association" in said.finding
    assert any("by lot" in wish for wish in said.would_change)
    assert said.naive.startswith("Plain before and after: +0.2 points.")


def test_what_would_settle_it_is_said_for_every_grade() -> None:
    unsure = words(replace(CLEAR, interval=(-0.4, 0.8)))
    assert any("more young people, to notice a change of 0.5 points" in wish for wish in unsure.would_change)
    many = words(replace(CLEAR, q=0.2))
    assert any("Fewer comparisons" in wish for wish in many.would_change)
    early = words(replace(CLEAR, people_with_enough_weeks=22, follow_up_weeks=3.0))
    assert any(wish.startswith("8 young people more") for wish in early.would_change)
    assert any("at least 6 weeks" in wish for wish in early.would_change)
    withheld = words(replace(CLEAR, withheld=True, change=None, interval=None, naive=None))
    assert withheld.would_change == ("At least 10 young people with a check-in after their first session.",)
    assert withheld.naive == ""
