"""Evidence graded by stated rules and said in one sentence; never more than the figures carry."""

from __future__ import annotations

from dataclasses import dataclass

from app.impact.alternatives import DRAWN_LEVELS, IMPUTATION, IMPUTATION_EARLIER, NAIVE, SEQUENTIAL
from app.impact.figure_words import amount, between, decimals_for
from app.impact.values import WELLBEING, Alternative, Outcome, ShapePoint

WITHHELD = "withheld"
NOT_ESTIMABLE = "cannot be estimated"
CANNOT_TELL = "we cannot tell"
EARLY = "early"
SOME = "some evidence"
GOOD = "good evidence"

EARLY_BELOW = 30
SHORTEST_FOLLOW_UP = 6
LARGEST_Q = 0.05
SURE = 1.96
WIDE = 0.12
LEAST_SHIFT = 0.05
LARGEST_FALL = 0.2


@dataclass(frozen=True)
class Evidence:
    """What one intervention's words are made from.

    `used_referrals`: referral dates were in the model; `referrals_tell`: waits differ, so that they mean something.
    `response` is what came before and after the start, `tipping_point` the shift of the missing that would bring zero
    into the interval, `follow_up_weeks` how long people were seen after it; None where not known, and then no rule.
    """

    intervention: str
    people: int
    people_with_enough_weeks: int
    attended_without_check_ins: int
    withheld: bool
    minimum_group: int
    change: float | None
    interval: tuple[float, float] | None
    with_allowance: tuple[float, float] | None
    q: float | None
    naive: float | None
    dip: ShapePoint | None
    alternatives: tuple[Alternative, ...]
    used_referrals: bool
    without_referral_date: int
    entangled_with: str | None
    outcome: Outcome = WELLBEING
    referrals_tell: bool = False
    follow_up_weeks: float | None = None
    response: tuple[float | None, float | None] = (None, None)
    response_logged: bool = False
    tipping_point: float | None = None


def difference(column: str, q: float) -> str:
    """Say whether the groups of a column differ from each other, by the joint test's q."""
    if q <= LARGEST_Q:
        return f"By {column}: the groups differ by more than chance explains."
    return f"By {column}: no difference between the groups can be told from chance, which does not make them alike."


def alternatives_disagree(evidence: Evidence) -> bool:
    """Tell whether another method points the other way.

    The two methods that are known to lean (the naive difference, and imputation without the weeks before) speak only
    where their own interval excludes zero and no referral dates can tell; the sign of the others is enough.
    """
    change = evidence.change
    if change is None:
        return False
    return any(_points_away(other, change, evidence) for other in evidence.alternatives)


def _points_away(other: Alternative, change: float, evidence: Evidence) -> bool:
    if other.change is None or other.standard_error is None or other.change * change >= 0:
        return False
    if other.name in {NAIVE, IMPUTATION_EARLIER}:
        return not evidence.referrals_tell and abs(other.change) > SURE * other.standard_error
    return other.name in {IMPUTATION, DRAWN_LEVELS, SEQUENTIAL}


def grade_of(evidence: Evidence) -> str:
    """Apply the rules in order; the first that fits gives the grade."""
    if evidence.withheld:
        return WITHHELD
    if evidence.change is None or evidence.interval is None or evidence.with_allowance is None:
        return NOT_ESTIMABLE
    if _direction_is_open(evidence):
        return CANNOT_TELL
    if evidence.people_with_enough_weeks < EARLY_BELOW or is_short(evidence):
        return EARLY
    if not one_side(evidence.with_allowance) or is_wide(evidence) or much_is_missing(evidence):
        return SOME
    return GOOD


def _direction_is_open(evidence: Evidence) -> bool:
    if evidence.interval is None or not one_side(evidence.interval):
        return True
    if evidence.q is None or evidence.q > LARGEST_Q:
        return True
    return alternatives_disagree(evidence) or only_recovery_is_sure(evidence)


def is_short(evidence: Evidence) -> bool:
    """Tell whether half the people were seen for less than six weeks from their first session on."""
    return evidence.follow_up_weeks is not None and evidence.follow_up_weeks < SHORTEST_FOLLOW_UP


def is_wide(evidence: Evidence) -> bool:
    """Tell whether the interval is wider than twelve hundredths of the scale."""
    return evidence.interval is not None and evidence.interval[1] - evidence.interval[0] > WIDE * evidence.outcome.scale


def much_is_missing(evidence: Evidence) -> bool:
    """Tell whether response fell by a fifth of what could come, or a small shift of the missing would bring zero in."""
    return response_fell(evidence) or is_easily_tipped(evidence)


def response_fell(evidence: Evidence) -> bool:
    before, after = evidence.response
    return before is not None and after is not None and before - after > LARGEST_FALL


def is_easily_tipped(evidence: Evidence) -> bool:
    """Tell whether the missing need lie less than a twentieth of the scale off for the interval to include zero."""
    shift = evidence.tipping_point
    return shift is not None and abs(shift) < LEAST_SHIFT * evidence.outcome.scale


def only_recovery_is_sure(evidence: Evidence) -> bool:
    """Tell whether a dip before the start, with no referral dates to go by, leaves the direction open."""
    if evidence.referrals_tell or evidence.with_allowance is None:
        return False
    return has_dip(evidence) and not one_side(evidence.with_allowance)


def has_dip(evidence: Evidence) -> bool:
    """Tell whether the weeks before the first session were clearly worse than those well before it."""
    dip = evidence.dip
    if dip is None or dip.low is None or dip.high is None:
        return False
    return dip.high < 0 if evidence.outcome.higher_is_better else dip.low > 0


def one_side(interval: tuple[float, float]) -> bool:
    return interval[0] > 0 or interval[1] < 0


def finding(evidence: Evidence, grade: str) -> str:
    """Say in one sentence what was found; a direction only where the grade claims one, and always as an association."""
    name, outcome = evidence.intervention, evidence.outcome
    if grade == WITHHELD:
        return f"{name}: fewer than {evidence.minimum_group} young people, so no figure is shown."
    if evidence.change is None or evidence.interval is None:
        return f"{name}: these records cannot separate what followed it from everything else that changed."
    low, high = evidence.interval
    decimals = decimals_for(high - low, outcome)
    span = between(low, high, outcome, decimals)
    people = f"{evidence.people} young people"
    if grade == CANNOT_TELL:
        why = _why_not(evidence, span)
        return f"{name}: we cannot tell whether {outcome.name} changed for the {people} who attended ({why})."
    direction = "higher" if evidence.change > 0 else "lower"
    start = {EARLY: "an early sign that ", SOME: "some evidence that ", GOOD: "good evidence that "}[grade]
    size = amount(evidence.change, outcome, decimals)
    return (
        f"{name}: {start}{outcome.name} was {size} {direction} than expected after the first session, for the "
        f"{people} who attended ({span}); this is an association."
    )


def _why_not(evidence: Evidence, span: str) -> str:
    """Say what stands between an interval and a direction."""
    if evidence.interval is None or not one_side(evidence.interval):
        return span
    if evidence.q is None or evidence.q > LARGEST_Q:
        return f"{span}; among so many comparisons chance alone can give this"
    if alternatives_disagree(evidence):
        return "other methods point the other way"
    return f"{span}; it followed a dip, and the allowance for recovery reaches past zero"
