"""The change by weeks around the first session as marks: widths in percent, heights in pixels, so nothing shrinks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.impact.beside import Span
from app.impact.evidence_words import in_speech
from app.impact.published_values import ShapePoint
from app.impact.scales import step_of, tick_words

HEIGHT = 232
TOP, BOTTOM = 14.0, 206.0
WEEKS_OF_OPEN = 4
LEAST = 0.5
WIDEST_LABEL = 6.0


@dataclass(frozen=True, slots=True)
class Step:
    """One span of weeks: a line at the estimate in a band that is its interval."""

    x: float
    width: float
    y: float
    top: float
    height: float
    is_before: bool


@dataclass(frozen=True, slots=True)
class ShapeChart:
    """The whole drawing and the same in words; `naive` is the height of the plain before-and-after figure."""

    steps: tuple[Step, ...]
    heights: tuple[tuple[float, str], ...]
    weeks: tuple[tuple[float, str], ...]
    start: float
    zero: float
    naive: float | None
    direction: str
    words: str

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def scale_words(self) -> str:
        return f"Scale from {self.heights[0][1]} to {self.heights[-1][1]}"


def weeks_words(span: Span) -> str:
    """Return a span in words: `weeks 2 to 3`, `8 to 4 weeks before`, `week 7 on`."""
    if span.first < 0:
        last = span.last or -1
        return f"{-span.first} to {-last} weeks before"
    if span.last is None:
        return f"week {span.first} on"
    if span.first == span.last:
        return "week of the first session" if span.first == 0 else f"week {span.first}"
    return f"weeks {span.first} to {span.last}"


def shape_chart(shape: Sequence[ShapePoint], naive: float | None, direction: str) -> ShapeChart | None:
    """Lay the chart out; None where no span shows a figure."""
    shown = [point for point in shape if point.change is not None]
    if not shown:
        return None
    values = [end for point in shown for end in (point.low, point.high) if end is not None]
    low, high = min([-LEAST, *values, naive or 0.0]), max([LEAST, *values, naive or 0.0])
    step = step_of(high - low)
    ticks = [place * step for place in range(math.floor(low / step), math.ceil(high / step) + 1)]

    def at(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - ticks[0]) / (ticks[-1] - ticks[0]), 1)

    edges = _edges(shape)
    steps = tuple(
        Step(
            edges[place],
            round(edges[place + 1] - edges[place], 2),
            at(point.change),
            at(point.high),
            round(at(point.low) - at(point.high), 1),
            point.span.first < 0,
        )
        for place, point in enumerate(shape)
        if point.change is not None and point.low is not None and point.high is not None
    )
    start = next((edge for edge, point in zip(edges, shape, strict=False) if point.span.first >= 0), 0.0)
    return ShapeChart(
        steps,
        tuple((at(value), tick_words(value)) for value in ticks),
        _labels(shape, edges),
        start,
        at(0.0),
        None if naive is None else at(naive),
        direction,
        _in_words(shown, naive),
    )


def _edges(shape: Sequence[ShapePoint]) -> list[float]:
    """Return where each span begins, and the last one ends, in percent of the width."""
    weeks = [WEEKS_OF_OPEN if one.span.last is None else one.span.last - one.span.first + 1 for one in shape]
    whole = sum(weeks)
    return [round(100 * sum(weeks[:place]) / whole, 2) for place in range(len(weeks) + 1)]


def _labels(shape: Sequence[ShapePoint], edges: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """Name the week that each span begins with, but for those that stand too close to the one before."""
    found: list[tuple[float, str]] = []
    for point, edge in zip(shape, edges, strict=False):
        if not found or point.span.first == 0 or edge - found[-1][0] >= WIDEST_LABEL:
            found.append((edge, str(point.span.first).replace("-", "\N{MINUS SIGN}")))
    return tuple(found)


def _in_words(shown: Sequence[ShapePoint], naive: float | None) -> str:
    said = [f"{weeks_words(point.span)} {_spoken(point)}" for point in shown]
    if naive is not None:
        said.append(f"plain before and after, not to be used, {in_speech(naive)}")
    return "Change by weeks around the first session: " + "; ".join(said)


def _spoken(point: ShapePoint) -> str:
    if point.change is None or point.low is None or point.high is None:
        return "withheld"
    return f"{in_speech(point.change)}, between {in_speech(point.low)} and {in_speech(point.high)}"
