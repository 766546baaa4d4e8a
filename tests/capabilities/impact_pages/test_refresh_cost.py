"""A refresh does what is new and no more, and comes to what a whole one would have come to."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.impact import council_fit, services
from app.impact.cells import Cell, CellKey, news
from app.impact.contributions import Contributions
from app.impact.council_panel import read_council
from app.impact.council_records import last_refresh, read_records
from app.impact.fits import fit_laid, lay_panel
from app.impact.held import Held, Kept
from app.impact.models import PublishedCell
from app.impact.other_outcomes import other_panels
from app.impact.publication import decide
from app.impact.published_rows import Published
from app.impact.services import Prepared, decide_where_new, prepare, refresh
from app.impact.tables import EVERYONE, GOALS, TOTALS, USUAL_OUTCOME
from app.records.erasure import forget_young_person
from app.records.values import Basis, Order
from app.young_people.models import YoungPerson
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, make_council
from tests.capabilities.impact_pages.outcomes import rate_goals, rise
from tests.people import Cast

CLIMBING, GAMING = "Climbing club", "Gaming group"
PEOPLE = 240
"""So many that ten are fewer than one in twenty: variances are kept."""
OF_AN_ERROR = 0.02
STEP = 0.1
"""What is published is rounded to tenths: what lies between two may fall either way."""
OTHERWISE_ROUNDED = 0.1


def begin(cast: Cast) -> MadeUp:
    with transaction():
        plans = (Plan(CLIMBING, 90, effect=1.5), Plan(GAMING, 60))
        made = make_council(cast.council_id, plans, people=PEOPLE)
        rate_goals(made, made.people[:40], rise(made, made.people[:40], CLIMBING, 4, 6))
    run(made)
    return made


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def run(made: MadeUp) -> None:
    with transaction():
        refresh(council_id=made.council_id)


def kept(made: MadeUp, outcome: str = USUAL_OUTCOME) -> Kept:
    last = last_refresh(made.council_id)
    assert last is not None
    return Kept.of(json.loads(last.summary)["kept"][outcome])


def prepared(made: MadeUp, *, in_full: bool = False) -> Prepared:
    found = prepare(council_id=made.council_id, in_full=in_full)
    assert found is not None
    return found


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[Held | None]:
    """Return what every fit from here on goes by; the fits themselves are real."""
    seen: list[Held | None] = []
    real = fit_laid

    def watched(laid: Any, held: Held | None = None) -> Any:  # noqa: ANN401 (handed on)
        seen.append(held)
        return real(laid, held)

    monkeypatch.setattr(council_fit, "fit_laid", watched)
    return seen


def test_nothing_is_fitted_where_nothing_may_be_published(made: MadeUp, fitted: list[Held | None]) -> None:
    with transaction():
        check_in_now(made, [*made.came[CLIMBING][:5], *made.came[GAMING][-5:]])
    run(made)
    assert fitted == []
    assert kept(made).since == 10


def test_variances_are_kept_while_few_have_something_new(made: MadeUp, fitted: list[Held | None]) -> None:
    first = kept(made)
    assert first.held is not None
    with transaction():
        check_in_now(made, made.came[CLIMBING][:11])
    run(made)
    assert fitted == [first.held]
    assert kept(made) == Kept(first.held, since=11, since_shared=0)
    with transaction():
        check_in_now(made, made.came[GAMING][:11])
    run(made)
    assert fitted == [first.held, None]
    assert kept(made).since == 0
    assert kept(made).held != first.held


def test_a_refresh_in_parts_comes_to_what_a_whole_one_does(made: MadeUp) -> None:
    with transaction():
        check_in_now(made, made.came[CLIMBING][:11], answer=8.0)
    part, whole = prepared(made), prepared(made, in_full=True)
    assert part.records.opened.check_ins == 11
    assert whole.records.opened.check_ins == PEOPLE * 12 + 11
    assert part.cells.keys() == whole.cells.keys()
    before, off = part.published.cells, list[float]()
    for key, cell in part.cells.items():
        assert news(cell.contributions, whole.cells[key].contributions) == 0 or cell is before[key]
        if cell is not before[key] and key.table != TOTALS:
            off += differences(cell, whole.cells[key])
    assert len(off) > 30
    assert max(off) < 1.01 * STEP
    assert np.mean(np.array(off) > 0) < OTHERWISE_ROUNDED


def differences(one: Cell, other: Cell) -> list[float]:
    """Return by how much the figures of two cells differ, one by one."""
    mine, theirs, found = one.figures, other.figures, []
    assert (mine.state, mine.people, mine.grade) == (theirs.state, theirs.people, theirs.grade)
    for name in ("change", "low", "high", "naive", "drawn_change", "drawn_low", "drawn_high"):
        value, whole = getattr(mine, name), getattr(theirs, name)
        assert (value is None) == (whole is None)
        if value is not None:
            found.append(abs(value - whole))
    return found


def test_offers_without_news_are_left_out_of_what_is_decided(made: MadeUp) -> None:
    with transaction():
        check_in_now(made, made.came[CLIMBING][:11], answer=8.0)
    found = prepared(made)
    before = found.published.cells
    alone, together = decide_where_new(found.cells, before), decide(found.cells, before)
    assert alone.anew == together.anew
    assert {key.offer_id for key in alone.anew} == {made.offers[CLIMBING].id}
    assert dict(alone.cells) == dict(together.cells)


def test_figures_by_kept_variances_are_off_by_a_small_part_of_their_error(made: MadeUp) -> None:
    held = kept(made).held
    with transaction():
        check_in_now(made, made.came[CLIMBING][:11], answer=8.0)
    council = read_council(made.council_id, read_records(made.council_id))
    laid = lay_panel(council.panel, 10)
    part, whole = fit_laid(laid, held).means.fitted, fit_laid(laid).means.fitted
    error = whole.standard_error
    assert (np.abs(part.change - whole.change) <= OF_AN_ERROR * error).all()
    assert (np.abs(part.standard_error - error) <= OF_AN_ERROR * error).all()


def test_a_cell_that_was_not_looked_at_is_published_once_ten_of_its_people_have_news(made: MadeUp) -> None:
    key = CellKey(EVERYONE, made.offers[GAMING].id)
    before = prepared_cell(made, key)
    for people in (made.came[GAMING][:6], made.came[GAMING][6:9]):
        with transaction():
            check_in_now(made, people)
        run(made)
        assert prepared_cell(made, key).contributions == before.contributions
    with transaction():
        check_in_now(made, made.came[GAMING][9:10])
    run(made)
    assert news(before.contributions, prepared_cell(made, key).contributions) == 10


def prepared_cell(made: MadeUp, key: CellKey) -> Cell:
    return Published(made.council_id).cells[key]


def test_other_outcomes_are_read_only_where_something_else_than_a_check_in_is_new(
    made: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[UUID] = []
    real: Callable[..., Any] = other_panels

    def watched(council_id: UUID, council: Any) -> Any:  # noqa: ANN401 (handed on)
        read.append(council_id)
        return real(council_id, council)

    monkeypatch.setattr(services, "other_panels", watched)
    goals = {key: cell for key, cell in Published(made.council_id).cells.items() if key.outcome == GOALS}
    assert goals
    with transaction():
        check_in_now(made, made.people[:30])
    run(made)
    assert read == []
    after = Published(made.council_id).cells
    assert {key: cell for key, cell in after.items() if key.outcome == GOALS} == goals
    with transaction():
        rate_goals(made, made.people[:30], rise(made, made.people[:30], CLIMBING, 4, 6))
    run(made)
    assert read == [made.council_id]
    totals = CellKey(TOTALS, None, outcome=GOALS)
    assert news(goals[totals].contributions, Published(made.council_id).cells[totals].contributions) == 30


def test_whoever_is_forgotten_while_a_refresh_is_prepared_is_named_by_nothing_it_writes(made: MadeUp) -> None:
    with transaction():
        check_in_now(made, made.came[CLIMBING][1:12])
    before = prepared(made)
    known = made.people[0].hex
    with transaction():
        person = db.session.get_one(YoungPerson, made.people[0])
        forget_young_person(person=person, order=Order(Basis.ASKED, "asked"), actor=None)
    with transaction():
        refresh(council_id=made.council_id, prepared=before)
    rows = db.session.execute(select(PublishedCell)).scalars()
    assert all(known not in row.contributions for row in rows)


def test_contributions_in_rows_say_what_they_say_in_words() -> None:
    rng = np.random.default_rng(4)
    for _ in range(30):
        one, other = (
            {f"{place:032x}": f"{mark:016x}" for place, mark in enumerate(rng.integers(0, 3, 12).tolist()) if mark}
            for _ in range(2)
        )
        rows, others = Contributions.of(one), Contributions.of(other)
        assert rows == one
        assert rows.differ_from(others) == news(one, other) == sum(one.get(p) != other.get(p) for p in {*one, *other})
        assert Contributions.from_text(rows.as_text()) == one
        assert Contributions.from_text(json.dumps(one)) == one


def test_what_is_kept_survives_being_written_down(made: MadeUp) -> None:
    found = kept(made)
    assert found.held is not None
    assert found.held.persons is not None
    assert Kept.of(json.loads(json.dumps(found.values()))) == found
    none = replace(found, held=None)
    assert Kept.of(json.loads(json.dumps(none.values()))) == none
