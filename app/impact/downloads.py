"""Figures as files: a sheet of rows as CSV or a workbook, cells that a program might run made harmless; PDF and PNG."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app, render_template
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app import clock
from app.web import printing

RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WITHHELD = "withheld"
NOT_GIVEN = "not given"
WIDTH_OF_NOTES = 110
Value = str | float | int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table to take away: `columns` are headings with their width, `freeze` the first cell that scrolls."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...]
    freeze: str = "C2"

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(heading for heading, _ in self.columns)


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, without the characters that a workbook cannot hold."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def given(value: float | None) -> Value:
    return NOT_GIVEN if value is None else value


def day_of(moment: datetime) -> str:
    return clock.in_britain(moment).date().isoformat()


def as_csv(sheet: Sheet) -> bytes:
    """Return the rows under one line of headings, as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    writer.writerows(_harmless_row(row) for row in sheet.rows)
    return out.getvalue().encode()


def as_workbook(sheet: Sheet) -> bytes:
    """Return a workbook: the rows, and a sheet that says how to read them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    held = book.create_sheet(sheet.name)
    _fill(held, [sheet.headings, *sheet.rows])
    for column, (_, width) in enumerate(sheet.columns, start=1):
        held.column_dimensions[get_column_letter(column)].width = width
        held.cell(1, column).font = Font(bold=True)
        held.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
    held.freeze_panes = sheet.freeze
    about = book.create_sheet("How to read this")
    _fill(about, [(note,) for note in sheet.notes])
    about.column_dimensions["A"].width = WIDTH_OF_NOTES
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless_row(row: Sequence[Value]) -> list[Value]:
    return [harmless(value) if isinstance(value, str) else value for value in row]


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Value]]) -> None:
    """Write numbers as numbers and texts as texts, never as formulas."""
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(_harmless_row(row), start=1):
            sheet.cell(line, column, value)


def as_pdf(template: str, **context: object) -> bytes:
    """Return a print template as a PDF; raises `printing.CannotPrintError`."""
    styles = Path(current_app.static_folder or "") / "css"
    return printing.as_pdf(
        render_template(template, **context),
        style=(styles / "print.css").read_text(),
        figure_style=(styles / "print-figures.css").read_text(),
    )


def as_png(template: str, **context: object) -> bytes:
    """Return the pages of a print template as one picture; raises `printing.CannotPrintError`."""
    return printing.as_png(as_pdf(template, **context))
