"""Groups of one offer as tables: with figures, with counts alone, and of two columns at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.impact.evidence_words import difference_words
from app.impact.published_values import Groups
from app.impact.rows import Row, as_drawn, row_of
from app.impact.scales import Scale, scale_of
from app.impact.tables import REST
from app.impact.ways import BY_TABLE, By, way_by


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one column, or of two: those that show something, and those withheld."""

    way: By
    rows: tuple[Row, ...]
    withheld: tuple[Row, ...]
    scale: Scale
    difference: str

    @property
    def has_figures(self) -> bool:
        return any(row.has_drawing for row in self.rows)

    @property
    def withheld_groups(self) -> str:
        """Name the withheld; names may have commas of their own."""
        return "; ".join(row.group for row in self.withheld)


@dataclass(frozen=True, slots=True)
class GroupTables:
    """All tables of groups of one offer, by what they show; `pairs` are those of two columns that show a figure."""

    drawn: tuple[GroupTable, ...]
    counted: tuple[GroupTable, ...]
    bare: tuple[GroupTable, ...]
    pairs: tuple[GroupTable, ...]
    bare_pairs: tuple[GroupTable, ...]

    @property
    def singles(self) -> tuple[GroupTable, ...]:
        return (*self.drawn, *self.counted, *self.bare)

    @property
    def all_pairs(self) -> tuple[GroupTable, ...]:
        return (*self.pairs, *self.bare_pairs)


def group_tables(singles: Sequence[Groups], pairs: Sequence[Groups], refreshed: datetime | None) -> GroupTables:
    """Lay out everything that is published by group."""
    made = [_table(groups, refreshed) for groups in singles]
    both = [_table(groups, refreshed) for groups in pairs]
    return GroupTables(
        tuple(table for table in made if table.has_figures),
        tuple(table for table in made if table.rows and not table.has_figures),
        tuple(table for table in made if not table.rows),
        tuple(table for table in both if table.has_figures),
        tuple(table for table in both if not table.has_figures),
    )


def _table(groups: Groups, refreshed: datetime | None) -> GroupTable:
    scale = scale_of(shown for cell in groups.cells for shown in (cell.figures, as_drawn(cell.figures)))
    rows = sorted((row_of(cell, scale, refreshed) for cell in groups.cells), key=lambda row: row.group == REST)
    shown, withheld = (tuple(row for row in rows if row.is_withheld is kept) for kept in (False, True))
    way = BY_TABLE[groups.table] if len(groups.columns) == 1 else way_by(*groups.columns)
    return GroupTable(way, shown, withheld, scale, difference_words(groups.differ))
