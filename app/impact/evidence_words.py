"""Published figures in plain words: only what a page may show goes in, so nothing else can come out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.impact import findings
from app.impact.disclosure import FIGURES_FROM, Figures, State
from app.impact.shown_outcomes import WELLBEING_SHOWN, ShownOutcome

AS_RANGE = {
    State.COUNT_ONLY: "10 to 19",
    State.EARLY: "20 to 29",
    State.GRADED: "30 or more",
    State.SHOWN: "20 or more",
}
SURE_GRADES = frozenset({findings.GOOD, findings.SOME})
ERRORS_TO_NOTICE = 2.8
ERRORS_IN_INTERVAL = 2 * 1.96
MANY = 300
MOST_CHANGES = 4
MINUS = "\N{MINUS SIGN}"
WITHHELD_GROUP = "Withheld to protect people in small groups."
WITHHELD_INTERVENTION = "Fewer than 10 {who}: withheld to protect them."
Told = tuple[str, str, Figures]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure we are, as a label: `kind` is its look, `rank` its place in the table."""

    words: str
    kind: str
    rank: int


BETTER = {
    findings.GOOD: Evidence("Good evidence", "good", 0),
    findings.SOME: Evidence("Some evidence", "some", 1),
}
LOOK_CLOSER = Evidence("Look closer", "closer", 2)
CANNOT_TELL = Evidence("Cannot tell yet", "unsure", 3)
NOT_SEPARABLE = Evidence("Cannot be told apart", "unsure", 4)
EARLY = Evidence("Early", "early", 5)
TOO_EARLY = Evidence("Too early", "early", 6)
UNGRADED = Evidence("No grade", "early", 6)
KEPT_BACK = Evidence("Withheld", "early", 7)
NO_FIGURE_OF_ITS_OWN = {State.COUNT_ONLY: TOO_EARLY, State.SHOWN: UNGRADED}


def evidence_of(figures: Figures) -> Evidence:
    """Return the label of a published cell."""
    if figures.is_withheld or figures.kept_back:
        return KEPT_BACK
    if figures.state in NO_FIGURE_OF_ITS_OWN:
        return NO_FIGURE_OF_ITS_OWN[figures.state]
    if figures.change is None:
        return NOT_SEPARABLE
    if figures.state is State.EARLY:
        return EARLY
    if is_certain(figures):
        return BETTER[figures.grade] if figures.change > 0 else LOOK_CLOSER
    return CANNOT_TELL


def is_certain(figures: Figures) -> bool:
    """Say whether the direction of a change is sure enough to name it."""
    return figures.state is State.GRADED and figures.change is not None and figures.grade in SURE_GRADES


def signed(value: float | None) -> str:
    if value is None:
        return "not given"
    return "0.0" if value == 0 else f"{value:+.1f}".replace("-", MINUS)


def in_speech(value: float) -> str:
    return f"{'minus ' if value < 0 else 'plus ' if value > 0 else ''}{abs(value):.1f}"


def spoken(figures: Figures) -> str:
    """Return the text alternative of a row's drawing."""
    if figures.change is None or figures.low is None or figures.high is None:
        return ""
    text = f"{in_speech(figures.change)}, between {in_speech(figures.low)} and {in_speech(figures.high)}"
    if figures.naive is not None:
        text += f"; plain before and after {in_speech(figures.naive)}"
    return text


