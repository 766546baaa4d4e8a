"""Value for money: what a point of change costs, with an interval that says when there is none, and what a budget buys.

The cost of a point is a ratio of two uncertain figures, the cost per person over the change. Fieller's theorem (1954)
inverts the test of cost - ratio * change = 0, so that the interval holds where a ratio of means with a standard error
does not; where the change may be zero the set is unbounded, and then there is no figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from app.impact.small_sample import t_interval, t_reach
from app.impact.sums import sum_by
from app.impact.values import WELLBEING, Integers, InterventionEffect, Outcome, Sessions

BY_TENS_FROM = 100
UNCERTAIN = "The sign of the change is uncertain, so no cost per {unit} can be given."
NONE_GAINED = "The change is for the worse, so there is no cost per {unit} gained."


class Bounds(Enum):
    """What Fieller's set looks like."""

    INTERVAL = "interval"
    OUTSIDE = "everything outside an interval"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Ratio:
    """A ratio and its 95% confidence set: from `low` to `high`, all but between them, or everything (both None)."""

    value: float | None
    bounds: Bounds
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class SessionsEach:
    """Sessions attended by each person of one intervention: their mean, its variance, and over how many people.

    `covariance` is that of the mean with the change, 0 where it is not known.
    """

    mean: float
    variance: float = 0.0
    people: int = 0
    covariance: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Value:
    """What one intervention costs, in pounds; `per_point` is None where the change is not surely for the better.

    `per_person` has its 95% interval. `finding` says the cost per point, or why there is none.
    """

    per_session: float
    per_person: float
    per_person_low: float
    per_person_high: float
    per_point: float | None
    per_point_low: float | None
    per_point_high: float | None
    finding: str


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a budget would reach if all went as before: `people` whole persons, and `points` gained by them in all."""

    budget: float
    people: int
    sessions: float
    points: float
    low: float
    high: float
    finding: str


def fieller(
    numerator: float, denominator: float, covariance: tuple[float, float, float], freedom: int, level: float = 0.95
) -> Ratio:
    """Return numerator / denominator with Fieller's confidence set.

    `covariance` is (variance of the numerator, covariance, variance of the denominator), all of means with `freedom`
    degrees of freedom. The set holds every r with (numerator - r denominator)^2 <= t^2 Var(numerator - r denominator).
    """
    above, across, below = covariance
    square = t_reach(freedom, level) ** 2
    leading = denominator**2 - square * below
    middle = numerator * denominator - square * across
    root = middle**2 - leading * (numerator**2 - square * above)
    value = None if denominator == 0 else numerator / denominator
    if leading == 0 or root < 0:
        return Ratio(value, Bounds.EVERYTHING)
    ends = sorted((middle + sign * math.sqrt(root)) / leading for sign in (-1, 1))
    return Ratio(value, Bounds.INTERVAL if leading > 0 else Bounds.OUTSIDE, *ends)


def sessions_each(sessions: Sessions, intervention: int, counted: Integers | None = None) -> SessionsEach:
    """Return the sessions attended by each person who came, of `counted` (people indices) only where given."""
    own = np.asarray(sessions.person)[np.asarray(sessions.intervention) == intervention]
    if counted is not None:
        own = own[np.isin(own, counted)]
    people, place = np.unique(own, return_inverse=True)
    if people.size == 0:
        return SessionsEach(mean=0.0)
    number = sum_by(place, np.ones(own.size), people.size)
    variance = float(number.var(ddof=1)) / people.size if people.size > 1 else 0.0
    return SessionsEach(mean=float(number.mean()), variance=variance, people=int(people.size))


def value_for_money(
    effect: InterventionEffect, cost_per_session: float, sessions: SessionsEach, outcome: Outcome = WELLBEING
) -> Value | None:
    """Return what the change of `effect` costs at pounds `cost_per_session`; None where it has no figure.

    A cost per point is given only where the interval of the change lies on the better side of zero.
    """
    if effect.change is None or effect.standard_error is None or effect.degrees_of_freedom is None:
        return None
    freedom, sign = effect.degrees_of_freedom, 1.0 if outcome.higher_is_better else -1.0
    cost = cost_per_session * sessions.mean
    error = cost_per_session * math.sqrt(sessions.variance)
    ratio = fieller(
        cost,
        sign * effect.change * outcome.times,
        (
            error**2,
            sign * cost_per_session * sessions.covariance * outcome.times,
            (effect.standard_error * outcome.times) ** 2,
        ),
        freedom,
    )
    low, high = t_interval(cost, error, max(sessions.people - 1, 1)) if error else (cost, cost)
    found = Value(
        per_session=cost_per_session,
        per_person=cost,
        per_person_low=max(low, 0.0),
        per_person_high=high,
        per_point=None,
        per_point_low=None,
        per_point_high=None,
        finding=UNCERTAIN.format(unit=outcome.unit),
    )
    if ratio.bounds is not Bounds.INTERVAL or ratio.value is None or ratio.low is None or ratio.high is None:
        return found
    if ratio.value < 0:
        return replace(found, finding=NONE_GAINED.format(unit=outcome.unit))
    said = f"{pounds(ratio.value)} for each {outcome.unit} gained by one young person"
    return replace(
        found,
        per_point=ratio.value,
        per_point_low=max(ratio.low, 0.0),
        per_point_high=ratio.high,
        finding=f"{said} (likely between {pounds(max(ratio.low, 0.0))} and {pounds(ratio.high)}).",
    )


def what_if(
    effect: InterventionEffect,
    cost_per_session: float,
    sessions: SessionsEach,
    budget: float,
    outcome: Outcome = WELLBEING,
) -> Budget | None:
    """Return how many people a budget would reach and how many points it would gain, if all went as it did before.

    None where there is no figure or no cost. The interval is that of the change; what the next people would be like
    is taken to be what the last ones were.
    """
    each = cost_per_session * sessions.mean
    if effect.change is None or effect.low is None or effect.high is None or each <= 0 or budget < 0:
        return None
    people = math.floor(budget / each + 1e-9)
    points, low, high = (people * outcome.times * figure for figure in (effect.change, effect.low, effect.high))
    return Budget(
        budget=budget,
        people=people,
        sessions=people * sessions.mean,
        points=points,
        low=low,
        high=high,
        finding=_budget_finding(budget, people, (points, low, high), outcome),
    )


def _budget_finding(budget: float, people: int, points: tuple[float, float, float], outcome: Outcome) -> str:
    reached = f"{pounds(budget)} would pay for {people:,} young {'person' if people == 1 else 'people'}"
    if people == 0:
        return f"{reached}."
    middle, low, high = (f"{figure:+,.0f}".replace("-", "\N{MINUS SIGN}") for figure in points)
    said = f"{reached}; if all goes as before, {middle} {outcome.unit}s in all (likely between {low} and {high})"
    if points[1] <= 0 <= points[2]:
        return f"{said}: whether any would be gained is uncertain."
    return f"{said}."


def pounds(amount: float) -> str:
    """Return money rounded as far as it bears: to tens from a hundred pounds on, to pounds below."""
    return f"£{round(amount, -1 if abs(amount) >= BY_TENS_FROM else 0):,.0f}"
