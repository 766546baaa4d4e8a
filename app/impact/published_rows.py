"""Published cells as rows: one for each cell, but one for a whole table of two columns at one offer."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.crypto.keyring import current_keyring
from app.database import db
from app.impact.cells import Cell, CellKey
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell
from app.impact.tables import PAIRS

RowKey = tuple[str, str, UUID | None, str]


def row_key(key: CellKey) -> RowKey:
    """Return which row a cell is in."""
    return key.outcome, key.table, key.offer_id, "" if key.table in PAIRS else key.group


class Published:
    """What is published of one council now: its rows, and the cells in them."""

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        query = select(PublishedCell).where(PublishedCell.council_id == council_id)
        self.rows: dict[RowKey, PublishedCell] = {}
        self.cells: dict[CellKey, Cell] = {}
        for row in db.session.execute(query).scalars():
            self.rows[row.outcome, row.table_name, row.intervention_id, row.group] = row
            self.cells |= _cells_in(row)

    def replace(self, cells: Mapping[CellKey, Cell], anew: Iterable[CellKey], at: datetime) -> None:
        """Write the rows that hold a cell of `anew`, and delete those that hold none of `cells` any more."""
        by_row: dict[RowKey, dict[CellKey, Cell]] = {}
        for key, cell in cells.items():
            by_row.setdefault(row_key(key), {})[key] = cell
        for gone in self.rows.keys() - by_row.keys():
            db.session.delete(self.rows.pop(gone))
        shrunk = {row_key(key) for key in self.cells.keys() - cells.keys()} & by_row.keys()
        for place in {row_key(key) for key in anew} | shrunk:
            self._write(place, by_row[place], at)
        self.cells = dict(cells)

    def _write(self, place: RowKey, cells: Mapping[CellKey, Cell], at: datetime) -> None:
        row = self.rows.get(place)
        if row is None:
            row = self.rows[place] = self._new(place)
            db.session.add(row)
        row.published_at = at
        if place[1] in PAIRS:
            figures = {key.group: cell.figures.values() for key, cell in cells.items()}
            row.figures = json.dumps(figures, separators=(",", ":"))
            brought = {key.group: dict(cell.contributions) for key, cell in cells.items() if cell.contributions}
            row.contributions = json.dumps(brought, separators=(",", ":"))
            return
        (cell,) = cells.values()
        row.figures = cell.figures.as_text()
        row.contributions = json.dumps(dict(cell.contributions), separators=(",", ":"))

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


def _cells_in(row: PublishedCell) -> dict[CellKey, Cell]:
    table, offer_id, outcome = row.table_name, row.intervention_id, row.outcome
    brought = json.loads(row.contributions)
    if table not in PAIRS:
        return {CellKey(table, offer_id, row.group, outcome): Cell(Figures.from_text(row.figures), brought)}
    return {
        CellKey(table, offer_id, group, outcome): Cell(figures, brought.get(group, {}))
        for group, figures in figures_by_group(row.figures).items()
    }


def figures_by_group(text: str) -> dict[str, Figures]:
    """Return the figures in a row of a table of two columns, by group."""
    return {group: Figures.from_values(values) for group, values in json.loads(text).items()}