def finding_of(figures: Figures, *, is_group: bool, outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Say in a sentence what a cell found, or why it shows nothing."""
    if figures.is_withheld:
        return WITHHELD_GROUP if is_group else WITHHELD_INTERVENTION.format(who=outcome.who)
    if figures.kept_back:
        return "Kept back: with it, the figure of a smaller group could be worked out."
    if figures.state is State.COUNT_ONLY:
        return f"Too few {outcome.who} for a figure yet."
    if figures.state is State.SHOWN:
        return ""
    if figures.change is None or figures.low is None or figures.high is None:
        return "These records cannot tell it apart from what else changed at the time."
    return _figure_in_words(figures, figures.change, (figures.low, figures.high), outcome)


def _figure_in_words(figures: Figures, change: float, reach: tuple[float, float], outcome: ShownOutcome) -> str:
    likely = f"likely between {signed(reach[0])} and {signed(reach[1])}"
    if figures.state is State.EARLY:
        return f"Few {outcome.who} so far: {likely}. This may change a lot."
    if is_certain(figures):
        way = "higher" if change > 0 else "lower"
        return f"{outcome.title} was {outcome.amount(change)} {way} than expected, {likely}."
    if reach[0] <= 0 <= reach[1]:
        return f"It may have gone either way: {likely}."
    return "The figure points one way, but chance or simpler methods give us reason to doubt it."


def in_list(names: Sequence[str]) -> str:
    """Join names as English does."""
    return names[0] if len(names) == 1 else " and ".join([", ".join(names[:-1]), names[-1]]) if names else ""


def _were(names: Sequence[str]) -> str:
    return "was" if len(names) == 1 else "were"


def summary(told: Iterable[Told], outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Say in a few plain sentences what everybody's figures show."""
    cells = list(told)
    kinds = {name: evidence_of(figures) for name, _, figures in cells}
    better = [name for name, kind in kinds.items() if kind in BETTER.values()]
    worse = [name for name, kind in kinds.items() if kind == LOOK_CLOSER]
    unsure = [name for name, kind in kinds.items() if kind in (CANNOT_TELL, NOT_SEPARABLE)]
    said = []
    if better:
        expected = f"than {outcome.own} would lead us to expect"
        said.append(f"{in_list(better)} {_were(better)} followed by {outcome.better} {expected}.")
    if worse:
        said.append(f"{in_list(worse)} {_were(worse)} followed by {outcome.lower} than expected: look closer.")
    if unsure:
        said.append(f"For {in_list(unsure)} we cannot tell yet.")
    if not said:
        more = (
            "more than early figures"
            if any(figures.has_figure for _, _, figures in cells)
            else "anything to be said yet"
        )
        return f"Too few {outcome.who} have {outcome.recorded} before and after coming for {more}."
    if not better and not worse:
        said.append("That is not the same as no change.")
    return " ".join([*said, *_about_before_and_after(cells, outcome)])


def _about_before_and_after(cells: Iterable[Told], outcome: ShownOutcome) -> list[str]:
    shown = [figures for _, _, figures in cells if figures.naive is not None and figures.high is not None]
    if not any((figures.naive or 0.0) > (figures.high or 0.0) for figures in shown):
        return []
    why = f": {outcome.low_words}." if any(figures.joined_low for figures in shown) else "."
    return [f"Simple before-and-after figures would flatter some of them{why}"]


def group_summary(told: Iterable[Told], outcome: ShownOutcome = WELLBEING_SHOWN) -> str:
    """Say for whom a change is sure enough to name, and that a difference between groups is another question."""
    said = []
    for name, cells in groupby(told, key=lambda cell: cell[0]):
        held = list(cells)
        better = [group for _, group, figures in held if evidence_of(figures) in BETTER.values()]
        worse = [group for _, group, figures in held if evidence_of(figures) == LOOK_CLOSER]
        if better:
            said.append(f"{name} was followed by {outcome.better} than expected for {in_list(better)}.")
        if worse:
            said.append(f"{name} was followed by {outcome.lower} than expected for {in_list(worse)}.")
    if not said:
        said.append(f"For no group can we tell yet: too few {outcome.who}, or too much doubt.")
    return " ".join([*said, "Where the lines of two groups overlap, nothing says that they differ."])


def pair_summary(told: Iterable[Told]) -> str:
    """Say what figures of two columns at once are: drawn toward the whole, and without a grade."""
    if not any(figures.drawn_change is not None for _, _, figures in told):
        return "For no group of two columns can we tell yet: too few young people in each."
    return (
        "By two columns at once groups are small, so each figure is drawn toward the whole, and none has a grade. "
        "Where the lines of two groups overlap, nothing says that they differ."
    )


def difference_words(differ: bool | None) -> str:  # noqa: FBT001 (what one test found)
    """Say what one joint test over all the groups found; empty where there was none."""
    if differ is None:
        return ""
    if differ:
        return "One test over all these groups at once: they differ by more than chance explains."
    return (
        "One test over all these groups at once: no difference between them can be told from chance, which does not "
        "make them alike."
    )


def changes_needed(told: Iterable[Told], outcome: ShownOutcome = WELLBEING_SHOWN) -> tuple[str, ...]:
    """Say what would settle what is open: how many more young people, and which dates."""
    cells = list(told)
    said = [text for name, _, figures in cells if (text := _more_people(name, figures, outcome))][:MOST_CHANGES]
    shown = [figures for _, _, figures in cells if figures.change is not None]
    if shown and not any(figures.used_referrals for figures in shown):
        said.append("Referral dates: with them, recovery that was on its way can be told from what followed a session.")
    return tuple(said)


def _more_people(name: str, figures: Figures, outcome: ShownOutcome) -> str:
    who, size = outcome.who, outcome.worth_words
    if figures.state is State.COUNT_ONLY:
        return f"{name}: {FIGURES_FROM} {who} with three {outcome.weeks_of} on both sides of the first session."
    if figures.low is None or figures.high is None or not figures.people or is_certain(figures):
        return ""
    error = (figures.high - figures.low) / ERRORS_IN_INTERVAL
    needed = figures.people * (error * ERRORS_TO_NOTICE / outcome.worth_knowing) ** 2 - figures.people
    if needed <= 0:
        return f"{name}: a change of {size} would show by now; a smaller one needs many more {who}."
    if needed > MANY:
        return f"{name}: several hundred more {who}, to notice a change of {size}."
    return f"{name}: about {math.ceil(needed / 10) * 10} more {who}, to notice a change of {size}."
