"""What a page says beside an intervention's figure: weeks, sessions, what remains, who stays, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.impact.beside import Span
from app.impact.dose import WARNING
from app.impact.evidence_words import signed
from app.impact.published_values import Dose, DoseBand, Interval, Remains, Response, ShapePoint, StayedBand
from app.impact.scales import Mark, Scale, interval_mark, scale_around
from app.impact.shape_chart import weeks_words
from app.impact.shown_outcomes import WELLBEING_SHOWN, ShownOutcome, capital

TOO_FEW_ENDED = "Too few courses have ended for it to be told what remains afterwards."
NO_DOSE = "Too few young people for figures by sessions yet."
NO_RESPONSE = "Too few young people for this to be said yet."
FELL_BY = 10
HARDLY_ANY_MISSING = 95
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One named figure with its interval, as a line of a table; `mark` draws it where the table is drawn."""

    name: str
    change: float | None
    low: float | None
    high: float | None
    is_before: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines on one scale, with what they say in a sentence."""

    lines: tuple[Line, ...]
    scale: Scale
    words: str

    @property
    def has_figures(self) -> bool:
        return any(line.mark for line in self.lines)


@dataclass(frozen=True, slots=True)
class StayedLine:
    """One band of who stays and who stops; `share` is its width in percent of all that is shown, for a bar."""

    name: str
    people: int | None
    withheld: bool
    share: float

    @property
    def said(self) -> str:
        return "withheld" if self.withheld else "not given" if self.people is None else f"{self.people:,}"


@dataclass(frozen=True, slots=True)
class Missing:
    """How many in a hundred check-ins came before and after, and what it would take to overturn the figure."""

    before: float | None
    after: float | None
    words: str
    overturn: str
    short: str = ""


def shape_line(point: ShapePoint) -> Line:
    words = weeks_words(point.span)
    return Line(words[0].upper() + words[1:], point.change, point.low, point.high, point.span.first < 0)


def sessions_words(span: Span) -> str:
    """Return a span of sessions in words: `1 to 3 sessions`, `8 sessions or more`."""
    return f"{span.first} sessions or more" if span.last is None else f"{span.first} to {span.last} sessions"


def remains_of(remains: Remains | None, direction: str, outcome: ShownOutcome = WELLBEING_SHOWN) -> Drawn:
    """Lay out the change while a course ran and after it ended."""
    if remains is None:
        return Drawn((), scale_around(()), TOO_FEW_ENDED)
    parts = (
        ("While sessions ran", remains.during, direction),
        ("After the last one", remains.after, direction),
        ("After less during", remains.difference, "unsure"),
    )
    scale = scale_around(end for _, part, _ in parts for end in (part.low, part.high))
    lines = tuple(_drawn(name, part, scale, way) for name, part, way in parts)
    return Drawn(lines, scale, _remains_words(remains.difference, outcome))


def dose_of(dose: Dose | None, direction: str, outcome: ShownOutcome = WELLBEING_SHOWN) -> Drawn:
    """Lay out the change by sessions attended so far."""
    if dose is None:
        return Drawn((), scale_around(()), NO_DOSE)
    extra = (("For each session, up to 12", dose.per_session), ("Last line less the first", dose.more))
    ends = [end for band in dose.bands for end in (band.low, band.high) if end is not None]
    ends += [end for _, figure in extra if figure is not None for end in (figure.low, figure.high)]
    scale = scale_around(ends)
    lines = [_band_line(band, scale, direction) for band in dose.bands]
    lines += [_drawn(name, figure, scale, "unsure") for name, figure in extra if figure is not None]
    return Drawn(tuple(lines), scale, f"{_more_words(dose.more, outcome)} {WARNING}".strip())


def _band_line(band: DoseBand, scale: Scale, direction: str) -> Line:
    name = sessions_words(band.span)
    if band.change is None or band.low is None or band.high is None:
        return Line(name, None, None, None)
    return _drawn(name, Interval(band.change, band.low, band.high), scale, direction)


def _drawn(name: str, figure: Interval, scale: Scale, direction: str) -> Line:
    mark = interval_mark(figure.change, figure.low, figure.high, scale, direction)
    return Line(name, figure.change, figure.low, figure.high, mark=mark)


def _remains_words(change: Interval, outcome: ShownOutcome) -> str:
    if change.low <= 0 <= change.high:
        return f"Whether any of it wears off after the last session cannot be told: {_span(change)}."
    way, size = "higher" if change.change > 0 else "lower", outcome.amount(change.change)
    return f"After the last session {outcome.noun} was {size} {way} than while sessions ran: {_span(change)}."


def _more_words(more: Interval | None, outcome: ShownOutcome) -> str:
    if more is None:
        return ""
    if more.low <= 0 <= more.high:
        return f"Whether many sessions were followed by more than few cannot be told: {_span(more)}."
    way = "more" if more.change > 0 else "less"
    return f"After many sessions the change was {outcome.amount(more.change)} {way} than after few: {_span(more)}."


def _span(interval: Interval) -> str:
    return f"likely between {signed(interval.low)} and {signed(interval.high)}"


def stayed_lines(bands: Sequence[StayedBand]) -> tuple[StayedLine, ...]:
    """Lay out who still comes and who stopped; nothing where no band shows a count."""
    most = max((band.people or 0 for band in bands), default=0)
    if most == 0:
        return ()
    return tuple(
        StayedLine(_stayed_words(band.span), band.people, band.withheld, round(WHOLE * (band.people or 0) / most, 1))
        for band in bands
    )


def _stayed_words(span: Span | None) -> str:
    return "Still coming" if span is None else f"Stopped after {sessions_words(span)}"


def missing_of(response: Response | None, outcome: ShownOutcome = WELLBEING_SHOWN) -> Missing:
    """Say how many answered before and after the start, and how far off the missing would have to lie."""
    if response is None or response.after is None:
        return Missing(None, None, NO_RESPONSE, "")
    overturned, in_short = _overturned(response, outcome), answered_in_short(response, outcome)
    return Missing(response.before, response.after, _came(response, outcome), overturned, in_short)


def answered_in_short(response: Response | None, outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Return who answered before and after in a few words for a table; empty where nothing is known, or is missing."""
    if response is None or response.after is None:
        return ""
    if not outcome.is_usual and response.after >= HARDLY_ANY_MISSING:
        return ""
    if not response.by_log:
        return f"{capital(outcome.entries)} came {response.after:.0f}% as often as before"
    before = "" if response.before is None else f"{response.before:.0f} in 100 before, "
    return f"Answered: {before}{response.after:.0f} in 100 after"


