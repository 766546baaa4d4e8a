"""What is published of one offer: its shape, what remains, and its groups by one column and by two."""

import json

import numpy as np
import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.impact.council_panel import label_of
from app.impact.disclosure import FIGURES_FROM, State
from app.impact.models import PublishedCell
from app.impact.published_rows import Published
from app.impact.queries import published_intervention, published_table
from app.impact.services import refresh
from app.impact.tables import GROUPED, MORE_THAN_ONE, PAIRS, REMAINS, SHAPE, labels_of
from app.web.errors import NotFoundError
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.people import Cast

PLANS = (Plan("Climbing club", 150, effect=1.0), Plan("Swimming", 13))


def begin(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, PLANS, people=170, weeks=13)
    with transaction():
        refresh(council_id=made.council_id)
    return made


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def test_an_offer_is_published_with_its_shape_and_its_groups(made: MadeUp, cast: Cast) -> None:
    shown = published_intervention(cast.council_staff, made.offers["Climbing club"].id)
    assert shown.intervention.name == "Climbing club"
    assert shown.everyone is not None
    assert shown.everyone.figures.people == 150
    assert [point.span.first for point in shown.shape] == [-8, -3, 0, 1, 2, 4, 7]
    after = next(point for point in shown.shape if point.span.first == 2)
    assert after.change is not None
    assert after.change > 0
    assert [groups.table for groups in shown.groups] == [table for table in GROUPED if table in by_tables(shown.groups)]
    sex = by_tables(shown.groups)["by_sex"]
    assert {cell.group for cell in sex.cells if cell.figures.drawn_change is not None} == {"Female", "Male"}
    assert sex.differ is False


def by_tables(groups: tuple) -> dict:  # type: ignore[type-arg]
    return {held.table: held for held in groups}


def test_groups_of_two_columns_are_drawn_toward_the_whole_and_have_no_count(made: MadeUp, cast: Cast) -> None:
    shown = published_intervention(cast.council_staff, made.offers["Climbing club"].id)
    cells = [cell for groups in shown.pairs for cell in groups.cells]
    lit = [cell for cell in cells if not cell.figures.is_withheld]
    assert len(lit) > 8
    assert len(cells) > len(lit)
    for cell in lit:
        figures = cell.figures
        assert (figures.state, figures.people, figures.sessions, figures.change) == (State.SHOWN, None, None, None)
        assert figures.drawn_low is not None
        assert figures.drawn_change is not None
        assert figures.drawn_low <= figures.drawn_change
        assert len(cell.labels) == 2
    pair = by_tables(shown.pairs)["by_sex_and_need"]
    assert pair.columns == ("by_sex", "by_need")


def test_every_shown_cell_is_made_from_twenty_people_whose_column_groups_show_theirs(made: MadeUp) -> None:
    cells = Published(made.council_id).cells
    shown = 0
    for key, cell in cells.items():
        if key.table in (*PAIRS, SHAPE, REMAINS) and cell.figures.has_figure:
            assert cell.people >= FIGURES_FROM
        if key.table in PAIRS and cell.figures.has_figure:
            shown += 1
            for table, label in zip(PAIRS[key.table], labels_of(key.group), strict=True):
                margin = next(k for k in cells if (k.table, k.offer_id, k.group) == (table, key.offer_id, label))
                assert cells[margin].figures.has_figure
                assert cells[margin].figures.people is not None
    assert shown


def test_a_table_of_two_columns_over_all_offers(made: MadeUp, cast: Cast) -> None:
    table = published_table(cast.council_staff, "by_sex_and_age")
    swimming = [cell for cell in table.cells if cell.intervention.name == "Swimming"]
    assert swimming
    assert all(cell.figures.is_withheld for cell in swimming)
    assert any(cell.figures.drawn_change is not None for cell in table.cells)
    assert made


def test_nobody_else_sees_an_offer(made: MadeUp, cast: Cast) -> None:
    for viewer in (cast.mentor, cast.provider, cast.other_council_staff):
        with pytest.raises(NotFoundError):
            published_intervention(viewer, made.offers["Climbing club"].id)


def test_what_is_stored_of_a_withheld_cell_holds_no_figure(made: MadeUp) -> None:
    rows = db.session.execute(select(PublishedCell).where(PublishedCell.table_name.in_(PAIRS))).scalars()
    stored = [figures for row in rows for figures in json.loads(row.figures).values()]
    assert all(set(held) <= {"state", "complementary"} for held in stored if held["state"] == "withheld")
    assert made


@pytest.mark.parametrize(
    ("recorded", "counted"),
    [([], ""), (["Autism"], "Autism"), (["Autism", "autism "], "Autism"), (["Autism", "ADHD"], MORE_THAN_ONE)],
)
def test_whoever_has_several_diagnoses_is_counted_once(recorded: list[str], counted: str) -> None:
    assert label_of(recorded).casefold() == counted.casefold()


def test_spans_hold_their_weeks(made: MadeUp, cast: Cast) -> None:
    shown = published_intervention(cast.council_staff, made.offers["Climbing club"].id)
    last = shown.shape[-1].span
    assert last.last is None
    assert last.holds(np.array([6, 7, 90])).tolist() == [False, True, True]
