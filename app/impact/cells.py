"""Cells of the published tables, and how many of a cell's people have something new."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.impact.contributions import Contributions
from app.impact.disclosure import MINIMUM, Figures
from app.impact.tables import USUAL_OUTCOME

ONE_IN = 10
"""One in how many of a cell's people must have something new."""

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CellKey:
    """Which cell: its table, its offer (None: the council's totals), its group (empty: everyone) and its outcome."""

    table: str
    offer_id: UUID | None
    group: str = ""
    outcome: str = USUAL_OUTCOME


@dataclass(frozen=True, slots=True)
class Said:
    """What was published of one count: the fingerprint of whose it is, its range, and whether it was shown."""

    of: str
    low: float
    high: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A column as it was published: the count of everyone and those of the groups, and whether these add up to it."""

    table: str
    total: Said
    parts: tuple[Said, ...]
    adds_up: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows, and the fingerprint of each person that it was made from, by the person's id.

    `told` stands with everyone at an offer: its columns of counts as they were published before.
    """

    figures: Figures
    contributions: Mapping[str, str]
    told: tuple[Told, ...] = ()

    @property
    def people(self) -> int:
        """How many young people the cell was made from, exactly: never shown."""
        return len(self.contributions)


def has_news(before: Cell | None, now: Mapping[str, str]) -> bool:
    """Say whether a cell was never decided on, or enough of its people have something new to publish it anew.

    Enough are 10, and a tenth of those it was made from.
    """
    if before is None:
        return True
    return news(before.contributions, now) >= max(MINIMUM, len(before.contributions) / ONE_IN)


def news(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """Return how many people have something new: new or undone entries, come, or gone."""
    if before is now:
        return 0
    if isinstance(before, Contributions) and isinstance(now, Contributions):
        return before.differ_from(now)
    return sum(before.get(person) != now.get(person) for person in {*before, *now})
