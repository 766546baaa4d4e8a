"""What stands beside an offer's own figure: its shape over weeks and over sessions, what remains, and who answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.impact.cells import Cell, CellKey
from app.impact.contributions import Contributions
from app.impact.council_panel import CouncilPanel
from app.impact.course import AfterCourse, Figure, after_courses_of, seen_after_course
from app.impact.design import cells_of
from app.impact.disclosure import Measured, publishable_alone
from app.impact.dose import BANDS, DoseEffect, dose_effects_of, sessions_so_far
from app.impact.event_time import BEFORE as BEFORE_START
from app.impact.event_time import span_ends, spans_for
from app.impact.fits import Fits, Laid
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


DOSES = tuple(Span(*ends) for ends in BANDS)


@dataclass(frozen=True)
class _Seen:
    """One offer's weeks with a check-in of those who count: whose, how far from the start, and how far into it."""

    person: Integers
    week: Integers
    sessions: Integers

    def those(self, inside: Truths) -> Integers:
        return np.unique(self.person[inside])


def beside_people(council: CouncilPanel, laid: Laid) -> dict[CellKey, Contributions]:
    """Return who counts in every cell that may stand beside an offer's figure, and carries it; nothing is fitted."""
    after, found = seen_after_course(laid), {}
    spans = _spans(len(council.offers))
    for kind, (offer, seen) in enumerate(zip(council.offers, _seen(laid, len(council.offers)), strict=True)):
        counted = np.intersect1d(council.counted[offer.offer_id].place, seen.person)
        ended = np.intersect1d(counted, after.person[after.intervention == kind])
        dose = {span.code: seen.those(span.holds(seen.sessions)) for span in DOSES}
        tables: dict[str, Mapping[str, Integers]] = {
            SHAPE: {span.code: seen.those(span.holds(seen.week)) for span in spans},
            DOSE: dose | {EACH: counted, MORE: min(dose.values(), key=len)},
            REMAINS: dict.fromkeys((DURING, AFTER, DIFFERENCE), ended),
            RESPONSE: dict.fromkeys((ANSWERED_BEFORE, ANSWERED_AFTER, TIPPING, TIPPING_SIGN, BY_LOG), counted),
        }
        for table, groups in tables.items():
            for group, who in groups.items():
                people = np.intersect1d(who, counted)
                found[CellKey(table, offer.offer_id, group, council.outcome)] = council.brought(offer.offer_id, people)
    return found


def beside_cells(
    council: CouncilPanel,
    fits: Fits,
    effects: Sequence[InterventionEffect] | None,
    *,
    people: Mapping[CellKey, Contributions],
) -> dict[CellKey, Cell]:
    """Return the cells of those who are in them, `people`; of a shape only where there is one.

    `effects` are None where neither a shape nor who answered is wanted.
    """
    figures = _figures(council, fits, effects, tables={key.table for key in people})
    found = {}
    for key, who in people.items():
        if key.table == SHAPE and key not in figures:
            continue
        figure, measured = figures.get(key), Measured(len(who), 0, 0)
        if figure is not None:
            measured = Measured(len(who), 0, 0, figure.change, figure.low, figure.high)
        found[key] = Cell(publishable_alone(measured), who)
    return found


def _spans(kinds: int) -> list[Span]:
    """Return the weeks before and after the first session that a shape may be told by."""
    return [Span(*ends) for ends in (*span_ends(BEFORE_START, 0), *span_ends(spans_for(kinds)))]


def _seen(laid: Laid, kinds: int) -> list[_Seen]:
    """Return the weeks of those with enough of them on both sides, by offer."""
    enough, so_far = np.flatnonzero(laid.enough), sessions_so_far(laid)
    found = []
    for kind in range(kinds):
        own = enough[laid.begun.intervention[enough] == kind]
        source, place = cells_of(laid.cells, laid.begun.person[own])
        onset, column = own[place], laid.cells.week[source]
        week = laid.cells.weeks[column] - laid.begun.week[onset]
        found.append(_Seen(laid.begun.person[onset], week, so_far[onset, column].astype(np.int64)))
    return found


def _figures(
    council: CouncilPanel, fits: Fits, effects: Sequence[InterventionEffect] | None, *, tables: Collection[str]
) -> dict[CellKey, Figure | None]:
    """Return the figures of the tables asked for."""
    nothing = [None] * len(council.offers)
    doses = dose_effects_of(fits) if DOSE in tables else nothing
    courses = after_courses_of(fits) if REMAINS in tables else nothing
    found: dict[CellKey, Figure | None] = {}
    for offer, effect, dose, course in zip(council.offers, effects or nothing, doses, courses, strict=True):
        parts = {
            SHAPE: _shape(effect.shape) if effect else {},
            DOSE: _dose(dose) if dose else {},
            REMAINS: _parts(course) if course else {},
            RESPONSE: _response(effect) if effect else {},
        }
        found |= {
            CellKey(table, offer.offer_id, group, council.outcome): figure
            for table, groups in parts.items()
            for group, figure in groups.items()
        }
    return found


def _shape(shape: Sequence[ShapePoint]) -> Mapping[str, Figure | None]:
    spans = {Span(point.first_week or 0, point.last_week).code: point for point in shape}
    return {code: _figure(point.change, point.low, point.high) for code, point in spans.items()}


def _dose(dose: DoseEffect) -> Mapping[str, Figure | None]:
    """Return the bands of sessions attended so far, what each session adds, and the last band less the first."""
    bands = {Span(band.first, band.last).code: _figure(band.change, band.low, band.high) for band in dose.bands}
    return bands | {EACH: dose.per_session, MORE: dose.more}


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
