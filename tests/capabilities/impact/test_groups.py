"""Groups are compared in one joint fit, and small ones are withheld."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.groups import groupings
from app.impact.values import CheckIns, Panel, Sessions


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


def test_every_column_and_every_pair_is_a_grouping() -> None:
    assert groupings(["sex", "need", "place"]) == [
        ("sex",), ("need",), ("place",), ("sex", "need"), ("sex", "place"), ("need", "place"),
    ]  # fmt: skip
