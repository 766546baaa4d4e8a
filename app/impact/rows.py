"""One published cell as a row of a page: its figure, the one drawn toward the whole, how sure we are, and money."""

from dataclasses import dataclass, replace
from datetime import datetime

from app import clock
from app.impact.beside_presenters import answered_in_short
from app.impact.disclosure import Figures
from app.impact.evidence_words import AS_RANGE, Evidence, evidence_of, finding_of, signed
from app.impact.money import Money, money_of
from app.impact.published_values import Response, ShownCell
from app.impact.scales import Mark, Scale, mark_of
from app.impact.shown_outcomes import WELLBEING_SHOWN, ShownOutcome
from app.web.dates import whole_date


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A group's figure drawn toward the whole of the groups shown, with how much the whole weighs in it."""

    change: float
    low: float
    high: float
    mark: Mark
    share: str

    @property
    def words(self) -> str:
        span = f"{signed(self.change)} ({signed(self.low)} to {signed(self.high)})"
        return f"Drawn toward the whole: {span}{self.share}"


@dataclass(frozen=True, slots=True)
class Row:
    """One published cell as a row: figures as published, money in pounds."""

    cell: ShownCell
    group: str
    evidence: Evidence
    finding: str
    mark: Mark | None
    drawn: DrawnFigure | None
    money: Money
    is_older: bool
    response: Response | None = None
    outcome: ShownOutcome = WELLBEING_SHOWN

    @property
    def answered(self) -> str:
        return answered_in_short(self.response, self.outcome)

    @property
    def intervention(self) -> str:
        return self.cell.intervention.name

    @property
    def provider(self) -> str:
        return self.cell.intervention.provider

    @property
    def figures(self) -> Figures:
        return self.cell.figures

    @property
    def as_of(self) -> datetime:
        return self.cell.published_at

    @property
    def is_withheld(self) -> bool:
        return self.figures.is_withheld

    @property
    def has_drawing(self) -> bool:
        return self.mark is not None or self.drawn is not None

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
        return day_in_words(self.as_of)


def day_in_words(moment: datetime) -> str:
    return whole_date(clock.in_britain(moment).date())


def as_drawn(figures: Figures) -> Figures:
    """Return a cell with the figure drawn toward the whole in the place of its own."""
    return replace(
        figures, change=figures.drawn_change, low=figures.drawn_low, high=figures.drawn_high, naive=None, grade=""
    )


def row_of(
    cell: ShownCell,
    scale: Scale,
    refreshed: datetime | None,
    response: Response | None = None,
    outcome: ShownOutcome = WELLBEING_SHOWN,
) -> Row:
    figures = cell.figures
    return Row(
        cell,
        " · ".join(cell.labels) if len(cell.labels) > 1 else cell.group,
        evidence_of(figures),
        finding_of(figures, is_group=bool(cell.group), outcome=outcome),
        mark_of(figures, scale),
        _drawn(figures, scale),
        money_of(figures, cell.intervention.cost_per_place, outcome),
        refreshed is not None and day_in_words(cell.published_at) != day_in_words(refreshed),
        response,
        outcome,
    )


def _drawn(figures: Figures, scale: Scale) -> DrawnFigure | None:
    mark = mark_of(as_drawn(figures), scale)
    if mark is None or figures.drawn_change is None or figures.drawn_low is None or figures.drawn_high is None:
        return None
    share = "" if figures.drawn_share is None else f", of which the whole weighs {figures.drawn_share:.0%}"
    return DrawnFigure(figures.drawn_change, figures.drawn_low, figures.drawn_high, mark, share)
