"""Changes by weeks, or by sessions, as steps: widths in percent, heights in pixels, so that nothing ever shrinks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.impact.beside import Span
from app.impact.evidence_words import in_speech
from app.impact.published_values import DoseBand, ShapePoint
from app.impact.scales import step_of, tick_words

HEIGHT = 232
TOP, BOTTOM = 14.0, 206.0
WEEKS_OF_OPEN = 4
LEAST = 0.5
WIDEST_LABEL = 5.0
GAP = 3.0
Point = ShapePoint | DoseBand


@dataclass(frozen=True, slots=True)
class Step:
    """One span: a line at the estimate in a band that is its interval."""

    x: float
    width: float
    y: float
    top: float
    height: float
    is_before: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What stands under a place of the drawing; `anchor` is the end of the words that stands there."""

    x: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class StepChart:
    """The whole drawing and the same in words.

    `ticks` are the round figures up the side, `heights` where they lie. `start` is where the first session lies, and
    `naive` the height of the plain before-and-after figure; None where there is none. `has_gaps`: a span is withheld.
    """

    steps: tuple[Step, ...]
    ticks: tuple[float, ...]
    heights: tuple[tuple[float, str], ...]
    labels: tuple[Label, ...]
    start: float | None
    zero: float
    naive: float | None
    direction: str
    words: str
    has_gaps: bool

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def shows_before(self) -> bool:
        return any(step.is_before for step in self.steps)

    @property
    def scale_words(self) -> str:
        return f"Scale from {self.heights[0][1]} to {self.heights[-1][1]}"


@dataclass(frozen=True, slots=True)
class _Heights:
    """Round figures up the side, and where between them a figure lies."""

    ticks: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "_Heights":
        low, high = min([-LEAST, *values]), max([LEAST, *values])
        step = step_of(high - low)
        return cls(tuple(place * step for place in range(math.floor(low / step), math.ceil(high / step) + 1)))

    def at(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0]), 1)

    @property
    def named(self) -> tuple[tuple[float, str], ...]:
        return tuple((self.at(value), tick_words(value)) for value in self.ticks)


def weeks_words(span: Span) -> str:
    """Return a span of weeks in words: `weeks 2 to 3`, `8 to 4 weeks before`, `week 7 on`."""
    if span.first < 0:
        last = span.last or -1
        return f"{-span.first} to {-last} weeks before"
    if span.last is None:
        return f"week {span.first} on"
    if span.first == span.last:
        return "week of the first session" if span.first == 0 else f"week {span.first}"
    return f"weeks {span.first} to {span.last}"


def weeks_in_short(span: Span) -> str:
    """Return a span of weeks in figures: `2 to 3`, `0`, `7 on`."""
    if span.last is None:
        return f"{span.first} on"
    ends = [str(end).replace("-", "\N{MINUS SIGN}") for end in dict.fromkeys((span.first, span.last))]
    return " to ".join(ends)


def sessions_words(span: Span) -> str:
    """Return a span of sessions in words: `1 to 3`, `8 or more`."""
    return f"{span.first} or more" if span.last is None else f"{span.first} to {span.last}"


def shape_chart(shape: Sequence[ShapePoint], naive: float | None, direction: str) -> StepChart | None:
    """Draw the change by weeks around the first session; None where no span shows a figure."""
    shown = [point for point in shape if point.change is not None]
    if not shown:
        return None
    heights = _Heights.of([*_ends(shown), naive or 0.0])
    edges = _edges(shape)
    places = [(edge, round(after - edge, 2)) for edge, after in pairwise(edges)]
    said = [f"{weeks_words(point.span)} {_spoken(point)}" for point in shown]
    if naive is not None:
        said.append(f"plain before and after, not to be used, {in_speech(naive)}")
    return StepChart(
        _steps(shape, places, heights),
        heights.ticks,
        heights.named,
        _weeks(shape, edges),
        next((edge for edge, point in zip(edges, shape, strict=False) if point.span.first >= 0), 0.0),
        heights.at(0.0),
        None if naive is None else heights.at(naive),
        direction,
        "Change by weeks around the first session: " + "; ".join(said),
        len(shown) < len(shape),
    )


def dose_chart(bands: Sequence[DoseBand], direction: str) -> StepChart | None:
    """Draw the change by sessions attended so far; None where no band shows a figure."""
    shown = [band for band in bands if band.change is not None]
    if not shown:
        return None
    heights, wide = _Heights.of(_ends(shown)), 100 / len(bands)
    places = [(round(place * wide + GAP, 2), round(wide - 2 * GAP, 2)) for place in range(len(bands))]
    said = [f"while {sessions_words(band.span)} had been attended {_spoken(band)}" for band in shown]
    return StepChart(
        _steps(bands, places, heights),
        heights.ticks,
        heights.named,
        tuple(Label(round((place + 0.5) * wide, 2), sessions_words(band.span)) for place, band in enumerate(bands)),
        None,
        heights.at(0.0),
        None,
        direction,
        "Change by sessions attended so far: " + "; ".join(said),
        len(shown) < len(bands),
    )


def _ends(points: Sequence[Point]) -> list[float]:
    return [end for point in points for end in (point.low, point.high) if end is not None]


def _steps(points: Sequence[Point], places: Sequence[tuple[float, float]], heights: _Heights) -> tuple[Step, ...]:
    return tuple(
        Step(
            x,
            width,
            heights.at(point.change),
            heights.at(point.high),
            round(heights.at(point.low) - heights.at(point.high), 1),
            point.span.first < 0,
        )
        for point, (x, width) in zip(points, places, strict=True)
        if point.change is not None and point.low is not None and point.high is not None
    )


def _edges(shape: Sequence[ShapePoint]) -> list[float]:
    """Return where each span begins, and the last one ends, in percent of the width."""
    weeks = [WEEKS_OF_OPEN if one.span.last is None else one.span.last - one.span.first + 1 for one in shape]
    whole = sum(weeks)
    return [round(100 * sum(weeks[:place]) / whole, 2) for place in range(len(weeks) + 1)]


def _weeks(shape: Sequence[ShapePoint], edges: Sequence[float]) -> tuple[Label, ...]:
    """Name the week that each span begins with, but for those that stand too close to the one before."""
    found: list[Label] = []
    for point, edge in zip(shape, edges, strict=False):
        if not found or point.span.first == 0 or edge - found[-1].x >= WIDEST_LABEL:
            words = str(point.span.first).replace("-", "\N{MINUS SIGN}")
            found.append(Label(edge, words, "middle" if found else "start"))
    return tuple(found)


def _spoken(point: Point) -> str:
    if point.change is None or point.low is None or point.high is None:
        return "withheld"
    return f"{in_speech(point.change)}, between {in_speech(point.low)} and {in_speech(point.high)}"
