"""Published cells as rows: one for each cell, but one for a whole table of two columns at one offer."""

import json
import math
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, sealed_column, sealed_in
from app.database import db
from app.impact.cells import Cell, CellKey, Said, Told
from app.impact.contributions import NOBODY, Contributions
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell
from app.impact.tables import PAIRS

SEALED = ("group", "figures", "contributions", "told")
CHUNK = 500
RowKey = tuple[str, str, UUID | None, str]


def row_key(key: CellKey) -> RowKey:
    """Return which row a cell is in."""
    return key.outcome, key.table, key.offer_id, "" if key.table in PAIRS else key.group


class Published:
    """What is published of one council now: which rows there are, and the cells in them."""

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        self.rows: dict[RowKey, UUID] = {}
        self.cells: dict[CellKey, Cell] = {}
        plain = select(
            PublishedCell.id, PublishedCell.outcome, PublishedCell.table_name, PublishedCell.intervention_id
        ).where(PublishedCell.council_id == council_id)
        sealed = (sealed_column(PublishedCell, name) for name in SEALED)
        rows = [tuple(row) for row in db.session.execute(plain.add_columns(*sealed))]
        opened = [
            open_many(PublishedCell, name, OwnerKind.COUNCIL, sealed_in(rows, ids=0, owners=council_id, values=at))
            for at, name in enumerate(SEALED, start=4)
        ]
        for (id_, outcome, table, offer_id, *_), group, figures, brought, told in zip(rows, *opened, strict=True):
            self.rows[outcome, table, offer_id, group] = id_
            self.cells |= _cells_in(CellKey(table, offer_id, group, outcome), figures, brought, told)

    def replace(self, cells: Mapping[CellKey, Cell], anew: Iterable[CellKey], at: datetime) -> None:
        """Write the rows that hold a cell of `anew`, and delete those that hold none of `cells` any more.

        What has been told of a count is written wherever there is more of it.
        """
        by_row: dict[RowKey, dict[CellKey, Cell]] = {}
        for key, cell in cells.items():
            by_row.setdefault(row_key(key), {})[key] = cell
        shrunk = {row_key(key) for key in self.cells.keys() - cells.keys()} & by_row.keys()
        wanted = {row_key(key) for key in anew} | shrunk
        gone = self.rows.keys() - by_row.keys()
        told = {row_key(key): cell.told for key, cell in cells.items() if cell.told != self._told(key)}
        rows = self._stored(wanted | gone | told.keys())
        for place in gone:
            db.session.delete(rows[place])
            del self.rows[place]
        for place in wanted:
            row = rows.get(place)
            if row is None:
                row = rows[place] = self._new(place)
                db.session.add(row)
            _write(row, by_row[place], at)
        for place, columns in told.items():
            rows[place].told = _as_text(columns)
        db.session.flush()
        self.cells = dict(cells)

    def _told(self, key: CellKey) -> tuple[Told, ...]:
        return self.cells[key].told if key in self.cells else ()

    def _stored(self, places: Collection[RowKey]) -> dict[RowKey, PublishedCell]:
        held = {self.rows[place]: place for place in places if place in self.rows}
        ids, found = list(held), dict[RowKey, PublishedCell]()
        for start in range(0, len(ids), CHUNK):
            query = select(PublishedCell).where(PublishedCell.id.in_(ids[start : start + CHUNK]))
            found |= {held[row.id]: row for row in db.session.execute(query).scalars()}
        return found

    def _new(self, place: RowKey) -> PublishedCell:
        outcome, table, offer_id, group = place
        index = current_keyring().blind_index(self.council_id, PublishedCell.__tablename__, "group", group)
        return PublishedCell(
            council_id=self.council_id,
            outcome=outcome,
            table_name=table,
            intervention_id=offer_id,
            group_key=index.hex() if group else "",
            group=group,
        )


def _write(row: PublishedCell, cells: Mapping[CellKey, Cell], at: datetime) -> None:
    row.published_at = at
    brought = {key.group: Contributions.of(cell.contributions).as_text() for key, cell in cells.items()}
    if row.table_name in PAIRS:
        figures = {key.group: cell.figures.values() for key, cell in cells.items()}
        row.figures = json.dumps(figures, separators=(",", ":"))
        row.contributions = json.dumps({group: text for group, text in brought.items() if text}, separators=(",", ":"))
        return
    ((key, cell),) = cells.items()
    row.figures, row.contributions = cell.figures.as_text(), brought[key.group]


def _as_text(told: Iterable[Told]) -> str | None:
    said = [[one.table, one.adds_up, *map(_values, (one.total, *one.parts))] for one in told]
    return json.dumps(said, separators=(",", ":")) if said else None


def _values(said: Said) -> list[Any]:
    return [said.of, said.low, None if math.isinf(said.high) else said.high, said.shown]


def _from_text(text: str) -> tuple[Told, ...]:
    found = []
    for table, adds_up, *counts in json.loads(text or "[]"):
        total, *parts = (Said(of, low, math.inf if high is None else high, shown) for of, low, high, shown in counts)
        found.append(Told(table, total, tuple(parts), adds_up))
    return tuple(found)


def _cells_in(place: CellKey, figures: str, brought: str, told: str) -> dict[CellKey, Cell]:
    """Return the cells of one row, `place` being its own: of a table of two columns each has a group of its own."""
    if place.table not in PAIRS:
        return {place: Cell(Figures.from_text(figures), Contributions.from_text(brought), _from_text(told))}
    people = {group: _of_group(stored) for group, stored in json.loads(brought).items()}
    return {
        CellKey(place.table, place.offer_id, group, place.outcome): Cell(one, people.get(group, NOBODY))
        for group, one in figures_by_group(figures).items()
    }


def _of_group(stored: str | dict[str, str]) -> Contributions:
    """Read one group's part, as it is written now or as it was written once."""
    return Contributions.from_text(stored) if isinstance(stored, str) else Contributions.of(stored)


def figures_by_group(text: str) -> dict[str, Figures]:
    """Return the figures in a row of a table of two columns, by group."""
    return {group: Figures.from_values(values) for group, values in json.loads(text).items()}
