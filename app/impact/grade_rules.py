"""The rules that a grade rests on, in order, with which of them a published figure keeps."""

from dataclasses import dataclass

from app.impact import findings
from app.impact.disclosure import GRADED_FROM, Figures, State

PEOPLE = f"At least {GRADED_FROM} young people, each with three weeks of check-ins on both sides of the start."
DIRECTION = "The 95% interval lies on one side of nought."
AGREEMENT = (
    "It holds among all the comparisons made at once, simpler methods point the same way, and it is more than the way "
    "out of a dip."
)
FOLLOW_UP = f"Half of them were seen for at least {findings.SHORTEST_FOLLOW_UP} weeks from the first session on."
FIRMNESS = (
    "It holds with the allowance for what referral dates would tell, the interval is narrow, and no small shift of the "
    "check-ins that are missing would undo it."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `kept` is None where an earlier one has failed already, or nobody may know."""

    words: str
    kept: bool | None

    @property
    def verdict(self) -> str:
        return "not looked at" if self.kept is None else "yes" if self.kept else "no"


def rules_of(figures: Figures) -> tuple[Rule, ...]:
    """Return every rule with whether a published figure keeps it."""
    if figures.is_withheld or figures.low is None or figures.high is None:
        return (Rule(PEOPLE, figures.state is State.GRADED if not figures.is_withheld else None), *_unknown(PEOPLE))
    direction = findings.one_side((figures.low, figures.high))
    agrees = figures.grade in {findings.EARLY, findings.SOME, findings.GOOD} if direction else None
    seen = figures.grade in {findings.SOME, findings.GOOD} if agrees and figures.state is State.GRADED else None
    firm = figures.grade == findings.GOOD if seen else None
    return (
        Rule(PEOPLE, figures.state is State.GRADED),
        Rule(DIRECTION, direction),
        Rule(AGREEMENT, agrees),
        Rule(FOLLOW_UP, seen),
        Rule(FIRMNESS, firm),
    )


def _unknown(known: str) -> tuple[Rule, ...]:
    return tuple(Rule(words, None) for words in (PEOPLE, DIRECTION, AGREEMENT, FOLLOW_UP, FIRMNESS) if words != known)
