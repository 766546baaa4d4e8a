"""What the comparison pages and downloads show: published figures, in words and as marks on one scale."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app import clock
from app.impact.council_panel import YOUNGEST
from app.impact.disclosure import Figures, State
from app.impact.evidence_words import (
    AS_RANGE,
    Evidence,
    changes_needed,
    evidence_of,
    finding_of,
    group_summary,
    in_list,
    is_certain,
    summary,
)
from app.impact.published_values import PublishedTable, ShownCell
from app.impact.scales import Mark, Scale, mark_of, scale_of
from app.impact.tables import EVERYONE, REST
from app.web.dates import time_in_words

PENCE = 100
BY_TENS_FROM = 100


@dataclass(frozen=True, slots=True)
class By:
    """One way of comparing, as a pill: `code` stands in the URL."""

    code: str
    table: str
    words: str
    column: str


WAYS = (
    By("", EVERYONE, "Everyone", "Everyone"),
    By("need", "by_need", "By need", "Primary need"),
    By("age", "by_age", "By age", "Age"),
    By("sex", "by_sex", "By sex", "Sex"),
    By("ethnicity", "by_ethnicity", "By ethnicity", "Ethnicity"),
    By("locality", "by_locality", "By locality", "Locality"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One published cell as a row: figures as published, money in pounds."""

    intervention: str
    provider: str
    about: str
    group: str
    figures: Figures
    evidence: Evidence
    finding: str
    mark: Mark | None
    cost_per_session: float | None
    cost_per_point: float | None
    cost_per_point_low: float | None
    cost_per_point_high: float | None
    as_of: datetime
    is_older: bool

    @property
    def is_withheld(self) -> bool:
        return self.figures.is_withheld

    @property
    def people(self) -> str:
        if self.is_withheld:
            return "withheld"
        return AS_RANGE[self.figures.state] if self.figures.people is None else f"{self.figures.people:,}"

    @property
    def sessions(self) -> str:
        return "not given" if self.figures.sessions is None else f"{self.figures.sessions:,}"

    @property
    def day(self) -> str:
        return in_words(self.as_of)


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one intervention; those withheld are named together."""

    intervention: str
    about: str
    rows: tuple[Row, ...]
    withheld: tuple[Row, ...]

    @property
    def withheld_groups(self) -> str:
        return in_list([row.group for row in self.withheld])


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

    @property
    def is_grouped(self) -> bool:
        return self.by.table != EVERYONE

    @property
    def has_figures(self) -> bool:
        return any(row.mark for row in self.rows)

    @property
    def ways(self) -> tuple[By, ...]:
        return WAYS

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]

    @property
    def counted(self) -> str:
        """Say what the refresh counted in all."""
        totals = self.totals
        if totals is None or totals.is_withheld or None in (totals.check_ins, totals.sessions, totals.people):
            return "Fewer than 10 young people have checked in so far, so their number is not shown."
        return (
            f"Counted: {totals.check_ins:,} check-ins and {totals.sessions:,} sessions attended, "
            f"of {totals.people:,} young people."
        )


def in_words(moment: datetime) -> str:
    local = clock.in_britain(moment)
    return f"{local.day} {local:%B %Y}"


def comparison(table: PublishedTable, by: By) -> Comparison:
    """Lay a published table out for the page, Explore and the downloads alike."""
    scale = scale_of(cell.figures for cell in table.cells)
    rows = sorted((_row(cell, scale, table.refreshed_at) for cell in table.cells), key=_order)
    sections = tuple(_section(list(held)) for _, held in groupby(rows, key=lambda row: row.intervention))
    told = [(row.intervention, row.group, row.figures) for row in rows]
    when = table.refreshed_at
    return Comparison(
        by,
        summary(told) if by.table == EVERYONE else group_summary(told),
        tuple(rows),
        sections,
        scale,
        table.totals,
        f"{in_words(when)}, {time_in_words(when)}" if when else "",
        changes_needed(told) if by.table == EVERYONE else (),
    )


def _order(row: Row) -> tuple[str, float, float, str]:
    """Put what can be said first among interventions; among groups, youngest first and the rest last."""
    if not row.group:
        return "", row.evidence.rank, -(row.figures.change or 0.0), row.intervention
    place = 2.0 if row.group == REST else 0.0 if row.group == YOUNGEST else 1.0
    return row.intervention, row.is_withheld, place, row.group


def _section(rows: list[Row]) -> Section:
    shown, withheld = (tuple(row for row in rows if row.is_withheld is kept) for kept in (False, True))
    return Section(rows[0].intervention, rows[0].about, shown, withheld)


def _row(cell: ShownCell, scale: Scale, refreshed: datetime | None) -> Row:
    offer, figures = cell.intervention, cell.figures
    per_session = None if offer.cost_per_place is None else offer.cost_per_place / PENCE
    point, low, high = _cost_per_point(figures, per_session)
    return Row(
        offer.name,
        offer.provider,
        " · ".join(part for part in (offer.provider, offer.summary) if part),
        cell.group,
        figures,
        evidence_of(figures),
        finding_of(figures, is_group=bool(cell.group)),
        mark_of(figures, scale),
        None if figures.is_withheld else per_session,
        point,
        low,
        high,
        cell.published_at,
        refreshed is not None and in_words(cell.published_at) != in_words(refreshed),
    )


def _cost_per_point(figures: Figures, per_session: float | None) -> tuple[float | None, float | None, float | None]:
    """Return pounds for each point gained, with its interval, from published figures alone; None where not sure."""
    nothing = (None, None, None)
    if figures.state is not State.GRADED or not is_certain(figures) or not per_session:
        return nothing
    if not figures.people or not figures.sessions or not figures.change or not figures.low or not figures.high:
        return nothing
    if figures.low <= 0:
        return nothing
    each = per_session * figures.sessions / figures.people
    return _money(each / figures.change), _money(each / figures.high), _money(each / figures.low)


def _money(pounds: float) -> float:
    return float(round(pounds, -1 if pounds >= BY_TENS_FROM else 0))


def pounds(amount: float | None) -> str:
    """Return money in words a meeting would use: no pence where there are none."""
    if amount is None:
        return "not given"
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"
