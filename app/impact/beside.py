"""What stands beside an offer's own figure: its shape over weeks and over sessions, what remains, and who answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel
from app.impact.course import AfterCourse, Figure, after_courses_of, seen_after_course
from app.impact.design import cells_of
from app.impact.disclosure import Measured, publishable_alone
from app.impact.dose import BANDS, DoseEffect, dose_effects_of, sessions_so_far
from app.impact.fits import Fits
from app.impact.missing import BY_PROMPTS
from app.impact.tables import DOSE, REMAINS, RESPONSE, SHAPE
from app.impact.values import Integers, InterventionEffect, ShapePoint, Truths

DURING, AFTER, DIFFERENCE = "during", "after", "difference"
EACH, MORE = "each", "more"
ANSWERED_BEFORE, ANSWERED_AFTER, TIPPING, TIPPING_SIGN = "before", "after", "tipping", "tipping of sign"
BY_LOG = "by log"
PER_CENT = 100
OPEN = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers in a row, both ends among them; `last` is None where it goes on."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        return f"{self.first}:{OPEN if self.last is None else self.last}"

    @classmethod
    def of(cls, code: str) -> "Span":
        first, last = code.split(":")
        return cls(int(first), int(last) if last else None)

    def holds(self, numbers: Integers) -> Truths:
        inside: Truths = numbers >= self.first
        return inside if self.last is None else inside & (numbers <= self.last)


@dataclass(frozen=True)
class _Seen:
    """Every week with a check-in of those who count: whose, of which offer, how far from the start and into it."""

    person: Integers
    kind: Integers
    week: Integers
    sessions: Integers

    def those(self, kind: int, inside: Truths) -> Integers:
        return np.unique(self.person[(self.kind == kind) & inside])


def beside_cells(council: CouncilPanel, fits: Fits, effects: Sequence[InterventionEffect]) -> dict[CellKey, Cell]:
    """Return what stands beside every offer's figure; each cell's people are who counts and carries it."""
    seen, after = _seen(fits), seen_after_course(fits)
    records = zip(effects, dose_effects_of(fits), after_courses_of(fits), strict=True)
    found = {}
    for kind, (offer, (effect, dose, course)) in enumerate(zip(council.offers, records, strict=True)):
        everyone = seen.those(kind, np.ones(seen.kind.size, np.bool_))
        tables: dict[str, Iterable[tuple[str, Integers, Figure | None]]] = {
            SHAPE: _shape(effect.shape, seen, kind),
            DOSE: _dose(dose, seen, kind, everyone),
            REMAINS: ((part, after.person[after.intervention == kind], one) for part, one in _parts(course).items()),
            RESPONSE: ((part, everyone, one) for part, one in _response(effect).items()),
        }
        for table, cells in tables.items():
            for group, who, figure in cells:
                key = CellKey(table, offer.offer_id, group, council.outcome)
                found[key] = _cell(council, offer.offer_id, who, figure)
    return found


def _seen(fits: Fits) -> _Seen:
    enough = np.flatnonzero(fits.enough)
    source, place = cells_of(fits.cells, fits.begun.person[enough])
    onset, column = enough[place], fits.cells.week[source]
    week = fits.cells.weeks[column] - fits.begun.week[onset]
    so_far = sessions_so_far(fits)[onset, column].astype(np.int64)
    return _Seen(fits.begun.person[onset], fits.begun.intervention[onset], week, so_far)


def _shape(shape: Sequence[ShapePoint], seen: _Seen, kind: int) -> Iterator[tuple[str, Integers, Figure | None]]:
    for point in shape:
        span = Span(point.first_week or 0, point.last_week)
        yield span.code, seen.those(kind, span.holds(seen.week)), _figure(point.change, point.low, point.high)


def _dose(
    dose: DoseEffect, seen: _Seen, kind: int, everyone: Integers
) -> Iterator[tuple[str, Integers, Figure | None]]:
    """Yield the bands of sessions attended so far, what each session adds, and the last band less the first."""
    figures = {Span(band.first, band.last): _figure(band.change, band.low, band.high) for band in dose.bands}
    who = {(span := Span(*ends)): seen.those(kind, span.holds(seen.sessions)) for ends in BANDS}
    for span, people in who.items():
        yield span.code, people, figures.get(span)
    yield EACH, everyone, dose.per_session
    yield MORE, min(who.values(), key=len), dose.more


def _parts(course: AfterCourse) -> Mapping[str, Figure | None]:
    return {DURING: course.during, AFTER: course.after, DIFFERENCE: course.difference}


def _response(effect: InterventionEffect) -> Mapping[str, Figure | None]:
    """Return how many in a hundred answered, and by how much the missing must differ to overturn the figure."""
    values = {
        ANSWERED_BEFORE: _per_cent(effect.response_before),
        ANSWERED_AFTER: _per_cent(effect.response_after),
        TIPPING: effect.tipping_point,
        TIPPING_SIGN: effect.tipping_point_of_sign,
        BY_LOG: float(effect.response_basis == BY_PROMPTS),
    }
    return {part: _figure(value, value, value) for part, value in values.items()}


def _per_cent(share: float | None) -> float | None:
    return None if share is None else round(share * PER_CENT)


def _figure(change: float | None, low: float | None, high: float | None) -> Figure | None:
    return None if change is None or low is None or high is None else Figure(change, low, high)


def _cell(council: CouncilPanel, offer_id: UUID, who: Integers, figure: Figure | None) -> Cell:
    counted = council.counted[offer_id]
    people = [person for place in who.tolist() if (person := council.people[place]) in counted]
    measured = Measured(len(people), 0, 0)
    if figure is not None:
        measured = Measured(len(people), 0, 0, figure.change, figure.low, figure.high)
    return Cell(publishable_alone(measured), council.brought(offer_id, people))
