"""In a large council the figures wait until a tenth of the young people have something new, or for a week."""

import math

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.database import db, transaction
from app.impact import waiting
from app.impact.cells import Cell, CellKey, has_news
from app.impact.commands import impact_cli
from app.impact.council_records import people_in_figures
from app.impact.disclosure import Figures, State
from app.impact.models import Refresh, ScoreBlock
from app.impact.published_rows import Published
from app.impact.services import prepare, refresh
from app.impact.tables import EVERYONE, PAIRS
from app.young_people.models import YoungPerson
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, make_council
from tests.people import Cast

PEOPLE = 120
CLIMBING = "Climbing club"


def begin(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, (Plan(CLIMBING, 60, effect=1.5),), people=PEOPLE)
        refresh(council_id=made.council_id)
    return made


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp, monkeypatch: pytest.MonkeyPatch) -> MadeUp:
    """Return a council that is as large as those that wait."""
    monkeypatch.setattr(waiting, "LARGE", PEOPLE)
    return begun.again()


@pytest.fixture
def wanted(made: MadeUp) -> int:
    """Return a tenth of those in group figures, the cast among them."""
    return math.ceil(len(people_in_figures(made.council_id)) / 10)


def run(made: MadeUp, *, at_once: bool = False) -> tuple[waiting.Waiting | None, int]:
    """Refresh as the command does; return what it waits for and how many cells it published anew."""
    prepared = prepare(council_id=made.council_id, at_once=at_once)
    with transaction():
        found = refresh(council_id=made.council_id, prepared=prepared, at_once=at_once)
    return found.waiting, found.anew


def test_it_waits_for_a_tenth_and_writes_nothing_until_then(made: MadeUp, wanted: int) -> None:
    refreshes, before = select(func.count()).select_from(Refresh), Published(made.council_id).cells
    count = db.session.execute(refreshes).scalar_one()
    with transaction():
        check_in_now(made, made.came[CLIMBING][: wanted - 1])
        check_in_now(made, made.came[CLIMBING][:1])
    waits, anew = run(made)
    assert waits is not None
    assert (waits.with_news, waits.wanted, anew) == (wanted - 1, wanted, 0)
    assert db.session.execute(refreshes).scalar_one() == count
    assert Published(made.council_id).cells == before
    with transaction():
        check_in_now(made, made.came[CLIMBING][wanted - 1 : wanted])
    waits, anew = run(made)
    assert waits is None
    assert anew > 0
    now = Published(made.council_id).cells[CellKey(EVERYONE, made.offers[CLIMBING].id)]
    assert now.contributions != before[CellKey(EVERYONE, made.offers[CLIMBING].id)].contributions


def test_it_waits_for_a_week_at_most(made: MadeUp, wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        check_in_now(made, made.people[: wanted - 1])
    assert run(made)[0] is not None
    later = clock.now() + waiting.LONGEST
    monkeypatch.setattr(clock, "now", lambda: later)
    waits, anew = run(made)
    assert waits is None
    assert anew > 0


def test_the_command_says_what_it_waits_for_and_need_not_wait(app: Flask, made: MadeUp, wanted: int) -> None:
    with transaction():
        check_in_now(made, made.people[: wanted - 1])
    said = app.test_cli_runner().invoke(impact_cli, ["refresh"])
    assert f"{wanted - 1} young people have something new" in said.output
    assert f"stay until {wanted} have" in said.output
    said = app.test_cli_runner().invoke(impact_cli, ["refresh", "--at-once"])
    assert f"of {len(people_in_figures(made.council_id))} young people" in said.output


def test_whoever_asked_to_be_left_out_is_forgotten_while_it_waits(made: MadeUp) -> None:
    left = made.people[0]
    with transaction():
        db.session.get_one(YoungPerson, left).in_group_figures = False
        check_in_now(made, made.people[1:4])
    assert run(made)[0] is not None
    blocks = set(db.session.execute(select(ScoreBlock.young_person_id)).scalars())
    assert left not in blocks
    assert made.people[1] in blocks


def test_a_small_council_never_waits(made: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LARGE", 10 * PEOPLE)
    with transaction():
        check_in_now(made, made.people[:3])
    assert run(made) == (None, 0)


@pytest.mark.parametrize(("people", "enough"), [(30, 10), (100, 10), (101, 11), (250, 25), (1_000, 100)])
def test_a_cell_changes_once_ten_and_a_tenth_have_something_new(people: int, enough: int) -> None:
    before = {str(person): "old" for person in range(people)}
    cell = Cell(Figures(State.WITHHELD), before)
    few = before | {str(person): "new" for person in range(enough - 1)}
    assert not has_news(cell, few)
    assert has_news(cell, few | {str(enough): "new"})


def test_a_table_of_two_columns_waits_for_a_quarter_of_its_people(made: MadeUp) -> None:
    def pairs() -> dict[CellKey, Cell]:
        return {key: cell for key, cell in Published(made.council_id).cells.items() if key.table in PAIRS}

    before = pairs()
    assert before
    with transaction():
        check_in_now(made, made.came[CLIMBING][:14])
    assert run(made)[1] > 0
    assert pairs() == before
    with transaction():
        check_in_now(made, made.came[CLIMBING][14:50], answer=9.0)
    assert run(made, at_once=True)[1] > 0
    after = pairs()
    assert after != before
