"""The change by sessions attended so far, as a part of a page."""

from collections.abc import Iterator

from app.impact.beside import Span
from app.impact.dose import BANDS, MOST_SESSIONS
from app.impact.figure_words import amount
from app.impact.lines import Line, Part, likely
from app.impact.published_values import Dose, Interval
from app.impact.step_chart import dose_chart, sessions_words
from app.impact.values import Outcome

NO_DOSE = "Too few young people have come for the change to be told by sessions attended."
NO_MORE = "Too few came that often for many sessions to be set against few."
FIRST, LAST = (sessions_words(Span(*BANDS[place])) for place in (0, -1))
MORE = f"{LAST}, less {FIRST}"
EACH = f"For each session, up to {MOST_SESSIONS}"


def dose_part(dose: Dose | None, direction: str, outcome: Outcome) -> Part:
    """Return what is published by sessions attended so far; say `dose.WARNING` beside it."""
    if dose is None:
        return Part(NO_DOSE)
    return Part(_more_words(dose.more, outcome), tuple(_lines(dose)), dose_chart(dose.bands, direction))


def _lines(dose: Dose) -> Iterator[Line]:
    for band in dose.bands:
        words = sessions_words(band.span)
        yield Line(f"{words} so far", band.change, band.low, band.high, words)
    for name, found in ((MORE, dose.more), (EACH, dose.per_session)):
        change, low, high = (found.change, found.low, found.high) if found else (None, None, None)
        yield Line(name, change, low, high, is_step=False)


def _more_words(more: Interval | None, outcome: Outcome) -> str:
    if more is None:
        return NO_MORE
    if more.low <= 0 <= more.high:
        return (
            f"Whether {LAST} sessions differ from the first {FIRST} cannot be told: the difference is {likely(more)}."
        )
    way = "higher" if more.change > 0 else "lower"
    size = amount(more.change, outcome)
    return f"After {LAST} sessions {outcome.name} was {size} {way} than after the first {FIRST}: {likely(more)}."
