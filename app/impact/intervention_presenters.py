"""What the page of one intervention shows, from what is published of it: the sentence first, then why and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.impact.band_presenters import OfferBands, offer_bands
from app.impact.beside_presenters import (
    Drawn,
    Line,
    Missing,
    StayedLine,
    dose_of,
    missing_of,
    remains_of,
    shape_line,
    stayed_lines,
)
from app.impact.disclosure import Figures, State
from app.impact.evidence_words import (
    Evidence,
    changes_needed,
    difference_words,
    evidence_of,
    finding_of,
)
from app.impact.grade_rules import Rule, rules_of
from app.impact.level_presenters import LevelRow, ShareScale, level_row
from app.impact.money import Money, money_of
from app.impact.presenters import counted_words
from app.impact.published_values import Bands, Groups, PublishedIntervention, ShapePoint, ShownCell
from app.impact.rows import Row, as_drawn, day_in_words, row_of
from app.impact.scales import Mark, Scale, direction_of, mark_of, scale_of
from app.impact.shape_chart import ShapeChart, shape_chart
from app.impact.shown_outcomes import SHOWN_OUTCOMES, WELLBEING_SHOWN, ShownOutcome
from app.impact.tables import REST
from app.impact.ways import BY_TABLE, By, way_of
from app.web.dates import time_in_words

NOTHING = Figures(State.WITHHELD)
NOT_YET = "Nothing has been published of it yet: the figures are made overnight."
DIP = (
    "Before the first session {noun} was clearly lower than well before it: many join at such a time. Part of any rise "
    "would have come anyway, and the estimate allows for it."
)
NO_DIP = "In the weeks before the first session there is no clear dip."


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one column: their own figures, and those drawn toward the whole."""

    way: By
    rows: tuple[Row, ...]
    withheld: tuple[Row, ...]
    scale: Scale
    difference: str

    @property
    def has_figures(self) -> bool:
        return any(row.has_drawing for row in self.rows)


@dataclass(frozen=True, slots=True)
class PairTable:
    """The groups of two columns: figures drawn toward the whole alone, and how many of all groups show one."""

    way: By
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_withheld)


@dataclass(frozen=True, slots=True)
class InterventionPage:
    """Everything that the page of one intervention shows."""

    offer_id: UUID
    name: str
    about: str
    sentence: str
    figures: Figures
    evidence: Evidence
    mark: Mark | None
    scale: Scale
    rules: tuple[Rule, ...]
    changes: tuple[str, ...]
    chart: ShapeChart | None
    shape: tuple[Line, ...]
    dip: str
    remains: Drawn
    dose: Drawn
    stayed: tuple[StayedLine, ...]
    missing: Missing
    groups: tuple[GroupTable, ...]
    bare: tuple[By, ...]
    pairs: tuple[PairTable, ...]
    money: Money
    counted: str
    refreshed: str
    as_of: datetime | None
    outcome: ShownOutcome
    treated: LevelRow | None
    bands: OfferBands | None

    @property
    def share_scale(self) -> ShareScale:
        return ShareScale()

    @property
    def ask(self) -> dict[str, str]:
        """The parts of its address beside the offer."""
        return {"outcome": self.outcome.code} if self.outcome.code else {}

    @property
    def outcomes(self) -> tuple[ShownOutcome, ...]:
        return SHOWN_OUTCOMES

    @property
    def people(self) -> str:
        return "withheld" if self.figures.is_withheld else _number(self.figures.people)

    @property
    def answered(self) -> str:
        """Who answered before and after in a few words, beside the finding."""
        return self.missing.short if self.figures.change is not None else ""

    @property
    def sessions(self) -> str:
        return "withheld" if self.figures.is_withheld else _number(self.figures.sessions)

    @property
    def direction(self) -> str:
        return direction_of(self.figures)

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]


def intervention_page(
    found: PublishedIntervention,
    outcome: ShownOutcome = WELLBEING_SHOWN,
    *,
    level: ShownCell | None = None,
    bands: Bands | None = None,
) -> InterventionPage:
    """Lay out all that is published of one intervention, for one outcome."""
    offer, cell = found.intervention, found.everyone
    figures = cell.figures if cell else NOTHING
    scale = scale_of([figures])
    tables = [_group_table(groups, found.refreshed_at, outcome) for groups in found.groups]
    when = found.refreshed_at
    return InterventionPage(
        offer.id,
        offer.name,
        " · ".join(part for part in (offer.provider, offer.summary) if part),
        finding_of(figures, is_group=False, outcome=outcome) if cell else NOT_YET,
        figures,
        evidence_of(figures),
        mark_of(figures, scale),
        scale,
        rules_of(figures, outcome) if cell else (),
        changes_needed([(offer.name, "", figures)], outcome) if cell else (),
        shape_chart(found.shape, figures.naive, direction_of(figures)),
        tuple(shape_line(point) for point in found.shape),
        (DIP.format(noun=outcome.noun) if figures.joined_low else NO_DIP) if _shows_before(found.shape) else "",
        remains_of(found.remains, direction_of(figures), outcome),
        dose_of(found.dose, direction_of(figures), outcome),
        stayed_lines(found.stayed),
        missing_of(found.response, outcome),
        tuple(table for table in tables if table.rows),
        tuple(table.way for table in tables if not table.rows),
        tuple(pair for groups in found.pairs if (pair := _pair_table(groups)).shown),
        money_of(figures, offer.cost_per_place, outcome),
        counted_words(found.totals, outcome),
        f"{day_in_words(when)}, {time_in_words(when)}" if when else "",
        cell.published_at if cell else None,
        outcome,
        level_row(level, when) if level is not None else None,
        offer_bands(bands) if bands is not None else None,
    )


def _number(count: int | None) -> str:
    return "not given" if count is None else f"{count:,}"


def _shows_before(shape: Sequence[ShapePoint]) -> bool:
    return any(point.change is not None and point.span.first < 0 for point in shape)


def _group_table(groups: Groups, refreshed: datetime | None, outcome: ShownOutcome) -> GroupTable:
    scale = scale_of(shown for cell in groups.cells for shown in (cell.figures, as_drawn(cell.figures)))
    made = (row_of(cell, scale, refreshed, outcome=outcome) for cell in groups.cells)
    rows = sorted(made, key=lambda row: row.group == REST)
    shown, withheld = (tuple(row for row in rows if row.is_withheld is kept) for kept in (False, True))
    return GroupTable(BY_TABLE[groups.table], shown, withheld, scale, difference_words(groups.differ))


def _pair_table(groups: Groups) -> PairTable:
    scale = scale_of(as_drawn(cell.figures) for cell in groups.cells)
    rows = tuple(row_of(cell, scale, None) for cell in groups.cells)
    first, second = (BY_TABLE[column].code for column in groups.columns)
    way = way_of(first, second)
    if way is None:
        raise LookupError("These columns are not compared together.")
    return PairTable(way, rows)
