"""Cells of the published tables, and how many of a cell's people have something new."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.impact.contributions import Contributions
from app.impact.disclosure import MINIMUM, Figures
from app.impact.tables import USUAL_OUTCOME


@dataclass(frozen=True, slots=True)
class CellKey:
    """Which cell: its table, its offer (None: the council's totals), its group (empty: everyone) and its outcome."""

    table: str
    offer_id: UUID | None
    group: str = ""
    outcome: str = USUAL_OUTCOME


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows, and the fingerprint of each person that it was made from, by the person's id."""

    figures: Figures
    contributions: Mapping[str, str]

    @property
    def people(self) -> int:
        """How many young people the cell was made from, exactly: never shown."""
        return len(self.contributions)


def has_news(before: Cell | None, now: Mapping[str, str]) -> bool:
    """Say whether a cell was never decided on, or at least 10 of its people have something new."""
    return before is None or news(before.contributions, now) >= MINIMUM


def news(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """Return how many people have something new: new or undone entries, come, or gone."""
    if before is now:
        return 0
    if isinstance(before, Contributions) and isinstance(now, Contributions):
        return before.differ_from(now)
    return sum(before.get(person) != now.get(person) for person in {*before, *now})
