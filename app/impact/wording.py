"""All that is said of one intervention: grade, finding, warnings, the naive figure by name, what would change it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.impact.figure_words import amount, percent, signed, young_people
from app.impact.findings import (
    CANNOT_TELL,
    EARLY,
    EARLY_BELOW,
    LARGEST_Q,
    NOT_ESTIMABLE,
    SHORTEST_FOLLOW_UP,
    SURE,
    WITHHELD,
    Evidence,
    alternatives_disagree,
    finding,
    grade_of,
    has_dip,
    is_easily_tipped,
    is_short,
    is_wide,
    one_side,
    response_fell,
)

WORTH_KNOWING = 0.05
ERRORS_TO_NOTICE = 2.8
MANY = 300


@dataclass(frozen=True)
class Words:
    """What is said of one intervention."""

    grade: str
    finding: str
    warnings: tuple[str, ...]
    naive: str
    would_change: tuple[str, ...]


def words(evidence: Evidence) -> Words:
    """Grade one intervention and say it in words."""
    grade = grade_of(evidence)
    return Words(
        grade,
        finding(evidence, grade),
        tuple(_warnings(evidence, grade)),
        _naive(evidence),
        tuple(_would_change(evidence, grade)),
    )


def _naive(evidence: Evidence) -> str:
    if evidence.naive is None:
        return ""
    figure, unit = signed(evidence.naive, evidence.outcome), f"{evidence.outcome.unit}s"
    return f"Plain before and after: {figure} {unit}. It counts recovery, terms and holidays as if they were effects."


def _warnings(evidence: Evidence, grade: str) -> list[str]:
    found: list[str] = []
    if evidence.attended_without_check_ins:
        silent = young_people(evidence.attended_without_check_ins)
        found.append(f"{silent} attended but have no check-in from the first session on, and count for nothing here.")
    if grade == WITHHELD:
        return found
    if evidence.entangled_with:
        found.append(evidence.entangled_with)
    if evidence.people_with_enough_weeks < EARLY_BELOW:
        enough = young_people(evidence.people_with_enough_weeks)
        found.append(f"Early: {enough} with at least 3 weeks of check-ins before and after.")
    if is_short(evidence):
        found.append(
            f"Early: half of them were seen for less than {SHORTEST_FOLLOW_UP} weeks from the first session on."
        )
    if evidence.change is not None:
        found += [*_recovery(evidence), *_precision(evidence), *_missing(evidence)]
    return found


def _recovery(evidence: Evidence) -> list[str]:
    found = []
    dip = evidence.dip
    if dip is not None and dip.change is not None and has_dip(evidence):
        found.append(
            f"There is a dip before the start: in the three weeks before the first session {evidence.outcome.name} was "
            f"{amount(dip.change, evidence.outcome)} {_way(dip.change)} than well before it. "
            f"Part of any {_way_back(dip.change)} would have come anyway."
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
        found.append(f"The referral date of {young_people(evidence.without_referral_date)} is missing.")
    if alternatives_disagree(evidence):
        found.append("Other methods point the other way.")
    return found


def _precision(evidence: Evidence) -> list[str]:
    found = []
    if is_wide(evidence):
        found.append("The interval is wide: more young people or more check-ins would narrow it.")
    if evidence.naive is not None and evidence.change is not None and evidence.naive * evidence.change < 0:
        found.append(
            f"The plain before-and-after difference is {signed(evidence.naive, evidence.outcome)}; it counts recovery, "
            "terms and holidays as if they were effects."
        )
    return found


def _way(change: float) -> str:
    return "higher" if change > 0 else "lower"


def _way_back(change: float) -> str:
    return "fall" if change > 0 else "rise"


def _missing(evidence: Evidence) -> list[str]:
    found = []
    before, after = evidence.response
    if before is not None and after is not None and response_fell(evidence):
        what = "Prompts answered" if evidence.response_logged else "Check-ins against each one's usual"
        found.append(
            f"{what} fell from {percent(before)} to {percent(after)}: those who stopped may have fared otherwise."
        )
    if is_easily_tipped(evidence) and evidence.tipping_point:
        found.append("A small shift of what is missing would bring zero into the interval.")
    return found


def _would_change(evidence: Evidence, grade: str) -> list[str]:
    """Say what would settle what is open, or call a direction into doubt."""
    if grade == WITHHELD:
        return [f"At least {evidence.minimum_group} young people with a check-in after their first session."]
    if grade == NOT_ESTIMABLE:
        return ["Young people who begin in other weeks than the rest, or who wait, with check-ins before and after."]
    found = _for_a_direction(evidence) if grade == CANNOT_TELL else []
    if grade == EARLY:
        found += _for_more_than_early(evidence)
    if is_wide(evidence) and grade != CANNOT_TELL:
        found.append("A narrower interval: more young people, or more check-ins of those there are.")
    if not evidence.referrals_tell:
        found.append("Referral dates and waiting lists: with them, recovery that was on its way can be told apart.")
    if not evidence.response_logged:
        found.append("The log of prompts: with it, answering less on bad days can be put right.")
    elif response_fell(evidence) or (is_easily_tipped(evidence) and evidence.tipping_point):
        found.append("More answers after the first session, from those who stopped answering above all.")
    if grade != CANNOT_TELL:
        found.append("A draw by lot of who begins first: only that can show what the change is owed to.")
    return found


def _for_a_direction(evidence: Evidence) -> list[str]:
    if evidence.interval is None or not one_side(evidence.interval):
        return [_more_people(evidence)]
    if evidence.q is None or evidence.q > LARGEST_Q:
        return ["Fewer comparisons at once, or more young people in this one."]
    if alternatives_disagree(evidence):
        return ["Agreement of the other methods: more weeks of check-ins before the first session would help them all."]
    return []


def _more_people(evidence: Evidence) -> str:
    """Say how many more it takes to notice a change of a twentieth of the scale, four times in five."""
    worth = WORTH_KNOWING * evidence.outcome.scale
    low, high = evidence.interval or (0.0, 0.0)
    error = (high - low) / (2 * SURE)
    needed = evidence.people * ((error * ERRORS_TO_NOTICE / worth) ** 2 - 1.0)
    size = amount(worth, evidence.outcome)
    if needed <= 0:
        return f"A change of {size} would show by now; a smaller one needs many more young people."
    number = "Several hundred" if needed > MANY else f"About {math.ceil(needed / 10) * 10}"
    return f"{number} more young people, to notice a change of {size}."


def _for_more_than_early(evidence: Evidence) -> list[str]:
    found = []
    lacking = EARLY_BELOW - evidence.people_with_enough_weeks
    if lacking > 0:
        found.append(f"{young_people(lacking)} more with at least 3 weeks of check-ins before and after.")
    if is_short(evidence):
        found.append(f"Check-ins for at least {SHORTEST_FOLLOW_UP} weeks from the first session on.")
    return found
