"""One young person's estimate as a mentor could read it out: never that something worked for them."""

import math
from dataclasses import dataclass

from app.impact.values import PersonEffects

SURE = 1.959964
NEARLY_ALL, MOST, ABOUT_HALF = 0.9, 0.6, 0.4


@dataclass(frozen=True)
class OnePerson:
    """What one person's words are made from, in points; `people` says how many carry the figure, `whole`.

    `allowance` is how far all of it may be off where staff act on what check-ins do not show. Figures that there are
    not are NaN.
    """

    name: str
    intervention: str
    withheld: bool
    people: str
    whole: float
    change: float
    standard_error: float
    own_change: float
    own_standard_error: float
    shrinkage: float
    allowance: float

    @property
    def reach(self) -> tuple[float, float]:
        """The 95% interval, widened by the allowance."""
        return _reach(self.change, math.hypot(self.standard_error, self.allowance))

    @property
    def own_reach(self) -> tuple[float, float]:
        """The same for their own check-ins alone."""
        return _reach(self.own_change, math.hypot(self.own_standard_error, self.allowance))

    @property
    def says_something(self) -> bool:
        """Whether there is an estimate that their own check-ins had a part in."""
        return not self.withheld and not math.isnan(self.own_change)

    @property
    def is_clear(self) -> bool:
        """Whether the interval, as it is said, lies on one side of nought."""
        low, high = (round(end, 1) for end in self.reach)
        return self.says_something and (low > 0 or high < 0)


def _reach(change: float, error: float) -> tuple[float, float]:
    return change - SURE * error, change + SURE * error


def one_person(found: PersonEffects, at: int, *, name: str, intervention: str) -> OnePerson:
    """Return entry `at` of `found`, of somebody called `name`, whose intervention is called `intervention`."""
    kind = int(found.intervention[at])
    return OnePerson(
        name=name,
        intervention=intervention,
        withheld=bool(found.withheld[at]),
        people=str(found.people[kind]),
        whole=float(found.whole[kind]),
        change=float(found.change[at]),
        standard_error=float(found.standard_error[at]),
        own_change=float(found.own_change[at]),
        own_standard_error=float(found.own_standard_error[at]),
        shrinkage=float(found.shrinkage[at]),
        allowance=found.allowance,
    )


def person_finding(one: OnePerson) -> str:
    """Say in a sentence or two what is known of one young person's change after one intervention."""
    if one.withheld:
        return f"There is too little to go by to say anything of one young person after {one.intervention}."
    if not one.says_something:
        return (
            f"{one.name} has too few check-ins before and after {one.intervention} began to say anything of {one.name} "
            f"alone. For the {one.people} young people who came, weekly wellbeing was {than_expected(one.whole)} on "
            "average."
        )
    low, high = one.reach
    if one.is_clear:
        return (
            f"Since {one.intervention} began, {one.name}’s weekly wellbeing has probably been "
            f"{than_expected(one.change)}, likely between {signed(low)} and {signed(high)}."
        )
    return (
        f"We cannot tell whether {one.name}’s wellbeing changed after {one.intervention} began. The best guess is "
        f"{signed(one.change)}, likely between {signed(low)} and {signed(high)}."
    )


def person_basis(one: OnePerson) -> str:
    """Say how much of the estimate is everybody's and how much the person's own; empty where there is none."""
    if not one.says_something:
        return ""
    others, own = f"what followed for the {one.people} young people who came", f"{one.name}’s own check-ins"
    low, high = one.own_reach
    alone = (
        f"On their own, these would say {signed(one.own_change)}, anything between {signed(low)} and {signed(high)}."
    )
    if one.shrinkage >= NEARLY_ALL:
        return f"Nearly all of this is {others}; {own} can add only a little yet. {alone}"
    if one.shrinkage >= MOST:
        return f"Most of this is {others}; the rest is {own}. {alone}"
    if one.shrinkage >= ABOUT_HALF:
        return f"About half of this is {others}, and half {own}. {alone}"
    return f"Most of this is {own}; the rest is {others}. {alone}"


def no_proof(one: OnePerson) -> str:
    """Say what nothing on the page can show."""
    return (
        f"This is no proof that {one.intervention} worked for {one.name}, or that it did not. Moods rise and fall for "
        "many reasons, and people often start something when things are hard, and would have felt better anyway."
    )


def than_expected(change: float) -> str:
    size = f"{abs(change):.1f}"
    if float(size) == 0:
        return "about what was expected"
    points = "point" if float(size) == 1 else "points"
    return f"{size} {points} {'higher' if change > 0 else 'lower'} than expected"


def signed(value: float) -> str:
    text = f"{value:+.1f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\u2212")
