"""Evidence in words: a grade from stated rules, one sentence, and warnings; never more than the figures carry."""

from __future__ import annotations

from dataclasses import dataclass

from app.impact.alternatives import DRAWN_LEVELS, IMPUTATION, IMPUTATION_EARLIER, NAIVE
from app.impact.values import Alternative, ShapePoint

WITHHELD = "withheld"
NOT_ESTIMABLE = "cannot be estimated"
CANNOT_TELL = "we cannot tell"
EARLY = "early"
SOME = "some evidence"
GOOD = "good evidence"

EARLY_BELOW = 30
LARGEST_Q = 0.05
SURE = 1.96
WIDE = 0.06
NARROW = 0.015


@dataclass(frozen=True)
class Evidence:
    """What one intervention's words are made from; `scale` is the width of the score's scale in points.

    `used_referrals`: referral dates were in the model; `referrals_tell`: waits differ, so that they mean something.
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
    scale: float
    referrals_tell: bool = False


@dataclass(frozen=True)
class Words:
    """The grade, the finding and the warnings of one intervention."""

    grade: str
    finding: str
    warnings: tuple[str, ...]


def words(evidence: Evidence) -> Words:
    """Grade one intervention and say it in a sentence."""
    grade = grade_of(evidence)
    return Words(grade, _finding(evidence, grade), tuple(_warnings(evidence, grade)))


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
    return other.name in {IMPUTATION, DRAWN_LEVELS}


def grade_of(evidence: Evidence) -> str:
    """Apply the rules in order: numbers of people, then whether there is a figure, a direction, and agreement."""
    if evidence.withheld:
        return WITHHELD
    if evidence.change is None or evidence.interval is None or evidence.with_allowance is None:
        return NOT_ESTIMABLE
    if not _one_side(evidence.interval) or evidence.q is None or evidence.q > LARGEST_Q:
        return CANNOT_TELL
    if alternatives_disagree(evidence) or _only_recovery_is_sure(evidence):
        return CANNOT_TELL
    if evidence.people_with_enough_weeks < EARLY_BELOW:
        return EARLY
    return GOOD if _one_side(evidence.with_allowance) else SOME


def _only_recovery_is_sure(evidence: Evidence) -> bool:
    """Tell whether a dip before the start, with no referral dates to go by, leaves the direction open."""
    if evidence.referrals_tell or evidence.with_allowance is None:
        return False
    return has_dip(evidence.dip) and not _one_side(evidence.with_allowance)


def has_dip(dip: ShapePoint | None) -> bool:
    """Tell whether wellbeing was clearly lower in the weeks before the first session than well before it."""
    return dip is not None and dip.high is not None and dip.high < 0


def _one_side(interval: tuple[float, float]) -> bool:
    return interval[0] > 0 or interval[1] < 0


def _decimals(evidence: Evidence) -> int:
    """Return one decimal, or two where one would make an interval look like a point."""
    low, high = evidence.interval or (0.0, 1.0)
    return 1 if high - low >= NARROW * evidence.scale else 2


def _points(value: float, decimals: int = 1) -> str:
    number = f"{abs(value):.{decimals}f}"
    return f"{number} point" if float(number) == 1 else f"{number} points"


def _signed(value: float, decimals: int = 1) -> str:
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\u2212")


def _finding(evidence: Evidence, grade: str) -> str:
    name = evidence.intervention
    if grade == WITHHELD:
        return f"{name}: fewer than {evidence.minimum_group} young people, so no figure is shown."
    if evidence.change is None or evidence.interval is None:
        return f"{name}: these records cannot separate what followed it from everything else that changed."
    low, high = evidence.interval
    decimals = _decimals(evidence)
    span = f"likely between {_signed(low, decimals)} and {_signed(high, decimals)}"
    people = f"{evidence.people} young people"
    if grade == CANNOT_TELL:
        why = _why_not(evidence, span)
        return f"{name}: we cannot tell whether wellbeing changed for the {people} who attended ({why})."
    direction = "higher" if evidence.change > 0 else "lower"
    start = {EARLY: "an early sign that ", SOME: "some evidence that ", GOOD: "good evidence that "}[grade]
    size = _points(evidence.change, decimals)
    return (
        f"{name}: {start}weekly wellbeing was {size} {direction} than expected after the first session, for the "
        f"{people} who attended ({span}); this is an association."
    )


def _why_not(evidence: Evidence, span: str) -> str:
    """Say what stands between an interval and a direction."""
    if evidence.interval is None or not _one_side(evidence.interval):
        return span
    if evidence.q is None or evidence.q > LARGEST_Q:
        return f"{span}; among so many comparisons chance alone can give this"
    if alternatives_disagree(evidence):
        return "other methods point the other way"
    return f"{span}; it followed a dip, and the allowance for recovery reaches past zero"


def _warnings(evidence: Evidence, grade: str) -> list[str]:
    found: list[str] = []
    if evidence.attended_without_check_ins:
        found.append(
            f"{_people(evidence.attended_without_check_ins)} attended but have no check-in from the first session on, "
            "and count for nothing here."
        )
    if grade == WITHHELD:
        return found
    if evidence.entangled_with:
        found.append(evidence.entangled_with)
    if evidence.people_with_enough_weeks < EARLY_BELOW:
        found.append(
            f"Early: {_people(evidence.people_with_enough_weeks)} with at least 3 weeks of check-ins before and after."
        )
    if evidence.change is not None:
        found += [*_recovery(evidence), *_precision(evidence)]
    return found


def _people(number: int) -> str:
    return "1 young person" if number == 1 else f"{number} young people"


def _recovery(evidence: Evidence) -> list[str]:
    found = []
    dip = evidence.dip
    if dip is not None and dip.change is not None and has_dip(dip):
        found.append(
            f"There is a dip before the start: in the three weeks before the first session wellbeing was "
            f"{_points(dip.change)} lower than well before it. Part of any rise would have come anyway."
        )
    if not evidence.referrals_tell:
        missing = (
            "Nearly everybody began in the week of the referral, so that referral dates tell little"
            if evidence.used_referrals
            else "Referral dates are missing or could not be used"
        )
        found.append(
            f"{missing}: if staff act on what check-ins do not show, the change may lie further away. The interval "
            "with the referral allowance says how far."
        )
    if evidence.used_referrals and evidence.without_referral_date:
        found.append(f"The referral date of {_people(evidence.without_referral_date)} is missing.")
    if alternatives_disagree(evidence):
        found.append("Other methods point the other way.")
    return found


def _precision(evidence: Evidence) -> list[str]:
    found = []
    if evidence.interval is not None and evidence.interval[1] - evidence.interval[0] > WIDE * 2 * evidence.scale:
        found.append("The interval is wide: more young people or more check-ins would narrow it.")
    if evidence.naive is not None and evidence.change is not None and evidence.naive * evidence.change < 0:
        found.append(
            f"The plain before-and-after difference is {_signed(evidence.naive)}; it counts recovery, terms and "
            "holidays as if they were effects."
        )
    return found
