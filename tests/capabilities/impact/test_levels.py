"""How many in a hundred said yes: everybody counts once, and the interval holds."""

import numpy as np
import pytest

from app.impact.levels import Level, level_of


def test_everybody_counts_the_same_however_often_they_answer() -> None:
    person = np.array([0] * 50 + [1])
    found = level_of(person, np.array([True] * 50 + [False]))
    assert found is not None
    assert found.share == 50


def test_answers_of_one_person_are_not_independent() -> None:
    often = np.repeat(np.arange(30), 10)
    yes = np.repeat(np.arange(30) < 15, 10)
    once = level_of(np.arange(30), np.arange(30) < 15)
    found = level_of(often, yes)
    assert found is not None
    assert once is not None
    assert (found.low, found.high) == pytest.approx((once.low, once.high), abs=0.1)


def test_answers_that_vary_within_people_narrow_it() -> None:
    person = np.repeat(np.arange(30), 10)
    found = level_of(person, np.tile(np.arange(10) < 5, 30))
    once = level_of(np.arange(30), np.arange(30) < 15)
    assert found is not None
    assert once is not None
    assert found.high - found.low < (once.high - once.low) / 2


def test_the_interval_of_all_and_none_is_no_point() -> None:
    found = level_of(np.arange(25), np.ones(25, np.bool_))
    assert found is not None
    assert (found.share, found.high) == (100, 100)
    assert 80 < found.low < 90
    assert level_of(np.arange(1), np.ones(1, np.bool_)) is None


def test_the_interval_covers_the_true_share() -> None:
    rng, inside, number = np.random.default_rng(8), 0, 400
    for _ in range(number):
        own = rng.beta(4, 1, 25)
        person = np.repeat(np.arange(25), rng.integers(1, 9, 25))
        found = level_of(person, rng.random(person.size) < own[person])
        inside += found is not None and found.low <= 80 <= found.high
    assert 0.92 < inside / number <= 1


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (Level(87.4, 71.2, 94.9), Level(87, 71, 95)),
        (Level(100, 86.7, 100), Level(95, 85, 100)),
        (Level(96, 82.1, 99.3), Level(95, 80, 100)),
        (Level(0, 0, 13.3), Level(5, 0, 15)),
        (Level(3, 0.9, 11), Level(5, 0, 15)),
    ],
)
def test_nearly_all_and_nearly_none_are_not_told_from_all_and_none(level: Level, shown: Level) -> None:
    assert level.as_published() == shown
