import numpy as np
import pytest

from app.impact.adding_up import Sum, narrow, too_well_told
from app.impact.cells import Cell, CellKey
from app.impact.count_disclosure import protect
from app.impact.disclosure import WITHHELD_WHOLE, Measured, State, publishable
from app.impact.tables import EVERYONE, GOALS, USUAL_OUTCOME
from tests.capabilities.impact_pages.count_attack import left_of
from tests.capabilities.impact_pages.made_up_offers import ONE_OFFER

FAR = 10_000.0


def cell(first: int, last: int) -> Cell:
    people = {f"p{number}": "a" for number in range(first, last)}
    return Cell(publishable(Measured(len(people), 7 * len(people), 14, 0.8, 0.5, 1.1)), people)


def one_column(outcome: str, table: str, **ends: tuple[int, int]) -> dict[CellKey, Cell]:
    last = max(high for _, high in ends.values())
    groups = {CellKey(table, ONE_OFFER, name, outcome): cell(*own) for name, own in ends.items()}
    return {CellKey(EVERYONE, ONE_OFFER, outcome=outcome): cell(0, last), **groups}


def span(cells: dict[CellKey, Cell], name: str, table: str = "by_sex") -> tuple[float, float]:
    """Return what is left of a withheld group of wellbeing."""
    own = frozenset(cells[CellKey(table, ONE_OFFER, name)].contributions)
    return left_of(cells)[table, name, own]


def test_a_difference_that_would_tell_is_withheld_too() -> None:
    cells = one_column(USUAL_OUTCOME, "by_sex", F=(0, 31), M=(31, 40))
    assert span(cells, "M") == (6, 9)
    held = protect(cells, {}, cells.keys())
    assert held[CellKey("by_sex", ONE_OFFER, "F")].figures.is_withheld
    assert held[CellKey(EVERYONE, ONE_OFFER)].figures.people == 40
    assert span(held, "M") == (0, 9)


def test_everyones_count_becomes_a_range_where_all_groups_are_withheld_and_would_add_up() -> None:
    cells = one_column(USUAL_OUTCOME, "by_sex", F=(0, 9), M=(9, 18))
    assert span(cells, "M") == (6, 9)
    held = protect(cells, {}, cells.keys())
    everyone = held[CellKey(EVERYONE, ONE_OFFER)].figures
    assert (everyone.state, everyone.people, everyone.sessions) == (State.COUNT_ONLY, None, 125)
    assert span(held, "M") == (1, 9)


def test_what_was_published_before_goes_last() -> None:
    cells = one_column(USUAL_OUTCOME, "by_need", A=(0, 14), B=(14, 38), C=(38, 47))
    assert span(cells, "C", "by_need") == (7, 9)
    fresh = {CellKey("by_need", ONE_OFFER, "B")}
    for anew, expected in ((fresh, {"B", "C"}), (cells.keys(), {"A", "C"})):
        held = protect(cells, {}, anew)
        assert {key.group for key, one in held.items() if one.figures.is_withheld} == expected


def test_a_group_withheld_beside_another_is_withheld_in_every_outcome_that_shows_the_same_people() -> None:
    wellbeing = one_column(USUAL_OUTCOME, "by_sex", F=(0, 31), M=(31, 40))
    goals = one_column(GOALS, "by_sex", F=(0, 31), M=(31, 41))
    held = protect(wellbeing | goals, {}, wellbeing.keys() | goals.keys())
    assert held[CellKey("by_sex", ONE_OFFER, "F", GOALS)].figures.is_withheld
    assert span(held, "M") == (0, 9)


def test_what_was_told_before_is_put_together_with_what_is_told_now() -> None:
    """Nine of one group stay; 30 and then 35 of the other come: each day would leave five values, both leave four."""
    first = one_column(USUAL_OUTCOME, "by_sex", M=(0, 8), F=(8, 39))
    second = one_column(USUAL_OUTCOME, "by_sex", M=(0, 8), F=(8, 44))
    before = protect(first, {}, first.keys())
    told = protect(second, before, second.keys())
    assert len(told[CellKey(EVERYONE, ONE_OFFER)].told) == 2
    left = left_of(before, told)
    assert all(most - least >= 4 for least, most in left.values())


def test_where_nothing_else_helps_a_column_says_nothing_at_all() -> None:
    """The group had 12 and has eight; the others cannot be more than four, and everyone is ten or more."""
    day = one_column(USUAL_OUTCOME, "by_sex", X=(0, 1), Y=(1, 2), M=(2, 14))
    before = protect(day, {}, day.keys())
    assert before[CellKey("by_sex", ONE_OFFER, "M")].figures.people == 10
    after = one_column(USUAL_OUTCOME, "by_sex", X=(0, 1), Y=(1, 2), M=(2, 10))
    held = protect(after, before, after.keys())
    assert {one.figures for key, one in held.items() if key.table == "by_sex"} == {WITHHELD_WHOLE}
    assert all(most - least >= 4 for least, most in left_of(before, held).values())


@pytest.mark.parametrize("seed", range(6))
def test_narrowing_finds_what_linear_programming_finds_where_there_is_one_total(seed: int) -> None:
    cells: dict[CellKey, Cell] = {}
    rng = np.random.default_rng(seed)
    people = int(rng.integers(20, 70))
    for table, width in (("by_sex", 2), ("by_need", 4), ("by_locality", 3)):
        cuts = np.sort(rng.integers(0, people, width - 1))
        ends = {
            f"g{at}": (int(low), int(high))
            for at, (low, high) in enumerate(zip([0, *cuts], [*cuts, people], strict=True))
        }
        cells |= one_column(USUAL_OUTCOME, table, **ends)
    cells[CellKey(EVERYONE, ONE_OFFER)] = cell(0, people)
    names = {key: at for at, key in enumerate(cells)}
    sums = [
        Sum(names[CellKey(EVERYONE, ONE_OFFER)], tuple(at for key, at in names.items() if key.table == table))
        for table in ("by_sex", "by_need", "by_locality")
    ]
    low, high = np.zeros(len(cells)), np.full(len(cells), FAR)
    for key, at in names.items():
        figures = cells[key].figures
        low[at], high[at] = (0, 9) if figures.people is None else (figures.people, figures.people + 4)
    bounds = low.copy(), high.copy()
    narrow(sums, low, high)
    secret = {at: key for key, at in names.items() if cells[key].figures.is_withheld}
    for unknown, left in left_of(cells).items():
        (at,) = (at for at, key in secret.items() if (key.table, key.group) == unknown[:2])
        assert (low[at], high[at]) == pytest.approx(left)
    closely = {at for at in secret if high[at] - low[at] < 4}
    assert too_well_told(sums, bounds, sorted(secret)) == closely
