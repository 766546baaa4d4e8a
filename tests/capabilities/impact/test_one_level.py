"""Several goals, or several adults, as one series for each young person."""

from uuid import UUID

import numpy as np
import pytest

from app.impact.estimation import estimate
from app.impact.families import one_of_each_family
from app.impact.one_level import NEVER, Rated, on_one_level, without_course
from app.impact.values import CheckIns, Floats, Panel
from bench.outcomes import as_one_series, as_they_came, goal_ratings

WEEK = 7


def rated(rows: list[tuple[int, int, int, float]]) -> Rated:
    """Put (person, source, week, score) together."""
    person, source, week, score = zip(*rows, strict=True)
    return Rated(
        np.array(person, np.int64),
        np.array(source, np.int64),
        WEEK * np.array(week, np.int64),
        np.array(score, np.float64),
    )


def by_week(found: CheckIns) -> dict[int, float]:
    """Return the mean score of each week."""
    week = np.asarray(found.time) // WEEK
    return {int(one): float(found.score[week == one].mean()) for one in np.unique(week)}


def test_one_goal_alone_stays_as_it_is() -> None:
    found = on_one_level(rated([(0, 0, 1, 3.0), (0, 0, 5, 6.0), (1, 1, 2, 9.0)]))
    assert found.score.tolist() == [3.0, 6.0, 9.0]


def test_a_goal_that_is_set_on_another_level_moves_nothing() -> None:
    rows = [(0, 0, week, 2.0) for week in range(0, 24, 2)] + [(0, 1, week, 8.0) for week in range(12, 40, 2)]
    found = by_week(on_one_level(rated(rows)))
    assert max(found.values()) - min(found.values()) < 1e-9
    assert 2 < found[0] < 8


def test_what_both_goals_show_is_kept() -> None:
    rows = [(0, 0, week, 2.0 + (week >= 20)) for week in range(0, 30, 2)]
    rows += [(0, 1, week, 6.0 + (week >= 20)) for week in range(10, 40, 2)]
    found = by_week(on_one_level(rated(rows)))
    assert found[38] - found[0] == pytest.approx(1.0)


def test_goals_that_no_month_links_cannot_be_compared_and_the_longer_record_stays() -> None:
    rows = [(0, 0, week, 2.0) for week in range(4)] + [(0, 1, week, 8.0) for week in range(8, 20)]
    found = on_one_level(rated(rows))
    assert set(found.score.tolist()) == {8.0}
    assert found.person.size == 12


def test_the_usual_course_of_goals_comes_off_and_only_that() -> None:
    rng = np.random.default_rng(4)
    rows = [
        (goal, goal, week, 3 + 2 * (week >= 4) + rng.normal(0, 0.1)) for goal in range(60) for week in range(0, 16, 2)
    ]
    left = without_course(rated(rows), np.full(60, NEVER))
    early, late = left.week < 4, left.week >= 4
    assert left.score[late].mean() - left.score[early].mean() == pytest.approx(0, abs=0.05)
    assert left.score[left.week == 0].mean() == pytest.approx(3, abs=0.1)


def test_ratings_from_a_first_session_on_teach_nothing_of_the_course() -> None:
    rows = [(goal, goal, week, 3.0 + 4 * (week >= 8)) for goal in range(60) for week in range(0, 16, 2)]
    begun = np.full(60, 8)
    assert without_course(rated(rows), begun).score.tolist() == [row[3] for row in rows]


def test_a_course_of_too_few_goals_is_left_on() -> None:
    rows = [(goal, goal, week, 3.0 + week) for goal in range(19) for week in range(6)]
    assert without_course(rated(rows), np.full(19, NEVER)).score.tolist() == [row[3] for row in rows]


def test_nothing_rated_is_nothing() -> None:
    none = np.zeros(0, np.int64)
    empty = Rated(none, none, none, np.zeros(0))
    assert on_one_level(without_course(empty, np.zeros(0, np.int64))).person.size == 0


def errors(made: tuple[Panel, Floats]) -> list[float]:
    """Return how far each intervention's figure lies from the truth."""
    found = [effect.change or 0.0 for effect in estimate(made[0]).interventions]
    return [figure - true for figure, true in zip(found, made[1].tolist(), strict=True)]


def test_goals_that_rise_by_themselves_are_not_counted_as_an_effect() -> None:
    """Most goals are set when something begins and come closer anyway: as they came, ratings call that an effect."""
    plain, ours = list[float](), list[float]()
    for seed in range(60, 63):
        made = goal_ratings(seed, people=250)
        plain += errors(as_they_came(made))
        ours += errors(as_one_series(made))
    assert np.mean(plain) > 0.1
    assert abs(np.mean(ours)) < 0.08


def test_one_young_person_stands_for_each_family() -> None:
    mum, dad, aunt, nan = (UUID(int=number) for number in range(1, 5))
    eve, tom, zoe, out = (UUID(int=number) for number in range(11, 15))
    ties = [(mum, eve), (mum, tom), (dad, tom), (aunt, zoe), (nan, out)]
    found = one_of_each_family(ties, {eve: NEVER, tom: 30, zoe: 12})
    assert found == {mum: tom, dad: tom, aunt: zoe}
    assert one_of_each_family([(nan, out)], {}) == {}
