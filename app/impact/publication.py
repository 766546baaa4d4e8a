"""Which cells are published anew, and what of them must be held back so that nothing gives another away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from app.impact.beside import AFTER, EACH, MORE, Span
from app.impact.cells import Cell, CellKey, has_news
from app.impact.count_disclosure import protect
from app.impact.disclosure import FIGURES_FROM, WITHHELD_BESIDE
from app.impact.figure_disclosure import kept_back, lit_pairs, nested
from app.impact.tables import BESIDE, DOSE, EVERYONE, GROUPED, PAIRS, REMAINS, SHAPE, labels_of

Cells = dict[CellKey, Cell]


@dataclass(frozen=True, slots=True)
class Decided:
    """Every cell after one refresh; `anew` names those that changed hands, the rest is what was published before."""

    cells: Mapping[CellKey, Cell]
    anew: frozenset[CellKey]


def decide(fresh: Mapping[CellKey, Cell], published: Mapping[CellKey, Cell]) -> Decided:
    """Publish a cell anew where enough of its people have something new; keep every other as it was.

    A cell that was never decided on before is decided on now. Then withhold what would give withheld cells away.
    """
    anew = {key for key, cell in fresh.items() if has_news(published.get(key), cell.contributions)}
    cells = {key: fresh[key] if key in anew else published[key] for key in fresh}
    held: Cells = {}
    before = _by_offer(published)
    for offer_id, own in _by_offer(cells).items():
        counted = own | protect(own, before.get(offer_id, {}), anew)
        for outcome in {key.outcome for key in own}:
            held |= _protected({key: cell for key, cell in counted.items() if key.outcome == outcome}, anew)
    anew |= {key for key, cell in held.items() if cell.figures != cells[key].figures}
    return Decided(cells | held, frozenset(anew))


def _by_offer(cells: Mapping[CellKey, Cell]) -> dict[UUID, Cells]:
    found: dict[UUID, Cells] = {}
    for key, cell in cells.items():
        if key.offer_id is not None:
            found.setdefault(key.offer_id, {})[key] = cell
    return found


def _protected(own: Cells, anew: set[CellKey]) -> Cells:
    """Return one offer's cells, of one outcome, whose counts are protected, without the figures that must go."""
    held = dict(own)
    columns = _by_table(held)
    for table in GROUPED:
        people = {key.group: cell.people for key, cell in columns.get(table, {}).items()}
        lit = {key.group for key, cell in columns.get(table, {}).items() if cell.figures.has_figure}
        fresh = {key.group for key in columns.get(table, {}) if key in anew}
        back = kept_back(people, lit, fresh)
        held |= {k: _without_figure(c) for k, c in columns.get(table, {}).items() if k.group in back}
    held |= _without_nested(held, {EVERYONE, *GROUPED}, set(GROUPED))
    held |= _undrawn(held)
    held |= _pairs(held)
    held |= _without_nested(held, {EVERYONE, *GROUPED, *PAIRS}, set(PAIRS))
    return held | _beside(held)


def _by_table(cells: Cells) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for key, cell in cells.items():
        found.setdefault(key.table, {})[key] = cell
    return found


def _without_figure(cell: Cell) -> Cell:
    return replace(cell, figures=cell.figures.without_figure())


def _undrawn(held: Cells) -> Cells:
    """Take off the figures drawn toward the whole where a group of the whole does not show its own.

    Own figure, drawn figure and the weight of the whole tell the whole, and the whole the figure of the one left out;
    with that, the groups too small for one could be taken from everyone's.
    """
    changed = Cells()
    for table, cells in _by_table(held).items():
        if table not in GROUPED:
            continue
        if any(cell.people >= FIGURES_FROM and not cell.figures.has_figure for cell in cells.values()):
            changed |= {key: replace(cell, figures=cell.figures.without_drawn()) for key, cell in cells.items()}
    return changed


def _withheld(cell: Cell) -> Cell:
    return cell if cell.figures.is_withheld else replace(cell, figures=WITHHELD_BESIDE)


