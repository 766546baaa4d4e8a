import json

import pytest

from app.impact.disclosure import Figures, Measured, State, one_decimal, publishable, rounded_down


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
