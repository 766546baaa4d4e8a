"""The page of one intervention as a sheet: one line for every figure on it, what is withheld marked as such."""

from collections.abc import Iterable, Sequence

from app.impact.band_presenters import OfferBands
from app.impact.beside_presenters import Line, Missing, StayedLine
from app.impact.comparison_sheet import heading, made_notes
from app.impact.downloads import NOT_GIVEN, WITHHELD, Sheet, Value, day_of, given
from app.impact.intervention_presenters import InterventionPage
from app.impact.level_presenters import LevelRow
from app.impact.rows import Row
from app.impact.shown_outcomes import ShownOutcome

COLUMNS = (
    ("Part", 26),
    ("Group or weeks", 30),
    ("Young people", 14),
    ("Sessions", 12),
    ("Change", 11),
    ("Low", 11),
    ("High", 11),
    ("Drawn toward the whole", 14),
    ("Drawn, low", 11),
    ("Drawn, high", 11),
    ("Weight of the whole", 11),
    ("Evidence", 22),
)
NOTES = (
    "Low and High: its 95% interval. This is an association, not proof.",
    "Drawn toward the whole: a group’s figure pulled toward that of all its neighbours, the more the smaller it is.",
    "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away.",
)
FIGURES = 10


def sheet_of(shown: InterventionPage) -> Sheet:
    rows = [
        _everyone(shown),
        *_lines("Weeks around the first session", shown.shape),
        *_lines("Sessions attended so far", shown.dose.lines),
        *_lines("After the course", shown.remains.lines),
        *(_stayed(line) for line in shown.stayed),
        *_missing(shown.missing, shown.outcome),
        *_treated(shown.treated),
        *_bands(shown.bands),
        *(row for table in shown.groups for row in _groups(table.way.words, (*table.rows, *table.withheld))),
        *(row for table in shown.pairs for row in _groups(table.way.words, table.rows)),
    ]
    as_of = f"As of {day_of(shown.as_of)}." if shown.as_of else ""
    words = (shown.dose.words, shown.remains.words, shown.missing.words, shown.missing.overturn)
    made = (shown.counted, f"Last refreshed: {shown.refreshed}.", as_of)
    notes = (shown.name, shown.sentence, *filter(None, words), *made, *made_notes(shown.outcome), *NOTES)
    columns = tuple((heading(name, shown.outcome), width) for name, width in COLUMNS)
    return Sheet("Intervention", columns, tuple(rows), notes)


def _everyone(shown: InterventionPage) -> tuple[Value, ...]:
    if shown.figures.is_withheld:
        return ("Everyone", "", *[WITHHELD] * FIGURES)
    figures = shown.figures
    own = map(given, (figures.people, figures.sessions, figures.change, figures.low, figures.high))
    return ("Everyone", "", *own, *[NOT_GIVEN] * 4, shown.evidence.words)


def _lines(part: str, lines: Iterable[Line]) -> list[tuple[Value, ...]]:
    return [
        (part, line.name, *[WITHHELD] * FIGURES)
        if line.change is None
        else (part, line.name, NOT_GIVEN, NOT_GIVEN, *map(given, (line.change, line.low, line.high)), *[NOT_GIVEN] * 5)
        for line in lines
    ]


def _stayed(line: StayedLine) -> tuple[Value, ...]:
    if line.withheld:
        return ("Who stays and who stops", line.name, *[WITHHELD] * FIGURES)
    return ("Who stays and who stops", line.name, given(line.people), *[NOT_GIVEN] * (FIGURES - 1))


def _missing(missing: Missing, outcome: ShownOutcome) -> list[tuple[Value, ...]]:
    if missing.after is None:
        return []
    parts = (("Came before, of 100", missing.before), ("Came after, of 100", missing.after))
    return [
        ("What is missing", heading(name, outcome), *[NOT_GIVEN] * 2, given(value), *[NOT_GIVEN] * 7)
        for name, value in parts
    ]


def _treated(row: LevelRow | None) -> list[tuple[Value, ...]]:
    if row is None:
        return []
    part = "Treated as asked, of 100 answers"
    if row.is_withheld:
        return [(part, "", *[WITHHELD] * FIGURES)]
    level = (row.figures.change, row.figures.low, row.figures.high)
    return [(part, "Said yes", row.people, NOT_GIVEN, *map(given, level), *[NOT_GIVEN] * 4, row.evidence.words)]


def _bands(offer: OfferBands | None) -> list[tuple[Value, ...]]:
    if offer is None:
        return []
    if offer.is_withheld:
        return [("Bands of attendance", "All bands", *[WITHHELD] * FIGURES)]
    sides = [(f"{line.name}, {when}", side) for line in offer.lines for when, side in line.sides]
    return [
        ("Bands of attendance", name, *[WITHHELD] * FIGURES)
        if side.people is None
        else ("Bands of attendance", name, side.people, *[NOT_GIVEN] * (FIGURES - 1))
        for name, side in sides
    ]


def _groups(part: str, rows: Sequence[Row]) -> list[tuple[Value, ...]]:
    return [(part, row.group, *[WITHHELD] * FIGURES) if row.is_withheld else _group(part, row) for row in rows]


def _group(part: str, row: Row) -> tuple[Value, ...]:
    figures = row.figures
    own = (figures.sessions, figures.change, figures.low, figures.high)
    drawn = (figures.drawn_change, figures.drawn_low, figures.drawn_high, figures.drawn_share)
    return (part, row.group, row.people, *map(given, own), *map(given, drawn), row.evidence.words)
