import json

import numpy as np
import pytest

from app.impact.disclosure import (
    Figures,
    Measured,
    State,
    one_decimal,
    people_range,
    protect,
    publishable,
    rounded_down,
    spread,
)
from tests.capabilities.impact_pages.attack import people_as_told, sessions_as_told, told

ALL_NEW = frozenset[tuple[str, str]]()


def found(people: int, sessions: int | None = None, change: float = 0.84) -> Measured:
    visits = people * 7 if sessions is None else sessions
    return Measured(
        people=people,
        sessions=visits,
        sessions_of_busiest=min(visits, 14),
        change=change,
        low=change - 0.31,
        high=change + 0.31,
        naive=1.66,
        grade="good evidence",
    )


@pytest.mark.parametrize(
    ("people", "state", "shown"),
    [
        (0, State.WITHHELD, None),
        (9, State.WITHHELD, None),
        (10, State.COUNT_ONLY, 10),
        (14, State.COUNT_ONLY, 10),
        (19, State.COUNT_ONLY, 15),
        (20, State.EARLY, 20),
        (29, State.EARLY, 25),
        (30, State.GRADED, 30),
        (67, State.GRADED, 65),
    ],
)
def test_the_number_of_people_decides_what_is_shown(people: int, state: State, shown: int | None) -> None:
    figures = publishable(found(people))
    assert (figures.state, figures.people) == (state, shown)


def test_fewer_than_ten_show_nothing_at_all() -> None:
    assert publishable(found(9)) == Figures(State.WITHHELD)


def test_ten_to_nineteen_show_a_count_and_no_figure() -> None:
    figures = publishable(found(19))
    assert figures.sessions == 130
    assert (figures.change, figures.low, figures.high, figures.naive, figures.grade) == (None, None, None, None, "")


def test_figures_have_one_decimal_and_never_a_minus_before_nought() -> None:
    figures = publishable(found(31, change=0.8472))
    assert (figures.change, figures.low, figures.high, figures.naive) == (0.8, 0.5, 1.2, 1.7)
    assert json.dumps(one_decimal(-0.04)) == "0.0"
    assert one_decimal(None) is None


def test_counts_are_multiples_of_five() -> None:
    assert [rounded_down(count) for count in (10, 14, 15, 99, 100)] == [10, 10, 15, 95, 100]


def test_sessions_are_not_given_where_two_people_have_most_of_them() -> None:
    figures = publishable(Measured(people=12, sessions=100, sessions_of_busiest=90))
    assert (figures.people, figures.sessions) == (10, None)


def test_figures_survive_being_stored() -> None:
    figures = publishable(found(44))
    assert Figures.from_text(figures.as_text()) == figures


def test_a_difference_that_would_tell_is_withheld_too() -> None:
    everyone = publishable(found(40))
    columns = {"by_sex": {"F": publishable(found(31)), "M": publishable(found(9))}}
    assert told(everyone, columns)["by_sex", "M"] == (6, 9)
    everyone, kept = protect(everyone, columns, fresh=ALL_NEW | {("by_sex", "F"), ("by_sex", "M")})
    assert kept["by_sex"]["F"].is_withheld
    assert everyone.people == 40
    assert told(everyone, kept)["by_sex", "M"] == (0, 9)


def test_everyones_count_becomes_a_range_where_all_groups_are_withheld_and_would_add_up() -> None:
    everyone = publishable(found(18))
    columns = {"by_sex": {"F": publishable(found(9)), "M": publishable(found(9))}}
    assert told(everyone, columns)["by_sex", "M"] == (6, 9)
    everyone, kept = protect(everyone, columns, fresh=ALL_NEW)
    assert (everyone.state, everyone.people, everyone.sessions) == (State.COUNT_ONLY, None, 125)
    assert told(everyone, kept)["by_sex", "M"] == (1, 9)


