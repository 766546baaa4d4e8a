"""Opening CSV and XLSX files as the same rows of text."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import TextIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.imports.values import Row, Table, UnreadableFileError

LARGEST_WORKBOOK = 500_000_000
LARGEST_RATIO = 400
SMALL_ENOUGH = 50_000_000
LONGEST_CELL = 100_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
Progress = Callable[[int], None]


def open_table(path: Path, progress: Progress = lambda _: None) -> Table:
    """Open a file's table; `progress` is told how many bytes (CSV) were read. Raises UnreadableFileError, also later.

    Every cell comes as text, the same from both kinds of file: numbers as typed, dates in ISO 8601.
    """
    start = _first_bytes(path)
    if not start.strip(b"\xef\xbb\xbf\r\n\t ,;\x00"):
        raise UnreadableFileError("The file is empty.")
    match path.suffix.casefold():
        case ".csv":
            rows = _csv_rows(path, start, progress)
        case ".xlsx":
            rows = _workbook_rows(path)
        case _:
            raise UnreadableFileError("Only .csv and .xlsx files can be read: save it as one of them.")
    header = next(rows, None)
    if header is None:
        raise UnreadableFileError("The file is empty.")
    first = next(rows, None)
    if first is None:
        raise UnreadableFileError("There is no row below the header.")
    return Table(_trimmed(header.cells), chain([first], rows))


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise UnreadableFileError(f"The file cannot be opened: {error.strerror}.") from error


def _trimmed(header: list[str]) -> list[str]:
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MOST_COLUMNS:
        raise UnreadableFileError(f"There are more than {MOST_COLUMNS} columns.")
    return header


def _csv_rows(path: Path, start: bytes, progress: Progress) -> Iterator[Row]:
    if start.startswith(WORKBOOK):
        raise UnreadableFileError("This is an Excel workbook that is named .csv: give its name the ending .xlsx.")
    if start.startswith(UTF_16):
        raise UnreadableFileError("The file is UTF-16. Save it again as “CSV UTF-8”.")
    if b"\x00" in start:
        raise UnreadableFileError("This is no text file. Save it again as “CSV UTF-8”.")
    csv.field_size_limit(LONGEST_CELL)
    return _csv_lines(path, progress)


def _csv_lines(path: Path, progress: Progress) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = _delimiter(file)
        reader = csv.reader(_counted(file, progress), delimiter=delimiter, strict=True, skipinitialspace=True)
        line = 1
        try:
            for cells in reader:
                if any(cell and not cell.isspace() for cell in cells):
                    yield Row(line, [_cleaned(cell) for cell in cells])
                line = reader.line_num + 1
        except UnicodeDecodeError:
            raise UnreadableFileError(_not_utf_8(path)) from None
        except csv.Error as error:
            raise UnreadableFileError(
                f"From line {line} on the file makes no sense as CSV: {_csv_reason(error)}"
            ) from None


def _delimiter(file: TextIO) -> str:
    """Return what stands between the header's names, and go back to the start."""
    try:
        header = next((line for line in file if line.strip()), "")
    except UnicodeDecodeError:
        header = ""
    file.seek(0)
    return max(DELIMITERS, key=header.count)


def _counted(file: TextIO, progress: Progress) -> Iterator[str]:
    for line in file:
        progress(len(line))
        yield line


def _csv_reason(error: csv.Error) -> str:
    if "limit" in str(error):
        return f"a cell is longer than {LONGEST_CELL:,} letters. Perhaps a quote mark is not closed."
    return "a quote mark is not closed, or stands inside a cell without being doubled."


def _not_utf_8(path: Path) -> str:
    with path.open("rb") as file:
        line = next((number for number, raw in enumerate(file, 1) if not _is_utf_8(raw)), 0)
    return (
        f"Line {line} is not UTF-8: the file was probably saved by Excel in the old Windows way (cp1252). "
        "Save it again as “CSV UTF-8”, or as .xlsx."
    )


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _workbook_rows(path: Path) -> Iterator[Row]:
    _refuse_bad_workbook(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise UnreadableFileError("The workbook is damaged: open it in Excel, and save it again.") from error
    return _workbook_lines(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1))


def _workbook_lines(rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    try:
        for line, values in enumerate(rows, 1):
            cells = [_cleaned(_text(value)) for value in values]
            if any(cells):
                yield Row(line, cells)
    except (zipfile.BadZipFile, ValueError, KeyError, IndexError, OSError, SyntaxError) as error:
        raise UnreadableFileError("The workbook is damaged: open it in Excel, and save it again.") from error


def _refuse_bad_workbook(path: Path) -> None:
    """Look at the archive's list before anything is unpacked."""
    with path.open("rb") as file:
        if file.read(4) == OLD_WORKBOOK:
            raise UnreadableFileError("The workbook is of an old kind or has a password: save it as .xlsx without one.")
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [(info.file_size, info.compress_size) for info in archive.infolist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError("This is no .xlsx workbook, or it is damaged: save it again from Excel.") from error
    unpacked, packed = (sum(parts) for parts in zip(*sizes, strict=True)) if sizes else (0, 0)
    if unpacked > LARGEST_WORKBOOK or (unpacked > SMALL_ENOUGH and unpacked > LARGEST_RATIO * packed):
        raise UnreadableFileError("The workbook is too big once unpacked: save its first sheet as CSV instead.")


def _text(value: object) -> str:
    """Return an Excel value as somebody would type it into a CSV file."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return (value + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _cleaned(cell: str) -> str:
    """Take off spaces around a cell, and the apostrophe that keeps Excel from reading it as a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:2] in DANGEROUS else cell
