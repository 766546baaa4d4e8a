"""The rule for "what was different on better days", on made-up days of which the truth is known."""

from datetime import date, timedelta

import numpy as np
import pytest

from app.insights.better_days import FEWEST_DAYS, Better, Day, better_days, enough_days

FIRST = date(2026, 1, 1)
PEOPLE = 300
ONE_IN_TWENTY = 0.05
LUCK = 2 * (ONE_IN_TWENTY * (1 - ONE_IN_TWENTY) / PEOPLE) ** 0.5


def made_days(
    rng: np.random.Generator,
    *,
    days: int = 120,
    things: int = 9,
    stays: float = 0.8,
    trend: float = 0.0,
    effect: float = 0.0,
) -> list[Day]:
    """Return the days of one made-up person who checks in on three of five.

    Moods stay near where they were (0.7 a day) and what is going on goes on (`stays` a day). `trend`: how far mood
    drifts over the whole time, in points, with every thing said more often at its end; `effect`: points of the first.
    """
    mood, shares, found = 0.0, rng.uniform(0.1, 0.5, things), []
    on = rng.random(things) < shares
    for number in range(days):
        mood = 0.7 * mood + 0.7 * rng.normal()
        drift = trend * (number / days - 0.5)
        on = np.where(rng.random(things) < stays, on, rng.random(things) < shares + drift / 5)
        if rng.random() < 0.6:
            raw = 5 + 1.5 * mood + drift + rng.normal() + effect * on[0]
            score = float(np.clip(np.round(raw / 2.5) * 2.5, 0, 10))
            said = frozenset(f"thing {place}" for place in range(things) if on[place])
            found.append(Day(FIRST + timedelta(days=number), score, said))
    return found


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("things that go on for days", {}),
        ("things that go on for weeks", {"stays": 0.95}),
        ("things of one day", {"stays": 0.0}),
        ("few days", {"days": 85}),
        ("mood and things that rise together", {"trend": 3.0}),
    ],
)
def test_where_nothing_is_different_something_is_told_to_one_in_twenty_at_most(
    name: str, made: dict[str, float]
) -> None:
    rng = np.random.default_rng(len(name))
    told = 0
    for _ in range(PEOPLE):
        going_on, who_with = (made_days(rng, **made) for _ in range(2))  # type: ignore[arg-type]
        told += bool(better_days(going_on) or better_days(who_with))
    assert told / PEOPLE <= ONE_IN_TWENTY + LUCK, name


def test_a_large_difference_is_found_in_most_and_little_else_with_it() -> None:
    rng = np.random.default_rng(7)
    found = [better_days(made_days(rng, days=180, effect=3.0, stays=0.4)) for _ in range(100)]
    assert sum("thing 0" in {one.what for one in each} for each in found) >= 85
    assert sum(bool({one.what for one in each} - {"thing 0"}) for each in found) <= 8


def test_what_goes_with_worse_days_is_never_told() -> None:
    rng = np.random.default_rng(11)
    told = [better_days(made_days(rng, days=180, effect=-3.0, stays=0.4)) for _ in range(50)]
    assert not any("thing 0" in {one.what for one in each} for each in told)


def uneven(days: int) -> list[Day]:
    """Return every second day, a third of them clearly better and with a friend in them, in no order."""
    good = np.random.default_rng(3).permutation(days) < days // 3
    return [
        Day(
            FIRST + timedelta(days=2 * n),
            8.0 if good[n] else 4.0 + n % 2,
            frozenset({"friends" if good[n] else "school"}),
        )
        for n in range(days)
    ]


def test_what_comes_round_with_the_days_of_the_week_is_not_told() -> None:
    days = [
        Day(FIRST + timedelta(days=n), 8.0 if n % 7 > 4 else 5.0, frozenset({"school"} if n % 7 < 5 else {"home"}))
        for n in range(84)
    ]
    assert better_days(days) == []


def test_it_counts_days_and_says_nothing_of_too_few() -> None:
    assert better_days(uneven(60)) == [Better("friends", 20, 40)]
    assert better_days(uneven(FEWEST_DAYS - 1)) == []
    assert not enough_days(uneven(FEWEST_DAYS - 1))
    crowded = [Day(FIRST + timedelta(days=n % 40), 5.0, frozenset({"school"})) for n in range(80)]
    assert not enough_days(crowded)


def test_a_thing_said_on_nearly_every_day_or_hardly_any_is_not_looked_at() -> None:
    days = [Day(one.on, one.mood, one.said | {"always"}) for one in uneven(60)]
    days[0] = Day(days[0].on, 10.0, days[0].said | {"once"})
    assert [one.what for one in better_days(days)] == ["friends"]


def test_days_that_are_all_alike_have_nothing_to_tell() -> None:
    same = [Day(one.on, 5.0, one.said) for one in uneven(60)]
    assert better_days(same) == []
