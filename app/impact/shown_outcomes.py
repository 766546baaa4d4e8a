"""The outcomes that pages compare by, with the words for each: its unit, its scale, what is recorded, and of whom."""

from dataclasses import dataclass

from app.impact.tables import CARERS, GOALS, SCHOOL, USUAL_OUTCOME
from app.impact.values import CARER_WELLBEING, GOAL_RATING, SCHOOL_ATTENDANCE, WELLBEING, Outcome

WORTH_OF_SCALE = 0.05
ALLOWANCE_OF_SCALE = 0.01


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """One outcome as pages say it; a higher figure is better in each.

    `code` stands in addresses, `stored` in the database. `noun` is what rises or falls, `better` and `lower` what
    followed, `own` what it is set against, `entries` one record after another, `counted` the same where they stand
    alone, `weeks_of` what a week must hold, `recorded` what people did, `who` they are. `made` says what the figure is,
    `beware` what else to know of it.
    """

    code: str
    stored: str
    words: str
    outcome: Outcome
    noun: str
    better: str
    lower: str
    own: str
    entries: str
    counted: str
    weeks_of: str
    recorded: str
    made: str
    beware: str = ""
    who: str = "young people"
    scale_words: str = "0 to 10"

    @property
    def is_usual(self) -> bool:
        return self.stored == USUAL_OUTCOME

    @property
    def has_bands(self) -> bool:
        return self.stored == SCHOOL

    @property
    def name(self) -> str:
        """Return what a figure is of, in the middle of a sentence."""
        return self.outcome.name

    @property
    def axis_words(self) -> str:
        """Return what the figures on a scale are counted in."""
        return self.scale_words if self.outcome.scale == WELLBEING.scale else f"{self.unit}s"

    @property
    def title(self) -> str:
        return capital(self.name)

    @property
    def unit(self) -> str:
        return self.outcome.unit

    @property
    def worth_knowing(self) -> float:
        """Return the least change that is worth knowing of, in units shown: a twentieth of the scale."""
        return WORTH_OF_SCALE * self.outcome.scale

    @property
    def low_words(self) -> str:
        """Return why a plain before and after flatters."""
        if self.is_usual:
            return "many join when they are low, and would have picked up anyway"
        return f"many join when {self.noun} is low, and it would have risen anyway"

    @property
    def worth_words(self) -> str:
        return "half a point" if self.outcome.scale == WELLBEING.scale else self.amount(self.worth_knowing, 0)

    @property
    def allowance_words(self) -> str:
        """Return by how much a figure may be off where staff act on what records do not show."""
        allowance = ALLOWANCE_OF_SCALE * self.outcome.scale
        return f"{allowance:g} of a {self.unit}" if allowance < 1 else self.amount(allowance, 0)

    def amount(self, value: float, decimals: int = 1) -> str:
        """Return a size with its unit, without a sign."""
        size = f"{abs(value):.{decimals}f}"
        return f"{size} {self.unit}" if float(size) == 1 else f"{size} {self.unit}s"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


AGAINST = "set against what their own earlier weeks, and everybody’s weeks, would lead us to expect"
YOUNG_PEOPLES = "the same young people’s own weeks"

WELLBEING_SHOWN = ShownOutcome(
    code="",
    stored=USUAL_OUTCOME,
    words="Wellbeing",
    outcome=WELLBEING,
    noun="wellbeing",
    better="better wellbeing",
    lower="lower wellbeing",
    own=YOUNG_PEOPLES,
    entries="check-ins",
    counted="check-ins",
    weeks_of="weeks of check-ins",
    recorded="checked in",
    made="average change in weekly wellbeing, over the check-ins recorded after the first session, for the young "
    f"people who attended, {AGAINST}",
)
GOALS_SHOWN = ShownOutcome(
    code="goals",
    stored=GOALS,
    words="Goals",
    outcome=GOAL_RATING,
    noun="the rating of goals",
    better="higher ratings of goals",
    lower="lower ratings of goals",
    own=YOUNG_PEOPLES,
    entries="ratings",
    counted="ratings of goals",
    weeks_of="weeks in which they rated a goal",
    recorded="rated a goal",
    made="average change in how close young people feel to their own goals, over the ratings given after the first "
    f"session, for the young people who attended, {AGAINST}",
    beware="Goals start at different levels, and most come closer as time passes, sessions or none. Each goal’s own "
    "level and the usual course of goals since they were set have been taken off, but not from the plain before and "
    "after.",
)
SCHOOL_SHOWN = ShownOutcome(
    code="school-attendance",
    stored=SCHOOL,
    words="School attendance",
    outcome=SCHOOL_ATTENDANCE.as_shown,
    noun="school attendance",
    better="better school attendance",
    lower="lower school attendance",
    own=YOUNG_PEOPLES,
    entries="recorded weeks",
    counted="weeks of school",
    weeks_of="recorded weeks of school",
    recorded="weeks of school recorded",
    made="average change in the share of each week’s school sessions gone to, in percentage points, over the weeks "
    f"recorded after the first session, for the young people who attended, {AGAINST}",
    beware="Who goes to nearly all of school already can hardly go to more, so their figure moves less.",
    scale_words="0 to 100%",
)
CARERS_SHOWN = ShownOutcome(
    code="parent-carers",
    stored=CARERS,
    words="Parent carers",
    outcome=CARER_WELLBEING,
    noun="the wellbeing of parent carers",
    better="better wellbeing of parent carers",
    lower="lower wellbeing of parent carers",
    own="the same parent carers’ own weeks",
    entries="answers",
    counted="answers of parent carers",
    weeks_of="weeks with an answer of a parent carer",
    recorded="a parent carer who answered",
    made="average change in how parent carers say they are themselves, over their answers after the young person’s "
    f"first session, for the families of those who attended, {AGAINST}",
    beware="One young person stands for each family, so every count here is of families. Parent carers who asked to be "
    "left out are not counted, and what they say is shown to nobody.",
    who="families",
)
SHOWN_OUTCOMES = (WELLBEING_SHOWN, GOALS_SHOWN, SCHOOL_SHOWN, CARERS_SHOWN)


def shown_outcome(code: str) -> ShownOutcome | None:
    """Return the outcome that an address names; None where there is none."""
    return next((one for one in SHOWN_OUTCOMES if one.code == code), None)
