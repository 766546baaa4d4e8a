"""The comparison as a sheet: the rows of the page as numbers and words; what is withheld says so in every cell."""

from app.impact.downloads import WITHHELD, Sheet, Value, day_of, given
from app.impact.evidence_words import AS_RANGE
from app.impact.presenters import Comparison
from app.impact.rows import Row
from app.impact.shown_outcomes import ShownOutcome, capital

COLUMNS = (
    ("Intervention", 30),
    ("Group", 26),
    ("Young people", 14),
    ("Sessions", 14),
    ("Change", 11),
    ("Low", 11),
    ("High", 11),
    ("Before and after", 16),
    ("Drawn toward the whole", 14),
    ("Drawn, low", 11),
    ("Drawn, high", 11),
    ("Weight of the whole", 11),
    ("Came before, of 100", 14),
    ("Came after, of 100", 14),
    ("Evidence", 22),
    ("Finding", 60),
    ("Cost per session", 16),
    ("Cost per person", 16),
    ("Cost per {unit} gained", 20),
    ("Cost per {unit}, low", 22),
    ("Cost per {unit}, high", 22),
    ("Why no cost per {unit}", 50),
    ("As of", 14),
)
NAMES_AND_DATE = 3
NOTES = (
    "Low and High: its 95% interval. This is an association, not proof.",
    "Before and after: the plain difference, which counts recovery that would have come anyway. Not to be used.",
    "Drawn toward the whole: a group’s figure pulled toward that of all its neighbours, the more the smaller it is.",
    "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away.",
    "Costs are in pounds. A cell changes only once 10 of its young people, a tenth, have something new.",
)


def sheet_of(shown: Comparison) -> Sheet:
    return Sheet(
        "What helped",
        tuple((heading(name, shown.outcome), width) for name, width in COLUMNS),
        tuple(_values(row) for row in shown.rows),
        (shown.sentence, shown.counted, f"Last refreshed: {shown.refreshed}.", *made_notes(shown.outcome), *NOTES),
    )


def made_notes(outcome: ShownOutcome) -> tuple[str, ...]:
    """Say what the figures of an outcome are, and what else to know of them."""
    made = f"Change: {outcome.made} ({outcome.scale_words}). A higher figure is better."
    came = "Came: of 100 prompts, how many were answered; with no log of prompts, check-ins against the usual (100)."
    if not outcome.is_usual:
        came = f"Came: {outcome.entries} a week, before and after the first session, against each one’s usual (100)."
    return tuple(filter(None, (made, outcome.beware, came)))


def heading(name: str, outcome: ShownOutcome) -> str:
    """Return a heading of a sheet in the words of an outcome."""
    if name == "Young people":
        return capital(outcome.who)
    came = name if outcome.is_usual else name.replace(", of 100", ", of the usual 100")
    return came.format(unit=outcome.unit)


def _values(row: Row) -> tuple[Value, ...]:
    names = (row.intervention, row.group or "Everyone")
    if row.is_withheld:
        return (*names, *[WITHHELD] * (len(COLUMNS) - NAMES_AND_DATE), day_of(row.as_of))
    figures = row.figures
    own = (figures.change, figures.low, figures.high, figures.naive)
    drawn = (figures.drawn_change, figures.drawn_low, figures.drawn_high, figures.drawn_share)
    answers = (row.response.before, row.response.after) if row.response else (None, None)
    money = row.money
    costs = (money.per_session, money.per_person, money.per_point, money.per_point_low, money.per_point_high)
    return (
        *names,
        AS_RANGE[figures.state] if figures.people is None else figures.people,
        given(figures.sessions),
        *map(given, (*own, *drawn, *answers)),
        row.evidence.words,
        row.finding,
        *map(given, costs),
        money.warning,
        day_of(row.as_of),
    )
