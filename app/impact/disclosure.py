"""Disclosure control: what may be published of a group, so that nothing can be told of one young person.

One rule for every page and download; only young people with at least 3 weeks of check-ins before the first session and
3 from it on count. Fewer than 10: withheld. 10 to 19: the count and "early", no figure. 20 to 29: figure and interval,
marked early. 30 and more: the figure with its grade. Counts are rounded down to a multiple of 5, so that the count and
the state of a cell say the same and no more; figures have one decimal.

What the counts of several cells tell together is looked at in `count_disclosure.py`, and what their figures tell in
`figure_disclosure.py`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

MINIMUM = 10
ENOUGH_WEEKS = 3
FIGURES_FROM = 20
GRADED_FROM = 30
STEP = 5
NOBODY_KNOWS = math.inf
DOMINANT = 2
DOMINANT_SHARE = 0.9


class State(StrEnum):
    """How much of a cell may be shown."""

    WITHHELD = "withheld"
    COUNT_ONLY = "count_only"
    EARLY = "early"
    GRADED = "graded"
    SHOWN = "shown"
    """20 or more, and no word on how many: cells of two columns, and what stands beside an offer's figure."""


PEOPLE_IN_STATE = {
    State.WITHHELD: (0.0, MINIMUM - 1.0),
    State.COUNT_ONLY: (float(MINIMUM), FIGURES_FROM - 1.0),
    State.EARLY: (float(FIGURES_FROM), GRADED_FROM - 1.0),
    State.GRADED: (float(GRADED_FROM), NOBODY_KNOWS),
    State.SHOWN: (float(FIGURES_FROM), NOBODY_KNOWS),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found of one cell, before anything is held back: never stored, never shown."""

    people: int
    sessions: int
    sessions_of_busiest: int
    change: float | None = None
    low: float | None = None
    high: float | None = None
    naive: float | None = None
    grade: str = ""
    joined_low: bool = False
    used_referrals: bool = False
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group's figure drawn toward the whole of the groups shown beside it, with its 95% interval.

    `shrinkage`, from 0 to 1, is the weight of the whole. `differ` says whether one joint test, over all groups of the
    table, finds that they differ (None: it could not be made).
    """

    change: float
    low: float
    high: float
    shrinkage: float
    differ: bool | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is published of one cell. `people` None beside a shown state: the state's range is all that is said.

    `complementary` says that a cell of 10 or more was withheld to protect another; no page tells the two apart.
    `kept_back` says that the counts are shown and the figure is not, because it would give away that of a group too
    small for one; beside WITHHELD, that a whole table is. The `drawn_` figures are drawn toward the whole, with
    `drawn_share` (0 to 1) of it; `differ` is the outcome of one joint test over all the groups of the table. Of what
    has no before, `change` holds the level itself, and `sessions` counts the answers.
    """

    state: State
    people: int | None = None
    sessions: int | None = None
    check_ins: int | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    naive: float | None = None
    grade: str = ""
    joined_low: bool = False
    used_referrals: bool = False
    complementary: bool = False
    kept_back: bool = False
    drawn_change: float | None = None
    drawn_low: float | None = None
    drawn_high: float | None = None
    drawn_share: float | None = None
    differ: bool | None = None

    @property
    def has_figure(self) -> bool:
        """Whether a change is shown, be it the group's own or one drawn toward the whole."""
        return self.change is not None or self.drawn_change is not None

    def without_figure(self) -> Figures:
        """Return the counts alone: the figure would give another group's away."""
        return Figures(
            self.state,
            self.people,
            self.sessions,
            used_referrals=self.used_referrals,
            complementary=self.complementary,
            kept_back=True,
        )

    def without_drawn(self) -> Figures:
        """Return the group's own figure alone: the one drawn toward the whole would give away another's."""
        return replace(self, drawn_change=None, drawn_low=None, drawn_high=None, drawn_share=None, differ=None)

    @property
    def is_withheld(self) -> bool:
        return self.state is State.WITHHELD

    def as_text(self) -> str:
        return json.dumps(self.values())

    def values(self) -> dict[str, Any]:
        """Return what says anything, for storing."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) != field.default}

    @classmethod
    def from_text(cls, text: str) -> Figures:
        return cls.from_values(json.loads(text))

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Figures:
        return cls(**{**values, "state": State(values["state"])})


def rounded_down(count: int) -> int:
    """Return a count as it is published: the multiple of 5 at or below it."""
    return count // STEP * STEP


def one_decimal(value: float | None) -> float | None:
    """Return a figure as it is published; never minus nought."""
    return None if value is None else round(value, 1) + 0.0


def state_of(people: int) -> State:
    if people < MINIMUM:
        return State.WITHHELD
    if people < FIGURES_FROM:
        return State.COUNT_ONLY
    return State.EARLY if people < GRADED_FROM else State.GRADED


def publishable(measured: Measured) -> Figures:
    """Return what the rule lets through of one cell, its neighbours not yet looked at."""
    state = state_of(measured.people)
    if state is State.WITHHELD:
        return Figures(state)
    dominated = measured.sessions_of_busiest >= DOMINANT_SHARE * measured.sessions
    counted = Figures(
        state,
        people=rounded_down(measured.people),
        sessions=None if dominated else rounded_down(measured.sessions),
    )
    if state is State.COUNT_ONLY:
        return counted
    figures = replace(
        counted,
        change=one_decimal(measured.change),
        low=one_decimal(measured.low),
        high=one_decimal(measured.high),
        naive=one_decimal(measured.naive),
        grade=measured.grade,
        joined_low=measured.joined_low,
        used_referrals=measured.used_referrals,
    )
    return figures if measured.drawn is None else _with_drawn(figures, measured.drawn)


def _with_drawn(figures: Figures, drawn: Drawn) -> Figures:
    return replace(
        figures,
        drawn_change=one_decimal(drawn.change),
        drawn_low=one_decimal(drawn.low),
        drawn_high=one_decimal(drawn.high),
        drawn_share=one_decimal(drawn.shrinkage),
        differ=drawn.differ,
    )


def publishable_alone(measured: Measured) -> Figures:
    """Return what is let through of a cell of two columns, or beside an offer's figure: a figure from 20 on, no count.

    Of a group of two columns, the figure drawn toward the whole is the only one.
    """
    if measured.people < FIGURES_FROM or (measured.change is None and measured.drawn is None):
        return Figures(State.WITHHELD)
    shown = Figures(State.SHOWN, used_referrals=measured.used_referrals)
    if measured.drawn is not None:
        return _with_drawn(shown, measured.drawn)
    return replace(
        shown, change=one_decimal(measured.change), low=one_decimal(measured.low), high=one_decimal(measured.high)
    )


WITHHELD_BESIDE = Figures(State.WITHHELD, complementary=True)
WITHHELD_WHOLE = Figures(State.WITHHELD, kept_back=True)
"""A cell of a table that is withheld as a whole: it may hold any number."""
