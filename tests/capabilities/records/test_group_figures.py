"""Somebody who is forgotten leaves the group figures so that nobody can tell their part from what changes."""

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.impact.cells import CellKey
from app.impact.disclosure import Figures, State
from app.impact.models import PublishedCell
from app.impact.published_rows import Published
from app.impact.services import refresh
from app.impact.tables import EVERYONE
from app.records.erasure import forget_young_person
from app.records.values import Basis, Order
from app.young_people.models import YoungPerson
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, make_council
from tests.people import Cast

Shown = dict[CellKey, Figures]


def begin(cast: Cast) -> MadeUp:
    """Make a council whose climbing club has just as many people as figures with a grade need."""
    with transaction():
        made = make_council(
            cast.council_id, (Plan("Climbing club", 30, effect=1.5), Plan("Gaming group", 20)), people=50
        )
        refresh(council_id=made.council_id)
    return made


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def cells(made: MadeUp) -> list[PublishedCell]:
    query = select(PublishedCell).where(PublishedCell.council_id == made.council_id)
    return list(db.session.execute(query).scalars())


def shown(made: MadeUp) -> Shown:
    """Return every figure and count that is published."""
    found = Published(made.council_id).cells
    return {key: cell.figures for key, cell in found.items() if not cell.figures.is_withheld}


def forget(made: MadeUp, number: int) -> str:
    """Forget one of the people; return the id that they had, as published cells write it."""
    with transaction():
        person = db.session.get_one(YoungPerson, made.people[number])
        forget_young_person(person=person, order=Order(Basis.ASKED, "asked"), actor=None)
    return made.people[number].hex


def read_again(made: MadeUp) -> None:
    with transaction():
        refresh(council_id=made.council_id)


def test_their_leaving_changes_no_published_figure_and_their_id_is_nowhere(made: MadeUp) -> None:
    before = shown(made)
    assert any(made.people[0].hex in one.contributions for one in cells(made))
    known = forget(made, 0)
    assert all(known not in one.contributions for one in cells(made))
    assert shown(made) == before
    read_again(made)
    assert shown(made) == before
    assert all(known not in one.contributions for one in cells(made))


def test_they_are_left_out_once_ten_have_something_new(made: MadeUp) -> None:
    before = shown(made)
    forget(made, 0)
    read_again(made)
    with transaction():
        check_in_now(made, made.people[1:10])
    read_again(made)
    club = CellKey(EVERYONE, made.offers["Climbing club"].id)
    assert (before[club].state, shown(made)[club].state) == (State.GRADED, State.EARLY)
    assert Published(made.council_id).cells[club].people == 29
