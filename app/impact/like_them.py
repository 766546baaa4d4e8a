"""What followed for young people like one of them, from published figures alone, so that it can tell of nobody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from app.impact.disclosure import Figures
from app.impact.values import Floats

SURE = 1.959964
LEAST_ERROR = 0.05
CLEARLY = 0.05
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """A change with its 95% interval, in points; `like` says in what the people it is of are alike, empty for all."""

    change: float
    low: float
    high: float
    like: str = ""

    @property
    def error(self) -> float:
        return max((self.high - self.low) / (2 * SURE), LEAST_ERROR)


def like_them(everyone: Figures, alike: Iterable[tuple[str, Figures]]) -> Reach | None:
    """Return the first figure of a group of theirs that is drawn toward the whole, else everybody's; None without one.

    `alike` names the person's own groups, the closest first, with what is published of each.
    """
    for like, figures in alike:
        if figures.drawn_change is not None and figures.drawn_low is not None and figures.drawn_high is not None:
            return Reach(figures.drawn_change, figures.drawn_low, figures.drawn_high, like)
    if everyone.change is None or everyone.low is None or everyone.high is None:
        return None
    return Reach(everyone.change, everyone.low, everyone.high)


def can_be_ordered(reaches: Sequence[Reach]) -> bool:
    """Say whether figures differ by more than their own uncertainty (Cochran's Q), so that an order is not noise."""
    if len(reaches) < FEWEST:
        return False
    value: Floats = np.array([reach.change for reach in reaches])
    weight: Floats = np.array([reach.error for reach in reaches]) ** -2
    spread = float(weight @ (value - weight @ value / weight.sum()) ** 2)
    return float(special.chdtrc(len(reaches) - 1, spread)) < CLEARLY
