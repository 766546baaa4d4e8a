"""How many in a hundred answers said yes, where everybody counts the same however often they were asked.

What is only asked after a session has no before, so there is a level and no change. It is the mean over people of the
share of their own answers that said yes; an interval that took every answer for a person of its own would be too narrow
where some answer often. Wilson's interval (1927) is taken at the number of independent answers that the spread between
people amounts to, never more than there are answers, with Student's t (Korn and Graubard 1998): it holds near none and
all, where the plain one would be a point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.small_sample import t_reach
from app.impact.sums import sum_by
from app.impact.values import Integers, Truths

PER_CENT = 100
NEARLY_NONE, NEARLY_ALL = 5, 95


@dataclass(frozen=True, slots=True)
class Level:
    """A share of answers, in per cent, with its 95% interval."""

    share: float
    low: float
    high: float

    def as_published(self) -> Level:
        """Return it in whole per cent; of nearly all, or nearly none, no more than that, so that nobody's answer shows.

        `share` is then 95 or 5, the end of the interval on that side is open, and the other one a multiple of 5.
        """
        share, low, high = round(self.share), round(self.low), round(self.high)
        if share >= NEARLY_ALL:
            return Level(NEARLY_ALL, min(low // 5 * 5, NEARLY_ALL - 5), PER_CENT)
        if share <= NEARLY_NONE:
            return Level(NEARLY_NONE, 0, max(-(-high // 5) * 5, NEARLY_NONE + 5))
        return Level(share, low, high)


def level_of(person: Integers, said_yes: Truths) -> Level | None:
    """Return the level of answers (N,) with whose they are; None for fewer than two people."""
    _, place, answers = np.unique(person, return_inverse=True, return_counts=True)
    people = answers.size
    if people < 2:  # noqa: PLR2004 (a spread needs two)
        return None
    own = sum_by(place, np.asarray(said_yes, np.float64), people) / answers
    share, error = float(own.mean()), float(own.std(ddof=1)) / np.sqrt(people)
    worth = _worth(share, error, people, person.size)
    reach = t_reach(people - 1)
    weight = reach**2 / worth
    middle = (share + weight / 2) / (1 + weight)
    half = reach / (1 + weight) * np.sqrt(share * (1 - share) / worth + weight / (4 * worth))
    low, high = (PER_CENT * float(min(max(middle + sign * half, 0.0), 1.0)) for sign in (-1, 1))
    return Level(PER_CENT * share, low, high)


def _worth(share: float, error: float, people: int, answers: int) -> float:
    """Return how many independent answers the spread between people amounts to."""
    if share in (0.0, 1.0):
        return people
    return answers if error == 0 else min(max(share * (1 - share) / error**2, people), answers)
