from collections.abc import Mapping
from uuid import uuid4

import numpy as np
import pytest

from app.impact.cells import Cell, CellKey, news
from app.impact.disclosure import Drawn, Measured, State, publishable
from app.impact.group_members import groups_of
from app.impact.publication import decide
from app.impact.tables import EVERYONE, REST
from tests.capabilities.impact_pages.count_attack import left_of, told_too_well

OFFER = uuid4()
TOP = CellKey(EVERYONE, OFFER)


def cell_of(people: Mapping[str, str], change: float = 0.5) -> Cell:
    number = len(people)
    return Cell(publishable(Measured(number, 4 * number, 8, change, change - 0.2, change + 0.2)), dict(people))


def people(first: int, last: int, entry: str = "a") -> dict[str, str]:
    return {f"p{number}": entry for number in range(first, last)}


def one_cell(everyone: Mapping[str, str], change: float = 0.5) -> dict[CellKey, Cell]:
    return {TOP: cell_of(everyone, change)}


def test_what_was_never_decided_on_is_decided_on_now() -> None:
    decided = decide(one_cell(people(0, 34)), {})
    assert decided.anew == {TOP}
    assert decided.cells[TOP].figures.people == 30


def test_the_same_records_again_publish_nothing_anew() -> None:
    first = decide(one_cell(people(0, 34)), {})
    again = decide(one_cell(people(0, 34)), first.cells)
    assert (again.anew, again.cells) == (frozenset(), first.cells)


@pytest.mark.parametrize(("with_news", "changes"), [(1, False), (9, False), (10, True)])
def test_a_cell_changes_only_when_ten_of_its_people_have_something_new(with_news: int, changes: bool) -> None:  # noqa: FBT001 (what the case expects)
    first = decide(one_cell(people(0, 40)), {})
    second = decide(one_cell(people(0, 40) | people(0, with_news, "b"), change=0.9), first.cells)
    assert (second.cells[TOP].figures.change == 0.9) is changes
    assert (TOP in second.anew) is changes


def test_news_adds_up_from_refresh_to_refresh_until_there_are_ten() -> None:
    held = decide(one_cell(people(0, 40)), {})
    for day in range(1, 10):
        held = decide(one_cell(people(0, 40) | people(0, day, "b"), change=0.9), held.cells)
        assert not held.anew
    assert decide(one_cell(people(0, 40) | people(0, 10, "b"), change=0.9), held.cells).anew == {TOP}


def test_a_leaver_cannot_be_told_by_taking_one_day_from_the_next() -> None:
    """One of 30 leaves: the count would fall from 30 to 25 and the figure with it; both stay as they were."""
    first = decide(one_cell(people(0, 30), change=0.5), {})
    second = decide(one_cell(people(1, 30), change=0.3), first.cells)
    assert second.cells == first.cells
    later = decide(one_cell(people(1, 30) | people(1, 10, "b"), change=0.3), second.cells)
    assert later.cells[TOP].figures.people == 25
    assert "p0" not in later.cells[TOP].contributions


def test_who_comes_and_who_goes_are_both_news() -> None:
    assert news(people(0, 5), people(2, 8)) == 5
    assert news({"p": "a"}, {"p": "b"}) == 1


def test_a_tenth_person_alone_does_not_bring_a_withheld_cell_out() -> None:
    first = decide(one_cell(people(0, 9)), {})
    assert first.cells[TOP].figures.is_withheld
    assert decide(one_cell(people(0, 10)), first.cells).cells[TOP].figures.is_withheld
    shown = decide(one_cell(people(0, 10, "b")), first.cells).cells[TOP].figures
    assert shown.state is State.COUNT_ONLY


def split(everyone: Mapping[str, str], sex: Mapping[str, str], need: Mapping[str, str]) -> dict[CellKey, Cell]:
    cells = one_cell(everyone)
    for table, labels, names in (("by_sex", sex, ("F", "M")), ("by_need", need, ("A", "B", "C"))):
        for name in names:
            cells[CellKey(table, OFFER, name)] = cell_of(
                {who: fp for who, fp in everyone.items() if labels[who] == name}
            )
    return cells


def test_tables_of_different_days_side_by_side_tell_nothing_either() -> None:
    """People come, go and check in for 25 days; on each, all published cells together are put to the attack."""
    rng = np.random.default_rng(8)
    everybody = [f"p{number}" for number in range(70)]
    sex = {who: str(rng.choice(["F", "M"], p=(0.82, 0.18))) for who in everybody}
    need = {who: str(rng.choice(["A", "B", "C"], p=(0.6, 0.28, 0.12))) for who in everybody}
    published: dict[CellKey, Cell] = {}
    state, attacked = people(0, 40), 0
    for day in range(25):
        for who in rng.choice(everybody, 6, replace=False):
            state[str(who)] = f"day {day}"
        for who in rng.choice(everybody, 3, replace=False):
            state.pop(str(who), None)
        decided = decide(split(state, sex, need), published)
        left = left_of(decided.cells, credulous=True)
        assert told_too_well(left) == []
        attacked += len(left)
        published = dict(decided.cells)
    assert attacked > 25


def test_a_group_has_a_name_of_its_own_from_ten_young_people_on() -> None:
    labels = ["Autism"] * 6 + ["autism"] * 4 + ["Hearing loss"] * 9 + [""] * 3
    assert groups_of(labels, frozenset()) == {"Autism": "Autism", "autism": "Autism", "Hearing loss": REST}


def test_a_group_that_stands_published_keeps_its_name() -> None:
    assert groups_of(["Hearing loss"] * 2, frozenset({"Hearing loss"})) == {"Hearing loss": "Hearing loss"}


def drawn_cell(first: int, last: int, change: float) -> Cell:
    number, drawn = last - first, Drawn(0.5, 0.1, 0.9, 0.4, differ=False)
    measured = Measured(number, 4 * number, 8, change, change - 0.2, change + 0.2, drawn=drawn)
    return Cell(publishable(measured), people(first, last))


@pytest.mark.parametrize(("smallest", "is_drawn"), [(0, True), (8, False)])
def test_a_figure_drawn_toward_one_that_is_kept_back_goes_with_it(smallest: int, *, is_drawn: bool) -> None:
    """Own figure, drawn figure and the weight of the whole would tell the one kept back, and that the smallest's."""
    groups = {"A": (0, 45), "B": (45, 70), "C": (70, 70 + smallest)}
    cells = {CellKey("by_need", OFFER, name): drawn_cell(*ends, 0.6) for name, ends in groups.items()}
    held = decide({TOP: cell_of(people(0, 70 + smallest)), **cells}, {}).cells
    first, second = (held[CellKey("by_need", OFFER, name)].figures for name in "AB")
    assert (first.change, second.change is not None) == (0.6, is_drawn)
    assert (first.drawn_change is not None, first.differ is not None) == (is_drawn, is_drawn)
