"""The rules that a grade rests on, in order, with which of them a published figure keeps."""

from dataclasses import dataclass

from app.impact import findings
from app.impact.disclosure import GRADED_FROM, Figures, State
from app.impact.shown_outcomes import WELLBEING_SHOWN, ShownOutcome

DIRECTION = "The 95% interval lies on one side of nought."
AGREEMENT = (
    "It holds among all the comparisons made at once, simpler methods point the same way, and it is more than the way "
    "out of a dip."
)
FOLLOW_UP = f"Half of them were seen for at least {findings.SHORTEST_FOLLOW_UP} weeks from the first session on."
FIRMNESS = (
    "It holds with the allowance for what referral dates would tell, the interval is narrow, and no small shift of the "
    "{entries} that are missing would undo it."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `kept` is None where an earlier one has failed already, or nobody may know."""

    words: str
    kept: bool | None

    @property
    def verdict(self) -> str:
        return "not looked at" if self.kept is None else "yes" if self.kept else "no"


def rules_of(figures: Figures, outcome: ShownOutcome = WELLBEING_SHOWN) -> tuple[Rule, ...]:
    """Return every rule with whether a published figure keeps it."""
    people = f"At least {GRADED_FROM} {outcome.who}, each with three {outcome.weeks_of} on both sides of the start."
    firmness = FIRMNESS.format(entries=outcome.entries)
    if figures.is_withheld or figures.low is None or figures.high is None:
        enough = None if figures.is_withheld else figures.state is State.GRADED
        return (Rule(people, enough), *(Rule(words, None) for words in (DIRECTION, AGREEMENT, FOLLOW_UP, firmness)))
    direction = findings.one_side((figures.low, figures.high))
    agrees = figures.grade in {findings.EARLY, findings.SOME, findings.GOOD} if direction else None
    seen = figures.grade in {findings.SOME, findings.GOOD} if agrees and figures.state is State.GRADED else None
    firm = figures.grade == findings.GOOD if seen else None
    return (
        Rule(people, figures.state is State.GRADED),
        Rule(DIRECTION, direction),
        Rule(AGREEMENT, agrees),
        Rule(FOLLOW_UP, seen),
        Rule(firmness, firm),
    )
