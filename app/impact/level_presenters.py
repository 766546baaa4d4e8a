"""What pages say of how young people were treated: a level for each offer, drawn with its interval from 0 to 100%."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.impact.disclosure import Figures, State
from app.impact.evidence_words import AS_RANGE, WITHHELD_INTERVENTION, Evidence, evidence_of, in_list
from app.impact.levels import NEARLY_ALL, NEARLY_NONE
from app.impact.published_values import PublishedTable, ShownCell
from app.impact.rows import day_in_words
from app.impact.scales import EDGE, Mark
from app.web.dates import time_in_words

FOUR_IN_FIVE = 80
TICKS = (0, 20, 40, 60, 80, 100)
SHOWN = Evidence("Shown", "some", 0)


@dataclass(frozen=True, slots=True)
class ShareScale:
    """From none to all; positions are percentages of the width."""

    @property
    def ticks(self) -> list[tuple[float, str]]:
        return [(self.at(share), f"{share}%") for share in TICKS]

    @property
    def words(self) -> str:
        return "Scale from 0% to 100%"

    def at(self, share: float) -> float:
        return round(EDGE + (100 - 2 * EDGE) * share / 100, 2)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One offer: how many in a hundred answers said yes."""

    offer_id: UUID
    intervention: str
    provider: str
    figures: Figures
    share: str
    reach: str
    mark: Mark | None
    evidence: Evidence
    as_of: datetime
    is_older: bool

    @property
    def is_withheld(self) -> bool:
        return self.figures.is_withheld

    @property
    def people(self) -> str:
        return AS_RANGE[self.figures.state] if self.figures.people is None else f"{self.figures.people:,}"

    @property
    def answers(self) -> str:
        return "not given" if self.figures.sessions is None else f"{self.figures.sessions:,}"

    @property
    def day(self) -> str:
        return day_in_words(self.as_of)

    @property
    def finding(self) -> str:
        """Say what it shows in a sentence, or why it shows nothing."""
        if self.is_withheld:
            return WITHHELD_INTERVENTION.format(who="young people")
        if self.mark is None:
            return "Too few young people for a figure yet."
        early = " Few young people so far: this may change a lot." if self.figures.state is State.EARLY else ""
        return f"{self.share} of answers said yes, {self.reach}.{early}"


@dataclass(frozen=True, slots=True)
class Levels:
    """The page of levels: the sentence first, then a row for each offer, those that show something first."""

    sentence: str
    rows: tuple[LevelRow, ...]
    refreshed: str

    @property
    def scale(self) -> ShareScale:
        return ShareScale()

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]


def levels(table: PublishedTable) -> Levels:
    """Lay the levels out for the page and the downloads alike."""
    when = table.refreshed_at
    rows = sorted((level_row(cell, when) for cell in table.cells), key=_order)
    refreshed = f"{day_in_words(when)}, {time_in_words(when)}" if when else ""
    return Levels(_summary(rows), tuple(rows), refreshed)


def _order(row: LevelRow) -> tuple[int, str]:
    return (2 if row.is_withheld else 0 if row.mark else 1), row.intervention


def level_row(cell: ShownCell, refreshed: datetime | None) -> LevelRow:
    figures, offer = cell.figures, cell.intervention
    return LevelRow(
        offer.id,
        offer.name,
        offer.provider,
        figures,
        share_words(figures.change),
        _reach(figures),
        _mark(figures),
        SHOWN if figures.state is State.GRADED and figures.change is not None else evidence_of(figures),
        cell.published_at,
        refreshed is not None and day_in_words(cell.published_at) != day_in_words(refreshed),
    )


def share_words(share: float | None) -> str:
    """Return a level in words: of nearly all and nearly none, no more than that."""
    if share is None:
        return "not given"
    if share >= NEARLY_ALL:
        return f"{NEARLY_ALL}% or more"
    return f"{NEARLY_NONE}% or fewer" if share <= NEARLY_NONE else f"{share:.0f}%"


def _reach(figures: Figures) -> str:
    if figures.change is None or figures.low is None or figures.high is None:
        return ""
    if figures.change >= NEARLY_ALL:
        return f"likely {figures.low:.0f}% or more"
    if figures.change <= NEARLY_NONE:
        return f"likely {figures.high:.0f}% or fewer"
    return f"likely between {figures.low:.0f}% and {figures.high:.0f}%"


def _mark(figures: Figures) -> Mark | None:
    if figures.change is None or figures.low is None or figures.high is None:
        return None
    scale = ShareScale()
    look = "better" if figures.state is State.GRADED else "unsure"
    words = f"{share_words(figures.change)}, {_reach(figures)}"
    return Mark(scale.at(figures.change), scale.at(figures.low), scale.at(figures.high), None, look, words)


def _summary(rows: Sequence[LevelRow]) -> str:
    """Say where the interval lies on one side of four in five, and where it does not."""
    known = [row for row in rows if row.mark is not None and row.figures.state is State.GRADED]
    most = [row.intervention for row in known if (row.figures.low or 0) >= FOUR_IN_FIVE]
    fewer = [row.intervention for row in known if (row.figures.high or 0) < FOUR_IN_FIVE]
    unsure = _others(known, {*most, *fewer})
    said = []
    if most:
        said.append(
            f"After sessions of {in_list(most)} four in five or more say that they were treated how they asked."
        )
    if fewer:
        said.append(f"After sessions of {in_list(fewer)} fewer than four in five say so: ask them what was different.")
    if unsure:
        said.append(f"For {in_list(unsure)} we cannot tell on which side of four in five it lies.")
    return " ".join(said) or "Too few young people have answered for anything to be said yet."


def _others(rows: Iterable[LevelRow], named: set[str]) -> list[str]:
    return [row.intervention for row in rows if row.intervention not in named]
