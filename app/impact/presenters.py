"""What the comparison pages and downloads show: published figures, in words and as marks on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.impact.council_panel import YOUNGEST
from app.impact.disclosure import Figures
from app.impact.evidence_words import (
    Told,
    changes_needed,
    difference_words,
    group_summary,
    in_list,
    pair_summary,
    summary,
)
from app.impact.published_values import PublishedTable
from app.impact.rows import Row, as_drawn, day_in_words, row_of
from app.impact.scales import Scale, scale_of
from app.impact.shown_outcomes import SHOWN_OUTCOMES, WELLBEING_SHOWN, ShownOutcome
from app.impact.tables import EVERYONE, REST
from app.impact.ways import COLUMN_WAYS, WAYS, By
from app.web.dates import time_in_words

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one intervention; those withheld are named together."""

    intervention: str
    provider: str
    rows: tuple[Row, ...]
    withheld: tuple[Row, ...]
    offer_id: UUID
    differ: bool | None

    @property
    def withheld_groups(self) -> str:
        names = [row.group for row in self.withheld]
        return in_list(names) if len(names) <= MOST_NAMED else f"{len(names)} groups"

    @property
    def difference(self) -> str:
        return difference_words(self.differ)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison page: the sentence first, then rows in order of how much can be said."""

    by: By
    sentence: str
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    scale: Scale
    totals: Figures | None
    refreshed: str
    changes: tuple[str, ...]
    outcome: ShownOutcome

    @property
    def is_grouped(self) -> bool:
        return self.by.table != EVERYONE

    @property
    def is_paired(self) -> bool:
        return bool(self.by.also)

    @property
    def has_figures(self) -> bool:
        return any(row.has_drawing for row in self.rows)

    @property
    def ask(self) -> dict[str, str]:
        """The parts of its address."""
        parts = {"outcome": self.outcome.code, "by": self.by.code, "and": self.by.also}
        return {name: code for name, code in parts.items() if code}

    def asking(self, **changes: str) -> dict[str, str]:
        """Return the parts of an address like its own with some of them changed, empty ones left out."""
        return {name: code for name, code in (self.ask | changes).items() if code}

    @property
    def about(self) -> str:
        """What it is of and by, where that is not wellbeing for everyone."""
        outcome, by = "" if self.outcome.is_usual else self.outcome.words, self.by.words if self.is_grouped else ""
        return f"{outcome}, {by.lower()}" if outcome and by else outcome or by

    @property
    def outcomes(self) -> tuple[ShownOutcome, ...]:
        return SHOWN_OUTCOMES

    @property
    def seconds(self) -> tuple[By, ...]:
        """The columns that can be put beside the one chosen; of wellbeing alone are there tables of two."""
        can = self.is_grouped and self.outcome.is_usual
        return tuple(way for way in COLUMN_WAYS if can and way.code != self.by.code)

    @property
    def ways(self) -> tuple[By, ...]:
        return WAYS

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]

    @property
    def counted(self) -> str:
        return counted_words(self.totals, self.outcome)


def counted_words(totals: Figures | None, outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Say what the refresh counted in all."""
    if totals is None or totals.is_withheld or None in (totals.check_ins, totals.sessions, totals.people):
        return f"Fewer than 10 {outcome.who} have {outcome.recorded} so far, so their number is not shown."
    if not outcome.is_usual:
        return f"Counted: {totals.check_ins:,} {outcome.counted}, of {totals.people:,} {outcome.who}."
    return (
        f"Counted: {totals.check_ins:,} check-ins and {totals.sessions:,} sessions attended, "
        f"of {totals.people:,} young people."
    )


def comparison(table: PublishedTable, by: By, outcome: ShownOutcome = WELLBEING_SHOWN) -> Comparison:
    """Lay a published table out for the page, Explore and the downloads alike."""
    scale = scale_of(shown for cell in table.cells for shown in (cell.figures, as_drawn(cell.figures)))
    answers = table.responses if by.table == EVERYONE else {}
    made = (row_of(cell, scale, table.refreshed_at, answers.get(cell.intervention.id), outcome) for cell in table.cells)
    rows = sorted(made, key=_order)
    sections = tuple(_section(list(held)) for _, held in groupby(rows, key=lambda row: row.intervention))
    told = [(row.intervention, row.group, row.figures) for row in rows]
    when = table.refreshed_at
    return Comparison(
        by,
        _summary(told, by, outcome),
        tuple(rows),
        sections,
        scale,
        table.totals,
        f"{day_in_words(when)}, {time_in_words(when)}" if when else "",
        changes_needed(told, outcome) if by.table == EVERYONE else (),
        outcome,
    )


def _summary(told: Sequence[Told], by: By, outcome: ShownOutcome) -> str:
    if by.table == EVERYONE:
        return summary(told, outcome)
    return pair_summary(told) if by.also else group_summary(told, outcome)


def _order(row: Row) -> tuple[str, float, float, str]:
    """Put what can be said first among interventions; among groups, youngest first and the rest last."""
    if not row.group:
        return "", row.evidence.rank, -(row.figures.change or 0.0), row.intervention
    place = 2.0 if row.group == REST else 0.0 if row.group == YOUNGEST else 1.0
    return row.intervention, row.is_withheld, place, row.group


def _section(rows: list[Row]) -> Section:
    shown, withheld = (tuple(row for row in rows if row.is_withheld is kept) for kept in (False, True))
    first = rows[0]
    return Section(first.intervention, first.provider, shown, withheld, first.cell.intervention.id, newest_differ(rows))


def newest_differ(rows: Sequence[Row]) -> bool | None:
    """Return what the newest joint test of these groups found; None where there was none."""
    drawn = [row for row in rows if row.drawn]
    return max(drawn, key=lambda row: row.as_of).figures.differ if drawn else None


def pounds(amount: float | None) -> str:
    """Return money in words a meeting would use: no pence where there are none."""
    if amount is None:
        return "not given"
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"
