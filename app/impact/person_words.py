"""One young person's estimate as a mentor could read it out: never that something worked for them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.impact.values import PersonEffects

SURE = 1.959964
MOSTLY = 0.5


@dataclass(frozen=True)
class OnePerson:
    """What one person's words are made from, in points; `people` carry the intervention's figure, `whole`.

    `allowance` is how far all of it may be off where staff act on what check-ins do not show. Figures that there are
    not are NaN.
    """

    intervention: str
    withheld: bool
    people: int
    whole: float
    change: float
    standard_error: float
    own_change: float
    shrinkage: float
    allowance: float


def one_person(found: PersonEffects, at: int, intervention: str) -> OnePerson:
    """Return entry `at` of `found`, whose intervention is called `intervention`."""
    kind = int(found.intervention[at])
    return OnePerson(
        intervention=intervention,
        withheld=bool(found.withheld[at]),
        people=int(found.people[kind]),
        whole=float(found.whole[kind]),
        change=float(found.change[at]),
        standard_error=float(found.standard_error[at]),
        own_change=float(found.own_change[at]),
        shrinkage=float(found.shrinkage[at]),
        allowance=found.allowance,
    )


def person_finding(one: OnePerson) -> str:
    """Say in words what is known of one young person's change after one intervention, and what it rests on."""
    if one.withheld:
        return f"{one.intervention}: there is too little to go by to say anything of one young person."
    if math.isnan(one.own_change):
        return (
            f"{one.intervention}: this young person has too few check-ins before and after it. For the {one.people} "
            f"young people who attended, weekly wellbeing was {_than_expected(one.whole)} on average."
        )
    reach = SURE * math.hypot(one.standard_error, one.allowance)
    low, high = one.change - reach, one.change + reach
    span = f"likely between {_signed(low)} and {_signed(high)}"
    if low > 0 or high < 0:
        said = f"this young person's weekly wellbeing since the first session is probably {_than_expected(one.change)}"
        return f"{one.intervention}: {said} ({span}). {_basis(one)} It does not show what the change is owed to."
    return (
        f"{one.intervention}: we cannot tell whether this young person's wellbeing changed (best guess "
        f"{_signed(one.change)}, {span}). {_basis(one)}"
    )


def _basis(one: OnePerson) -> str:
    others = f"what was seen in the {one.people} young people who attended"
    own = f"their own check-ins, which alone would say {_signed(one.own_change)}"
    first, second = (others, own) if one.shrinkage >= MOSTLY else (own, others)
    return f"This rests mostly on {first}, and less on {second}."


def _than_expected(change: float) -> str:
    size = f"{abs(change):.1f}"
    if float(size) == 0:
        return "about what was expected"
    points = "point" if float(size) == 1 else "points"
    return f"{size} {points} {'higher' if change > 0 else 'lower'} than expected"


def _signed(value: float) -> str:
    text = f"{value:+.1f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\u2212")
