"""A span of change that figures are drawn on, and each figure as marks on it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

from app.impact.disclosure import Figures
from app.impact.evidence_words import in_speech, is_certain, spoken

EDGE = 4.0
MOST_TICKS = 6
LEAST_STEP = 0.5
ROUND_STEPS = (1.0, 2.0, 5.0)
LEAST_SPAN = 0.5
A_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Scale:
    """The span of change that all rows are drawn on, in points; positions are percentages of the width."""

    low: float
    high: float

    def at(self, value: float) -> float:
        return round(EDGE + (100 - 2 * EDGE) * (value - self.low) / (self.high - self.low), 2)

    @property
    def values(self) -> list[float]:
        """Return the round figures that the scale names."""
        step = step_of(self.high - self.low)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [place * step for place in range(first, last + 1)]

    @property
    def ticks(self) -> list[tuple[float, str]]:
        return [(self.at(value), tick_words(value)) for value in self.values]

    @property
    def words(self) -> str:
        return f"Scale from {tick_words(self.values[0])} to {tick_words(self.values[-1])}"


def step_of(span: float) -> float:
    """Return the least round step of which fewer than six fit into a span."""
    steps = (step * 10.0**power for power in count() for step in ROUND_STEPS)
    return next(step for step in chain((LEAST_STEP,), steps) if span / step < MOST_TICKS)


def span_of(values: Sequence[float]) -> Scale:
    """Return a scale from nought that has room for every value and ends on a round figure."""
    low, high = min([0.0, *values]), max([1.0, *values])
    step = step_of(high - low)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step)


def tick_words(value: float) -> str:
    text = "0" if value == 0 else f"{value:+,.0f}" if abs(value) >= A_THOUSAND else f"{value:+g}"
    return text.replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure drawn on the scale: percentages of the width, and the same in words."""

    dot: float
    low: float
    high: float
    naive: float | None
    direction: str
    words: str


def scale_of(shown: Iterable[Figures]) -> Scale:
    """Return the scale that has room for every figure, nought and half a point around it."""
    ends = ((figures.low, figures.high, figures.naive) for figures in shown)
    return scale_around(value for own in ends for value in own if value is not None)


def mark_of(figures: Figures, scale: Scale) -> Mark | None:
    """Return a cell's marks; None where it has no figure."""
    if figures.change is None or figures.low is None or figures.high is None:
        return None
    return Mark(
        scale.at(figures.change),
        scale.at(figures.low),
        scale.at(figures.high),
        None if figures.naive is None else scale.at(figures.naive),
        direction_of(figures),
        spoken(figures),
    )


def interval_mark(change: float, low: float, high: float, scale: Scale, direction: str) -> Mark:
    """Return a figure that is no cell's own as marks."""
    words = f"{in_speech(change)}, between {in_speech(low)} and {in_speech(high)}"
    return Mark(scale.at(change), scale.at(low), scale.at(high), None, direction, words)


def scale_around(values: Iterable[float]) -> Scale:
    """Return the scale that has room for every value, nought and half a point around it."""
    held = [LEAST_SPAN, -LEAST_SPAN, *values]
    return Scale(math.floor(min(held) * 2) / 2, math.ceil(max(held) * 2) / 2)


def direction_of(figures: Figures) -> str:
    if figures.change is None or not is_certain(figures):
        return "unsure"
    return "better" if figures.change > 0 else "worse"
