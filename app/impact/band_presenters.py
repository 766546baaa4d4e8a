"""What pages say of Bristol's bands of school attendance: how many before and after, as bars and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.impact.attendance_bands import BANDS
from app.impact.disclosure import Figures
from app.impact.evidence_words import in_list
from app.impact.published_values import Bands, PublishedBands
from app.impact.rows import day_in_words
from app.impact.shown_outcomes import capital
from app.web.dates import time_in_words

WHOLE = 100
TOO_FEW = "Fewer than 20 young people with enough recorded weeks of school, or every band too small: withheld."
FLATTERS = (
    "This is a plain before and after. Young people are often put forward when they go to school least, and many would "
    "have come back anyway: read it beside the change in school attendance, which allows for that."
)


@dataclass(frozen=True, slots=True)
class Side:
    """How many were in one band on one side; `share` is the width of its bar in percent."""

    figures: Figures
    share: float

    @property
    def people(self) -> int | None:
        return self.figures.people

    @property
    def said(self) -> str:
        return "withheld" if self.people is None else f"{self.people:,}"


@dataclass(frozen=True, slots=True)
class BandLine:
    """One band, before and after."""

    name: str
    before: Side
    after: Side

    @property
    def sides(self) -> tuple[tuple[str, Side], ...]:
        return ("before", self.before), ("after", self.after)

    @property
    def words(self) -> str:
        return f"{self.name}: {self.before.said} before, {self.after.said} after"


@dataclass(frozen=True, slots=True)
class OfferBands:
    """One offer's bands, lowest first; no lines where all are withheld."""

    offer_id: UUID
    intervention: str
    provider: str
    lines: tuple[BandLine, ...]
    as_of: datetime

    @property
    def is_withheld(self) -> bool:
        return not self.lines

    @property
    def withheld_words(self) -> str:
        return TOO_FEW

    @property
    def day(self) -> str:
        return day_in_words(self.as_of)


@dataclass(frozen=True, slots=True)
class BandsPage:
    """The page of bands: offers that show any first."""

    sentence: str
    offers: tuple[OfferBands, ...]
    refreshed: str

    @property
    def shown(self) -> tuple[OfferBands, ...]:
        return tuple(one for one in self.offers if not one.is_withheld)

    @property
    def withheld(self) -> str:
        """Name the offers of which nothing is shown."""
        return in_list([one.intervention for one in self.offers if one.is_withheld])

    @property
    def withheld_words(self) -> str:
        return TOO_FEW

    @property
    def flatters(self) -> str:
        return FLATTERS

    @property
    def refreshed_day(self) -> str:
        return self.refreshed.partition(",")[0]


def bands_page(found: PublishedBands) -> BandsPage:
    """Lay the bands out for the page and the downloads alike."""
    offers = sorted((offer_bands(one) for one in found.offers), key=lambda one: (one.is_withheld, one.intervention))
    when = found.refreshed_at
    refreshed = f"{day_in_words(when)}, {time_in_words(when)}" if when else ""
    return BandsPage(_sentence(offers), tuple(offers), refreshed)


def offer_bands(bands: Bands) -> OfferBands:
    most = max((cell.people or 0 for cell in (*bands.before, *bands.after)), default=0)
    lines = tuple(
        BandLine(capital(name), _side(before, most), _side(after, most))
        for name, before, after in zip(BANDS, bands.before, bands.after, strict=True)
    )
    offer = bands.intervention
    return OfferBands(offer.id, offer.name, offer.provider, lines if most else (), bands.published_at)


def _side(figures: Figures, most: int) -> Side:
    return Side(figures, round(WHOLE * (figures.people or 0) / most, 1) if most else 0.0)


def _sentence(offers: Sequence[OfferBands]) -> str:
    shown = sum(not one.is_withheld for one in offers)
    if not shown:
        return "Too few weeks of school have been recorded before and after coming for any band to be shown yet."
    number = "one offer" if shown == 1 else f"{shown} offers"
    return f"Of {number} enough is recorded to say how much of school young people went to before they came, and since."
