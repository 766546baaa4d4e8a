"""What stands beside an offer's own figure: the shape by weeks since the first session, and what remains after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel
from app.impact.course import AfterCourse, Figure, after_courses_of, seen_after_course
from app.impact.design import cells_of
from app.impact.disclosure import Measured, publishable_alone
from app.impact.effects import intervention_effects
from app.impact.fits import Fits
from app.impact.tables import REMAINS, SHAPE
from app.impact.values import Integers, ShapePoint

DURING, AFTER, DIFFERENCE = "during", "after", "difference"
OPEN = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Weeks counted from that of the first session (0): from `first` to `last`, which is None where it goes on."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        return f"{self.first}:{OPEN if self.last is None else self.last}"

    @classmethod
    def of(cls, code: str) -> "Span":
        first, last = code.split(":")
        return cls(int(first), int(last) if last else None)

    def holds(self, week: Integers) -> Integers:
        found: Integers = np.flatnonzero((week >= self.first) & (self.last is None or week <= self.last))
        return found


def beside_cells(council: CouncilPanel, fits: Fits) -> dict[CellKey, Cell]:
    """Return what stands beside every offer's figure; its people are who counts and has a check-in in the span."""
    found = {}
    seen, weeks = _seen_weeks(fits)
    for kind, (offer, effect) in enumerate(zip(council.offers, intervention_effects(fits), strict=True)):
        own = fits.begun.intervention[seen] == kind
        for point in effect.shape:
            span = Span(point.first_week or 0, point.last_week)
            who = np.unique(fits.begun.person[seen[own][span.holds(weeks[own])]])
            key = CellKey(SHAPE, offer.offer_id, span.code, council.outcome)
            found[key] = _cell(council, offer.offer_id, who.tolist(), _of_point(point))
    after = seen_after_course(fits)
    for kind, (offer, record) in enumerate(zip(council.offers, after_courses_of(fits), strict=True)):
        who = after.person[after.intervention == kind].tolist()
        for part, figure in _parts(record).items():
            key = CellKey(REMAINS, offer.offer_id, part, council.outcome)
            found[key] = _cell(council, offer.offer_id, who, figure)
    return found


def _seen_weeks(fits: Fits) -> tuple[Integers, Integers]:
    """Return, for every week with a check-in of those who count: its onset, and how many weeks after it it is."""
    enough = np.flatnonzero(fits.enough)
    source, place = cells_of(fits.cells, fits.begun.person[enough])
    seen = enough[place]
    return seen, fits.cells.weeks[fits.cells.week[source]] - fits.begun.week[seen]


def _of_point(point: ShapePoint) -> Figure | None:
    if point.change is None or point.low is None or point.high is None:
        return None
    return Figure(point.change, point.low, point.high)


def _parts(record: AfterCourse) -> dict[str, Figure | None]:
    return {DURING: record.during, AFTER: record.after, DIFFERENCE: record.difference}


def _cell(council: CouncilPanel, offer_id: UUID, who: Iterable[int], figure: Figure | None) -> Cell:
    people = [person for place in who if (person := council.people[place]) in council.counted[offer_id]]
    measured = Measured(len(people), 0, 0)
    if figure is not None:
        measured = Measured(len(people), 0, 0, figure.change, figure.low, figure.high)
    return Cell(publishable_alone(measured), council.brought(offer_id, people))
