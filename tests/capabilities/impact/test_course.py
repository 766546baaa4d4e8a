"""What remains after a course is told apart from what there was while it ran."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.course import after_courses
from app.impact.values import CheckIns, Panel, Sessions
from tests.capabilities.impact.made import small_panel


def courses(remains: float, seed: int = 3) -> Panel:
    """150 people over 40 weeks, 100 of whom have a course of 8 weekly sessions: 1.5 points while it runs."""
    rng = np.random.default_rng(seed)
    person, week = np.repeat(np.arange(150), 40), np.tile(np.arange(40), 150)
    start = rng.integers(8, 24, 150)
    since = np.where(person < 100, week - start[person], -1)
    effect = 1.5 * ((since >= 0) & (since < 8)) + remains * (since >= 8)
    score = 5 + rng.normal(0, 1, 150)[person] + effect + rng.normal(0, 0.8, person.size)
    attended = np.repeat(np.arange(100), 8)
    when = (start[:100, None] + np.arange(8)).ravel()
    return Panel(
        check_ins=CheckIns(person, 7 * week, score),
        sessions=Sessions(attended, np.zeros(attended.size, np.int64), 7 * when),
        interventions=("climbing",),
        people=150,
    )


@pytest.mark.parametrize("remains", [0.0, 0.7, 1.5])
def test_what_remains_is_found(remains: float) -> None:
    found = after_courses(courses(remains))[0]
    assert found.during is not None
    assert found.after is not None
    assert found.difference is not None
    assert found.people == 100
    assert found.during.low <= 1.5 <= found.during.high
    assert found.after.low <= remains <= found.after.high
    assert found.difference.change == pytest.approx(found.after.change - found.during.change)
    assert found.difference_p is not None
    assert (found.difference_p < 0.001) is (remains < 1.0)


def test_effects_that_last_are_not_called_lost() -> None:
    """In the project's own panels effects stay; the share of intervals that miss is what it should be."""
    inside, total = 0, 0
    for seed in range(12):
        for found in after_courses(replace(small_panel(70 + seed, people=250, weeks=44).panel, groups={})):
            assert found.difference is not None
            inside += found.difference.low <= 0 <= found.difference.high
            total += 1
    assert inside / total > 0.8


def test_a_course_that_may_still_go_on_has_not_ended() -> None:
    panel = courses(0.0)
    entries = panel.check_ins
    time = np.asarray(entries.time, np.int64)
    short = time < 7 * 33
    cut = replace(panel, check_ins=CheckIns(entries.person[short], time[short], entries.score[short]))
    assert 10 < after_courses(cut)[0].people < 100


def test_too_few_people_are_withheld_and_nothing_gives_nothing() -> None:
    found = after_courses(courses(0.0), minimum_group=101)[0]
    assert (found.withheld, found.during, found.after, found.difference_p) == (True, None, None, None)
    none = CheckIns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    assert after_courses(replace(courses(0.0), check_ins=none))[0].withheld
