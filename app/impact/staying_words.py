"""Who still comes and who stopped after how many sessions, as a part of a page: counts, and no figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.impact.beside import Span
from app.impact.published_values import StayedBand
from app.impact.step_chart import sessions_words

WHOLE = 100


@dataclass(frozen=True, slots=True)
class StayedLine:
    """One band of who stays and who stops; `share` is its width in percent of the widest, for a bar."""

    name: str
    people: int | None
    withheld: bool
    share: float

    @property
    def said(self) -> str:
        return "withheld" if self.withheld else "not given" if self.people is None else f"{self.people:,}"


def stayed_lines(bands: Sequence[StayedBand]) -> tuple[StayedLine, ...]:
    """Lay out who still comes and who stopped; nothing where no band shows a count."""
    most = max((band.people or 0 for band in bands), default=0)
    if most == 0:
        return ()
    return tuple(
        StayedLine(_words(band.span), band.people, band.withheld, round(WHOLE * (band.people or 0) / most, 1))
        for band in bands
    )


def _words(span: Span | None) -> str:
    return "Still coming" if span is None else f"Stopped after {sessions_words(span)} sessions"