def _came(response: Response, outcome: ShownOutcome) -> str:
    after = f"{response.after:.0f} in 100"
    if not response.by_log:
        often = f"{response.after:.0f}% as often as is usual for these {outcome.who}"
        log = " There is no log of prompts to count by." if outcome.is_usual else ""
        return f"After the first session {outcome.entries} came {often}.{log}"
    if response.before is None:
        return f"After the first session {after} prompts were answered."
    said = (
        f"Of 100 prompts {response.before:.0f} were answered before the first session, {response.after:.0f} after it."
    )
    if (response.after or 0.0) <= response.before - FELL_BY:
        return f"{said} Fewer answer afterwards: those who fell silent may have fared worse."
    return said


def _overturned(response: Response, outcome: ShownOutcome) -> str:
    tipping = response.tipping_point
    if response.after is not None and response.after >= WHOLE:
        return "No fewer came than before, so that there is nothing more missing to ask about."
    if tipping == 0:
        return "The interval includes nought as it is, whatever the missing ones would have said."
    if tipping is None or abs(tipping) > outcome.outcome.scale:
        return "However low or high the missing ones had been, the interval would not include nought."
    way = "lower" if tipping > 0 else "higher"
    return (
        f"Had the missing ones after the start been {outcome.amount(tipping)} {way} than we take them to be, the "
        "interval would include nought."
    )
