"""Value for money from published figures alone: what a person and a point cost, and what a budget would buy.

Published counts are rounded down to a multiple of 5, so sessions each are told from the middle of what a count may be.
"""

import math
from dataclasses import dataclass

from app.impact.disclosure import STEP, Figures, State
from app.impact.evidence_words import is_certain
from app.impact.shown_outcomes import WELLBEING_SHOWN, ShownOutcome, capital
from app.impact.small_sample import t_reach
from app.impact.value import SessionsEach, Value, what_if
from app.impact.value import value_for_money as value_of_effect
from app.impact.values import InterventionEffect

PENCE = 100
BY_TENS_FROM = 100
MIDDLE = (STEP - 1) / 2
NO_COST = "Its cost per place is not in the directory, so nothing can be said of money."
NO_SESSIONS = "How often each young person comes is not given, so neither is what a person costs."
TOO_FEW = "Too few young people have come for a number to plan with."
WITHHELD = "Withheld to protect people in small groups, so nothing can be said of money."


@dataclass(frozen=True, slots=True)
class Money:
    """What published figures say of cost, in pounds; `warning` says why there is no cost of a point.

    `short_warning` says so in a few words for a narrow column, where it is the change that forbids a figure.
    """

    per_session: float | None = None
    per_person: float | None = None
    per_point: float | None = None
    per_point_low: float | None = None
    per_point_high: float | None = None
    warning: str = ""
    short_warning: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """What a sum would buy: places at sessions, whole young people, and points gained by all of them together."""

    places: int
    people: int
    points: float | None = None
    low: float | None = None
    high: float | None = None


def per_session(cost_per_place: int | None) -> float | None:
    """Return pounds for one place at one session; None where none is known."""
    return None if not cost_per_place else cost_per_place / PENCE


def money_of(figures: Figures, cost_per_place: int | None, outcome: ShownOutcome = WELLBEING_SHOWN) -> Money:
    """Return the cost of a session, a person and a point; of a point only where the change is surely for the better."""
    if figures.is_withheld:
        return Money(warning=WITHHELD)
    cost, each = per_session(cost_per_place), sessions_each(figures)
    warning = why_no_points(figures, cost_per_place, outcome)
    if cost is None or each is None:
        return Money(cost, warning=warning)
    known = Money(cost, rounded(cost * each.mean), warning=warning, short_warning=_in_short(figures) if warning else "")
    value = _value(figures, cost, each)
    if warning or value is None or value.per_point is None:
        return known
    ends = (value.per_point_low, value.per_point_high)
    low, high = (None if end is None else rounded(end) for end in ends)
    return Money(known.per_session, known.per_person, rounded(value.per_point), low, high)


def _value(figures: Figures, cost: float, each: SessionsEach) -> Value | None:
    """Return the engine's value of a published figure; its error is told from its interval."""
    if figures.change is None or figures.low is None or figures.high is None or not figures.people:
        return None
    freedom = figures.people - 1
    error = (figures.high - figures.low) / 2 / t_reach(freedom)
    effect = effect_of(figures, error, freedom)
    return value_of_effect(effect, cost, each)


def effect_of(figures: Figures, error: float | None = None, freedom: int | None = None) -> InterventionEffect:
    """Return a published figure as the engine takes it."""
    return InterventionEffect(
        intervention="",
        withheld=figures.is_withheld,
        change=figures.change,
        low=figures.low,
        high=figures.high,
        standard_error=error,
        degrees_of_freedom=freedom,
    )


def sessions_each(figures: Figures) -> SessionsEach | None:
    """Return how many sessions a young person comes to on average, from published counts; None where not given."""
    if not figures.people or not figures.sessions:
        return None
    return SessionsEach(mean=(figures.sessions + MIDDLE) / (figures.people + MIDDLE), people=figures.people)


def _in_short(figures: Figures) -> str:
    if figures.state is not State.GRADED:
        return "too early"
    return "lower than expected" if figures.change is not None and is_certain(figures) else "better or worse: not sure"


def why_no_points(figures: Figures, cost_per_place: int | None, outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Return why nothing can be said of the cost of a point, in a sentence; empty where something can."""
    if figures.is_withheld:
        return WITHHELD
    if per_session(cost_per_place) is None:
        return NO_COST
    if sessions_each(figures) is None:
        return NO_SESSIONS
    if figures.state is not State.GRADED:
        return TOO_FEW
    return _why_of_the_change(figures, outcome)


def _why_of_the_change(figures: Figures, outcome: ShownOutcome) -> str:
    if figures.change is None or not is_certain(figures):
        return f"It is not sure whether {outcome.noun} rises or falls, so no number of {outcome.unit}s is given."
    if figures.change > 0:
        return ""
    return f"{capital(outcome.noun)} was lower than expected afterwards: look closer before more is spent."


def bought_with(pounds: float, figures: Figures, cost_per_place: int | None) -> Bought | None:
    """Return what a sum would buy if all went as before; points only where they surely would be gained."""
    cost, each = per_session(cost_per_place), sessions_each(figures)
    if cost is None or each is None:
        return None
    places = math.floor(pounds / cost + 1e-9)
    reached = Bought(places, math.floor(places / each.mean))
    found = what_if(effect_of(figures), cost, each, pounds)
    if found is None or why_no_points(figures, cost_per_place):
        return reached
    return Bought(places, found.people, found.points, found.low, found.high)


def rounded(pounds: float) -> float:
    """Return money as far as it bears: to tens from a hundred pounds on, to pounds below."""
    return float(round(pounds, -1 if pounds >= BY_TENS_FROM else 0))
