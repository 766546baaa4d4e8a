"""Groups are compared in one joint fit, and small ones are withheld."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.groups import groupings
from app.impact.values import CheckIns, Panel, Sessions
from tests.capabilities.impact.made import small_panel


def two_kinds_of_people() -> Panel:
    """120 people over 30 weeks; 80 attend, and only the even ones are better for it, by 2 points."""
    rng = np.random.default_rng(9)
    person, week = np.repeat(np.arange(120), 30), np.tile(np.arange(30), 120)
    start = rng.integers(8, 22, 80)
    begun = (person < 80) & (week >= start[np.minimum(person, 79)])
    score = 5 + rng.normal(0, 1, 120)[person] + rng.normal(0, 0.8, person.size) + 2.0 * begun * (person % 2 == 0)
    return Panel(
        check_ins=CheckIns(person, 7 * week, score),
        sessions=Sessions(np.arange(80), np.zeros(80, np.int64), 7 * start),
        interventions=("climbing",),
        people=120,
        groups={
            "kind": tuple("even" if who % 2 == 0 else "odd" for who in range(120)),
            "place": tuple("small" if who < 6 else "large" for who in range(120)),
        },
    )


def test_each_group_gets_its_own_change() -> None:
    groups = {effect.by[0]: effect for effect in estimate(two_kinds_of_people()).groups if len(effect.by) == 1}
    even, odd = groups["kind", "even"], groups["kind", "odd"]
    assert even.change == pytest.approx(2.0, abs=0.25)
    assert odd.change == pytest.approx(0.0, abs=0.25)
    assert even.low is not None
    assert even.low > 1.5
    assert (even.people, odd.people) == (40, 40)


def test_groups_that_are_too_small_are_withheld_alone_and_in_pairs() -> None:
    found = estimate(two_kinds_of_people()).groups
    for effect in found:
        is_small = ("place", "small") in effect.by
        assert effect.withheld is is_small
        if is_small:
            assert (effect.people, effect.change, effect.low, effect.high) == (None, None, None, None)
        else:
            assert effect.change is not None
    assert len([effect for effect in found if len(effect.by) == 2]) == 4


def test_the_whole_is_between_its_groups() -> None:
    panel = two_kinds_of_people()
    whole = estimate(replace(panel, groups={})).interventions[0]
    assert whole.change == pytest.approx(1.0, abs=0.25)


def test_groups_that_differ_are_told_apart_by_one_test_and_hardly_drawn_together() -> None:
    found = estimate(two_kinds_of_people())
    groups = {effect.by[0]: effect for effect in found.groups if len(effect.by) == 1}
    for label in ("even", "odd"):
        effect = groups["kind", label]
        assert effect.difference_p is not None
        assert effect.difference_p < 1e-6
        assert effect.difference_q == pytest.approx(effect.difference_p)
        assert effect.shrinkage is not None
        assert 0 < effect.shrinkage < 0.1
        assert effect.pooled_change == pytest.approx(effect.change, abs=0.1)
    assert "By kind: the groups differ by more than chance explains." in found.interventions[0].warnings


def test_a_group_shown_alone_is_neither_pooled_nor_tested() -> None:
    large = next(effect for effect in estimate(two_kinds_of_people()).groups if effect.by == (("place", "large"),))
    assert large.change is not None
    assert (large.pooled_change, large.shrinkage, large.difference_p, large.difference_q) == (None,) * 4


def test_groups_by_lot_are_drawn_together_and_not_called_different() -> None:
    made = small_panel(4, people=300, shifts=(0.0, 0.0, 0.0))
    found = estimate(replace(made.panel, groups={"group": made.panel.groups["group"]}))
    for effect in found.groups:
        assert effect.shrinkage is not None
        assert effect.shrinkage > 0.15
        assert effect.pooled_low is not None
        assert effect.pooled_high is not None
        assert effect.low is not None
        assert effect.high is not None
        assert effect.pooled_high - effect.pooled_low < effect.high - effect.low
        assert effect.difference_q is not None
        assert effect.difference_q > 0.05
    assert any("no difference between the groups" in said for said in found.interventions[1].warnings)


def test_what_is_shown_of_groups_tells_nothing_of_one_withheld_beside_them() -> None:
    """The pooled figures and the test come from the shown groups' own figures and from nothing else."""
    panel = two_kinds_of_people()
    three = ["rare" if who < 6 else ("even", "odd")[who % 2] for who in range(120)]
    shown = [effect for effect in estimate(replace(panel, groups={"kind": tuple(three)})).groups if not effect.withheld]
    assert [effect.by[0][1] for effect in shown] == ["even", "odd"]
    own, drawn, pull = (
        np.array([getattr(effect, name) for effect in shown]) for name in ("change", "pooled_change", "shrinkage")
    )
    assert own.min() < drawn.min() < drawn.max() < own.max()
    assert drawn == pytest.approx(own + pull * (own.mean() - own), abs=0.05)


def test_every_column_and_every_pair_is_a_grouping() -> None:
    assert groupings(["sex", "need", "place"]) == [
        ("sex",), ("need",), ("place",), ("sex", "need"), ("sex", "place"), ("need", "place"),
    ]  # fmt: skip
