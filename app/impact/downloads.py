"""The comparison as a spreadsheet: the rows of the page, cells that a program might run made harmless."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app import clock
from app.impact.evidence_words import AS_RANGE
from app.impact.presenters import Comparison, Row

RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WITHHELD = "withheld"
NOT_GIVEN = "not given"
WIDTHS = (30, 26, 14, 14, 11, 11, 11, 16, 22, 60, 16, 20, 22, 22, 14)
HEADINGS = (
    "Intervention",
    "Group",
    "Young people",
    "Sessions",
    "Change",
    "Low",
    "High",
    "Before and after",
    "Evidence",
    "Finding",
    "Cost per session",
    "Cost per point gained",
    "Cost per point, low",
    "Cost per point, high",
    "As of",
)
NOTES = (
    "Change: average change in weekly wellbeing (0 to 10) over the check-ins after the first session of who attended.",
    "Low and High: its 95% interval. This is an association, not proof.",
    "Before and after: the plain difference, which counts recovery that would have come anyway. Not to be used.",
    "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away.",
    "Costs are in pounds. A cell changes only once 10 of its young people have something new.",
)
Value = str | float | int


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, without the characters that a workbook cannot hold."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def rows_of(shown: Comparison) -> list[list[Value]]:
    """Return the page's rows as numbers and words; what is withheld says so in every cell."""
    return [_values(row) for row in shown.rows]


def _values(row: Row) -> list[Value]:
    names: list[Value] = [harmless(row.intervention), harmless(row.group or "Everyone")]
    if row.is_withheld:
        return [*names, *[WITHHELD] * (len(HEADINGS) - 3), clock.in_britain(row.as_of).date().isoformat()]
    figures = row.figures
    people = AS_RANGE[figures.state] if figures.people is None else figures.people
    numbers = (figures.change, figures.low, figures.high, figures.naive)
    costs = (row.cost_per_session, row.cost_per_point, row.cost_per_point_low, row.cost_per_point_high)
    return [
        *names,
        people,
        _given(figures.sessions),
        *map(_given, numbers),
        row.evidence.words,
        harmless(row.finding),
        *map(_given, costs),
        clock.in_britain(row.as_of).date().isoformat(),
    ]


def _given(value: float | None) -> Value:
    return NOT_GIVEN if value is None else value


def as_csv(shown: Comparison) -> bytes:
    """Return the rows under one line of headings, as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(rows_of(shown))
    return out.getvalue().encode()


def as_workbook(shown: Comparison) -> bytes:
    """Return a workbook: the rows, and a sheet that says how to read them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("What helped")
    _fill(sheet, [list(HEADINGS), *rows_of(shown)])
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
        sheet.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"
    about = book.create_sheet("How to read this")
    _fill(
        about, [[shown.sentence], [shown.counted], [f"Last refreshed: {shown.refreshed}."], *([note] for note in NOTES)]
    )
    about.column_dimensions["A"].width = 110
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Value]]) -> None:
    """Write numbers as numbers and texts as texts, never as formulas."""
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(line, column, harmless(value) if isinstance(value, str) else value)
