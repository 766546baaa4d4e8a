"""Named figures with their intervals, in a list: the parts of a page that say when, how often and for how long."""

from dataclasses import dataclass
from typing import Protocol

from app.impact.evidence_words import signed
from app.impact.step_chart import StepChart


@dataclass(frozen=True, slots=True)
class Line:
    """One named figure with its interval, None where withheld.

    `is_step`: it is one of those that a chart sets in a row, each over its `short` name.
    """

    name: str
    change: float | None
    low: float | None
    high: float | None
    short: str = ""
    is_before: bool = False
    is_step: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: what it says in a sentence, its figures in a list, and the same drawn where there is any."""

    words: str
    lines: tuple[Line, ...] = ()
    chart: StepChart | None = None

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines that a chart sets in a row, where they have a figure."""
        return tuple(line for line in self.lines if line.is_step and line.change is not None)


class Ends(Protocol):
    """Whatever has the ends of an interval."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def likely(interval: Ends) -> str:
    """Return an interval in words."""
    return f"likely between {signed(interval.low)} and {signed(interval.high)}"
