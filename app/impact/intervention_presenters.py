"""What the page of one intervention shows, from what is published of it: the sentence first, then why and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.impact.disclosure import Figures, State
from app.impact.dose import WARNING
from app.impact.dose_words import dose_part
from app.impact.evidence_words import Evidence, changes_needed, evidence_of, finding_of, is_certain, naive_words
from app.impact.figure_words import amount
from app.impact.grade_rules import Rule, rules_of
from app.impact.group_tables import GroupTables, group_tables
from app.impact.lines import Line, Part, likely
from app.impact.money import Money, money_of
from app.impact.presenters import counted_words
from app.impact.published_values import PublishedIntervention, Remains, Response, ShapePoint
from app.impact.response_words import ResponseWords, response_words
from app.impact.rows import day_in_words
from app.impact.scales import Mark, Scale, direction_of, mark_of, scale_of
from app.impact.staying_words import StayedLine, stayed_lines
from app.impact.step_chart import shape_chart, weeks_in_short, weeks_words
from app.impact.values import WELLBEING, Outcome
from app.web.dates import time_in_words

NOTHING = Figures(State.WITHHELD)
NOT_YET = "Nothing has been published of it yet: the figures are made overnight."
DIP = (
    "Before the first session it was clearly lower than well before it: many join when they are low. Part of any rise "
    "would have come anyway, and the estimate allows for it."
)
NO_DIP = "In the weeks before the first session there is no clear dip."
NO_SHAPE = "Too few young people for a drawing yet."
NO_REMAINS = "Too few courses have ended for it to be told what remains afterwards."
PROMPTS = "A log of prompts sent and answered: with it, answering less on bad days can be put right."
OTHER_WEEKS = "Young people who begin in other weeks than the rest, or who wait, with check-ins before and after."
BY_LOT = "A draw by lot of who begins first: only that can show what the change is owed to."


@dataclass(frozen=True, slots=True)
class InterventionPage:
    """Everything that the page of one intervention shows; `outcome` is what its figures are of, in their own unit."""

    offer_id: UUID
    name: str
    about: str
    outcome: Outcome
    sentence: str
    figures: Figures
    evidence: Evidence
    mark: Mark | None
    scale: Scale
    rules: tuple[Rule, ...]
    changes: tuple[str, ...]
    naive: str
    shape: Part
    dose: Part
    remains: Part
    response: ResponseWords
    stayed: tuple[StayedLine, ...]
    groups: GroupTables
    money: Money
    counted: str
    refreshed: str
    as_of: datetime | None

    @property
    def has_figure(self) -> bool:
        return self.figures.has_figure

    @property
    def people(self) -> str:
        return "withheld" if self.figures.is_withheld else _number(self.figures.people)

    @property
    def sessions(self) -> str:
        return "withheld" if self.figures.is_withheld else _number(self.figures.sessions)

    @property
    def direction(self) -> str:
        return direction_of(self.figures)

    @property
    def dose_warning(self) -> str:
        return WARNING

    @property
    def measured(self) -> str:
        """What the figures are of, with the ends of its scale."""
        return f"{self.outcome.name} ({self.outcome.low:g} to {self.outcome.high:g})"

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]


def intervention_page(found: PublishedIntervention, outcome: Outcome = WELLBEING) -> InterventionPage:
    """Lay out all that is published of one intervention for one outcome."""
    offer, cell = found.intervention, found.everyone
    figures = cell.figures if cell else NOTHING
    scale, direction = scale_of([figures]), direction_of(figures)
    when = found.refreshed_at
    return InterventionPage(
        offer_id=offer.id,
        name=offer.name,
        about=" · ".join(part for part in (offer.provider, offer.summary) if part),
        outcome=outcome,
        sentence=finding_of(figures, is_group=False) if cell else NOT_YET,
        figures=figures,
        evidence=evidence_of(figures),
        mark=mark_of(figures, scale),
        scale=scale,
        rules=rules_of(figures) if cell else (),
        changes=_changes(offer.name, figures, found.response) if cell else (),
        naive=naive_words(figures),
        shape=_shape_part(found.shape, figures),
        dose=dose_part(found.dose, direction, outcome),
        remains=_remains_part(found.remains, outcome),
        response=response_words(found.response, figures, outcome),
        stayed=stayed_lines(found.stayed),
        groups=group_tables(found.groups, found.pairs, when),
        money=money_of(figures, offer.cost_per_place),
        counted=counted_words(found.totals),
        refreshed=f"{day_in_words(when)}, {time_in_words(when)}" if when else "",
        as_of=cell.published_at if cell else None,
    )


def _changes(name: str, figures: Figures, response: Response | None) -> tuple[str, ...]:
    """Say what would settle what is open, or call into doubt what seems settled."""
    said = list(changes_needed([(name, "", figures)]))
    if figures.state in {State.EARLY, State.GRADED} and not figures.has_figure:
        said.append(OTHER_WEEKS)
    if response is not None and not response.by_log:
        said.append(PROMPTS)
    if is_certain(figures):
        said.append(BY_LOT)
    return tuple(said)


def _number(count: int | None) -> str:
    return "not given" if count is None else f"{count:,}"


def _shape_part(shape: Sequence[ShapePoint], figures: Figures) -> Part:
    chart = shape_chart(shape, figures.naive, direction_of(figures))
    if chart is None:
        return Part(NO_SHAPE, tuple(map(_shape_line, shape)))
    dip = (DIP if figures.joined_low else NO_DIP) if chart.shows_before else ""
    return Part(dip, tuple(map(_shape_line, shape)), chart)


def _shape_line(point: ShapePoint) -> Line:
    words = weeks_words(point.span)
    return Line(
        words[0].upper() + words[1:],
        point.change,
        point.low,
        point.high,
        weeks_in_short(point.span),
        point.span.first < 0,
    )


def _remains_part(remains: Remains | None, outcome: Outcome) -> Part:
    if remains is None:
        return Part(NO_REMAINS)
    parts = (
        ("While sessions ran", remains.during),
        ("After the last one", remains.after),
        ("After less during", remains.difference),
    )
    return Part(
        _remains_words(remains, outcome), tuple(Line(name, part.change, part.low, part.high) for name, part in parts)
    )


def _remains_words(remains: Remains, outcome: Outcome) -> str:
    change = remains.difference
    if change.low <= 0 <= change.high:
        return f"Whether any of it wears off after the last session cannot be told: {likely(change)}."
    way = "higher" if change.change > 0 else "lower"
    size = amount(change.change, outcome)
    return f"After the last session {outcome.name} was {size} {way} than while sessions ran: {likely(change)}."