def test_what_was_published_before_goes_last() -> None:
    everyone = publishable(found(45))
    column = {"A": publishable(found(15)), "B": publishable(found(20)), "C": publishable(found(9))}
    _, kept = protect(everyone, {"by_need": column}, fresh=frozenset({("by_need", "B")}))
    withheld = {label for label, cell in kept["by_need"].items() if cell.is_withheld}
    assert withheld <= {"B", "C"}


def worlds(number: int) -> list[dict[str, dict[str, int]]]:
    """Made-up interventions: the same people told apart by several columns, every other one awkward on purpose."""
    rng = np.random.default_rng(11)
    made = []
    for turn in range(number):
        if turn % 2:
            first = [int(count) for count in rng.choice((0, 8, 9, 9, 11, 21, 31, 36), int(rng.integers(2, 5)))]
            columns = [first, [first[0] + first[1], *first[2:]], [9, max(sum(first) - 9, 0)]]
            columns = [counts for counts in columns if sum(counts) == sum(first)]
        else:
            people = int(rng.integers(5, 90))
            shares = [rng.dirichlet(np.full(int(rng.integers(2, 6)), 0.8)) for _ in range(int(rng.integers(1, 4)))]
            columns = [rng.multinomial(people, share).tolist() for share in shares]
        made.append(
            {f"by_{at}": {f"g{place}": n for place, n in enumerate(counts)} for at, counts in enumerate(columns)}
        )
    return made


@pytest.mark.parametrize("attacked", ["people", "sessions"])
def test_no_withheld_count_can_be_pinned_by_adding_and_taking_away(attacked: str) -> None:
    rng = np.random.default_rng(3)
    some, would_have_told = 0, 0
    as_told = people_as_told if attacked == "people" else sessions_as_told
    for columns in worlds(60):
        total = sum(next(iter(columns.values())).values())
        each = int(rng.integers(1, 5))
        everyone = publishable(found(total, total * each))
        plain = {
            name: {label: publishable(found(count, count * each)) for label, count in column.items()}
            for name, column in columns.items()
        }
        keys = frozenset((name, label) for name, column in plain.items() for label in column)
        shown, kept = protect(everyone, plain, fresh=keys)
        would_have_told += any(most - least < 4 for least, most in told(everyone, plain, as_told).values())
        for (name, label), (least, most) in told(shown, kept, as_told).items():
            true = columns[name][label] * (1 if attacked == "people" else each)
            assert least <= true <= most
            assert most - least >= 4
            some += 1
    assert some > 100
    assert would_have_told > 0 or attacked == "sessions"


def test_the_closed_form_is_what_linear_programming_finds() -> None:
    for columns in worlds(25):
        total = sum(next(iter(columns.values())).values())
        everyone = publishable(found(total))
        cells = {name: {key: publishable(found(n)) for key, n in column.items()} for name, column in columns.items()}
        ranges = {name: {key: people_range(cell) for key, cell in column.items()} for name, column in cells.items()}
        known = spread(people_range(everyone), ranges)
        for key, (least, most) in told(everyone, cells).items():
            assert known[key] == pytest.approx((least, most))


def test_no_withheld_figure_can_be_worked_out_from_the_others() -> None:
    """An attacker who even knew every exact count could not tell a withheld mean to within its own rounding."""
    for columns in worlds(60):
        total = sum(next(iter(columns.values())).values())
        everyone = publishable(found(total))
        for name, column in columns.items():
            cells = {label: publishable(found(count)) for label, count in column.items()}
            _, kept = protect(everyone, {name: cells}, fresh=frozenset((name, label) for label in cells))
            hidden = [label for label, cell in kept[name].items() if cell.change is None and column[label]]
            if everyone.change is None or len(hidden) != 1:
                continue
            unknown = column[hidden[0]]
            doubt = sum(column[label] * 0.05 for label, cell in kept[name].items() if cell.change is not None)
            assert 2 * (total * 0.05 + doubt) / unknown >= 0.1
