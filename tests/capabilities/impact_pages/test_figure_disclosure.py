from collections.abc import Iterable

import numpy as np
import pytest

from app.impact.disclosure import FIGURES_FROM
from app.impact.figure_disclosure import kept_back, lit_pairs, nested, tells
from app.impact.values import Floats, Truths
from tests.capabilities.impact_pages.figure_attack import Counts, Told

A_POINT = 1.0


@pytest.mark.parametrize(
    ("dark", "would"),
    [([], False), ([0, 0], False), ([19], True), ([20], False), ([12, 13], False), ([15, 7], True), ([19, 3], True)],
)
def test_what_is_left_must_be_twenty_people_of_whom_none_stands_nearly_alone(dark: list[int], *, would: bool) -> None:
    assert tells(dark) is would


def test_the_figure_of_one_large_group_is_kept_back_beside_a_small_one() -> None:
    people = {"F": 48, "M": 12}
    assert kept_back(people, {"F"}, {"F"}) == {"F"}


def test_the_smallest_goes_and_what_stood_published_goes_last() -> None:
    people = {"A": 60, "B": 25, "C": 22, "D": 8}
    assert kept_back(people, {"A", "B", "C"}, {"A", "B", "C"}) == {"C"}
    assert kept_back(people, {"A", "B", "C"}, {"A", "B"}) == {"B"}
    assert kept_back({"A": 60, "B": 25}, {"A", "B"}, set()) == set()


def told_of(people: Counts, sets: Iterable[Truths], true: Floats) -> Told:
    """Return what a reader knows who is given the figure of everyone and of each of these sets of cells."""
    told = Told(people)
    for cells in (np.ones(people.size, np.bool_), *sets):
        told.add(cells, true)
    return told


def widths(told: Told) -> list[float]:
    """Return how closely the figure of every cell too small to be shown can be told."""
    small = np.flatnonzero((told.people > 0) & (told.people < FIGURES_FROM))
    return [most - least for least, most in (told.span(int(cell)) for cell in small)]


def test_no_figure_of_a_small_group_follows_from_the_others_of_its_column() -> None:
    rng = np.random.default_rng(2)
    held, plain = list[float](), list[float]()
    for _ in range(60):
        people = rng.choice((3, 8, 12, 19, 22, 35, 60, 110), int(rng.integers(2, 7)))
        lit, true = people >= FIGURES_FROM, rng.normal(0.5, 1.0, people.size)
        held += widths(told_of(people, np.eye(people.size, dtype=np.bool_)[shown_of(people)], true))
        plain += widths(told_of(people, np.eye(people.size, dtype=np.bool_)[lit], true))
    assert len(held) > 60
    assert min(held) > A_POINT
    assert min(plain) < A_POINT


def shown_of(people: Counts) -> Truths:
    """Return which groups of one column show their figure."""
    names = {str(place): int(count) for place, count in enumerate(people)}
    lit = {name for name, count in names.items() if count >= FIGURES_FROM}
    back = kept_back(names, lit, lit)
    return np.array([name in lit - back for name in names], np.bool_)


def test_no_figure_follows_from_a_table_of_two_columns_and_its_sums() -> None:
    rng = np.random.default_rng(4)
    held, plain, shown = list[float](), list[float](), 0
    for _ in range(40):
        shape = int(rng.integers(2, 5)), int(rng.integers(2, 6))
        people = rng.multinomial(int(rng.integers(100, 1200)), rng.dirichlet(np.full(shape[0] * shape[1], 1.2)))
        table, true = people.reshape(shape), rng.normal(0.5, 1.0, people.size)
        rows, columns = shown_of(table.sum(1)), shown_of(table.sum(0))
        kept = lit_pairs(table, table >= FIGURES_FROM, rows, columns)
        of_row, of_column = (index.ravel() for index in np.indices(shape))
        lines = [of_row == place for place in np.flatnonzero(rows)]
        lines += [of_column == place for place in np.flatnonzero(columns)]
        single = np.eye(people.size, dtype=np.bool_)
        held += widths(told_of(people, [*lines, *single[kept.ravel()]], true))
        plain += widths(told_of(people, [*lines, *single[people >= FIGURES_FROM]], true))
        shown += int(kept.sum())
    assert len(held) > 100
    assert shown > 40
    assert min(held) > A_POINT
    assert min(plain) < A_POINT


def test_a_group_within_a_group_goes_where_few_make_the_difference() -> None:
    member = np.zeros((4, 100), np.float32)
    member[0] = 1
    member[1, :60] = 1
    member[2, :45] = 1
    member[3, :20] = 1
    assert nested(member, np.array([False, True, True, True])) == {2}
    assert nested(member[[0, 1, 3]], np.array([False, True, True])) == set()
