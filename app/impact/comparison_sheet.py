"""The comparison as a sheet: the rows of the page as numbers and words; what is withheld says so in every cell."""

from app.impact.downloads import WITHHELD, Sheet, Value, day_of, given
from app.impact.evidence_words import AS_RANGE
from app.impact.presenters import Comparison, Row

COLUMNS = (
    ("Intervention", 30),
    ("Group", 26),
    ("Young people", 14),
    ("Sessions", 14),
    ("Change", 11),
    ("Low", 11),
    ("High", 11),
    ("Before and after", 16),
    ("Evidence", 22),
    ("Finding", 60),
    ("Cost per session", 16),
    ("Cost per point gained", 20),
    ("Cost per point, low", 22),
    ("Cost per point, high", 22),
    ("As of", 14),
)
NAMES_AND_DATE = 3
NOTES = (
    "Change: average change in weekly wellbeing (0 to 10) over the check-ins after the first session of who attended.",
    "Low and High: its 95% interval. This is an association, not proof.",
    "Before and after: the plain difference, which counts recovery that would have come anyway. Not to be used.",
    "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away.",
    "Costs are in pounds. A cell changes only once 10 of its young people have something new.",
)


def sheet_of(shown: Comparison) -> Sheet:
    return Sheet(
        "What helped",
        COLUMNS,
        tuple(_values(row) for row in shown.rows),
        (shown.sentence, shown.counted, f"Last refreshed: {shown.refreshed}.", *NOTES),
    )


def _values(row: Row) -> tuple[Value, ...]:
    names = (row.intervention, row.group or "Everyone")
    if row.is_withheld:
        return (*names, *[WITHHELD] * (len(COLUMNS) - NAMES_AND_DATE), day_of(row.as_of))
    figures = row.figures
    numbers = (figures.change, figures.low, figures.high, figures.naive)
    costs = (row.cost_per_session, row.cost_per_point, row.cost_per_point_low, row.cost_per_point_high)
    return (
        *names,
        AS_RANGE[figures.state] if figures.people is None else figures.people,
        given(figures.sessions),
        *map(given, numbers),
        row.evidence.words,
        row.finding,
        *map(given, costs),
        day_of(row.as_of),
    )