def _pairs(held: Cells) -> Cells:
    """Withhold in the tables of two columns what would tell a figure that is not shown."""
    tables, changed = _by_table(held), Cells()
    for table, (first, second) in PAIRS.items():
        own = tables.get(table)
        if not own:
            continue
        rows = sorted({labels_of(key.group)[0] for key in own})
        columns = sorted({labels_of(key.group)[1] for key in own})
        people = np.zeros((len(rows), len(columns)), np.int64)
        lit = np.zeros(people.shape, np.bool_)
        place = {key: (rows.index(labels_of(key.group)[0]), columns.index(labels_of(key.group)[1])) for key in own}
        for key, at in place.items():
            people[at], lit[at] = own[key].people, own[key].figures.has_figure
        row_lit, column_lit = _lit(tables.get(first, {}), rows), _lit(tables.get(second, {}), columns)
        shown = lit_pairs(people, lit, row_lit, column_lit)
        changed |= {key: _withheld(own[key]) for key, at in place.items() if not shown[at]}
    return changed


def _lit(column: Cells, groups: list[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which groups of a column show both how many they are and their figure."""
    shown = {key.group for key, cell in column.items() if cell.figures.has_figure and cell.figures.people is not None}
    return np.array([group in shown for group in groups], np.bool_)


def _without_nested(held: Cells, looked_at: set[str], may_go: set[str]) -> Cells:
    """Hold back the figures of groups that lie in one another with fewer than 20 people between them."""
    lit = [key for key, cell in held.items() if key.table in looked_at and cell.figures.has_figure]
    place: dict[str, int] = {}
    for key in lit:
        for person in held[key].contributions:
            place.setdefault(person, len(place))
    member = np.zeros((len(lit), len(place)), np.float32)
    for row, key in enumerate(lit):
        member[row, [place[person] for person in held[key].contributions]] = 1.0
    gone = nested(member, np.array([key.table in may_go for key in lit], np.bool_))
    hold = {lit[row] for row in gone}
    return {key: _without_figure(held[key]) if key.table in GROUPED else _withheld(held[key]) for key in hold}


def _beside(held: Cells) -> Cells:
    """Withhold beside an offer's figure what, with it, would tell of a span or a part of a course that is not shown.

    The figure is the mean of the spans from the start on, over weeks as over sessions, and of the weeks of a course and
    those after it.
    """
    tables = _by_table(held)
    if all(cell.figures.is_withheld for cell in tables.get(EVERYONE, {}).values()):
        return {key: _withheld(cell) for key, cell in held.items() if key.table in (*BESIDE, *PAIRS)}
    changed = _tail(tables.get(SHAPE, {})) | _tail(tables.get(DOSE, {}))
    remains = tables.get(REMAINS, {})
    if any(key.group == AFTER and cell.figures.is_withheld for key, cell in remains.items()):
        changed |= {key: _withheld(cell) for key, cell in remains.items()}
    dose = {key: changed.get(key, cell) for key, cell in tables.get(DOSE, {}).items()}
    if any(":" in key.group and cell.figures.is_withheld and cell.people for key, cell in dose.items()):
        changed |= {key: _withheld(cell) for key, cell in dose.items() if key.group in (EACH, MORE)}
    return changed


def _tail(table: Cells) -> Cells:
    """Withhold further spans, those of the fewest first, until 20 people lie behind what is not shown."""
    after = {key: cell for key, cell in table.items() if ":" in key.group and Span.of(key.group).first >= 0}
    dark = {person for cell in after.values() if cell.figures.is_withheld for person in cell.contributions}
    changed = Cells()
    for key, cell in sorted(after.items(), key=lambda entry: entry[1].people):
        if not dark or len(dark) >= FIGURES_FROM:
            break
        if not cell.figures.is_withheld:
            dark |= set(cell.contributions)
            changed[key] = _withheld(cell)
    return changed
