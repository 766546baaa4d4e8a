"""The public CSV formats: every bad row is reported by line, column and reason, and nothing is guessed."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from app.impact.panel import FIRST_MONDAY
from app.impact.values import CheckIns, Floats, Integers, Panel, Prompts, Referrals, Sessions

MONDAY: date = FIRST_MONDAY.astype(date)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LARGEST_SCORE = 1e9
NOT_RECORDED = "not recorded"
ROWS_A_STEP = 20_000
MOST_REMEMBERED = 100_000
WHOLE_ROW = "(row)"
SHOWN_CHARACTERS = 40

Advance = Callable[[int], object]


@dataclass(frozen=True)
class BadRow:
    """One thing wrong with one row of one file."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: line {self.line}, column {self.column}: {self.reason}"


class SpreadsheetsAreWrong(ValueError):  # noqa: N818 - errors state the fact
    """Some rows cannot be used; `rows` lists every one."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(f"{len(rows)} rows cannot be used.")
        self.rows = tuple(rows)


@dataclass(frozen=True)
class Sources:
    """Which files to read; `by` names the columns of `people` to compare by."""

    check_ins: Path
    attendance: Path
    referrals: Path | None = None
    prompts: Path | None = None
    people: Path | None = None
    by: tuple[str, ...] = ()

    def paths(self) -> list[Path]:
        """Return the files in the order in which they are read."""
        every = (self.check_ins, self.attendance, self.referrals, self.prompts, self.people)
        return [path for path in every if path is not None]


@dataclass
class _Reading:
    """What has been read so far, over all files."""

    advance: Advance
    bad: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> int:
        return self.people.setdefault(name, len(self.people))


@dataclass(frozen=True)
class PanelRead:
    """A panel from spreadsheets, and what the reader should know about them."""

    panel: Panel
    notes: tuple[str, ...]


class _Refused(ValueError):  # noqa: N818 - errors state the fact
    """A cell's text is not what its column holds."""


def read_panel(sources: Sources, advance: Advance = lambda _: None) -> PanelRead:
    """Read every file whole, calling `advance` with bytes done; raises SpreadsheetsAreWrong with all that is wrong."""
    reading = _Reading(advance)
    check_ins = _table(sources.check_ins, reading, ("at", _day), ("score", _score))
    attendance = _table(sources.attendance, reading, ("intervention", _name), ("at", _day))
    referrals = _optional(sources.referrals, reading, ("intervention", _name), ("referred_on", _day))
    prompts = _optional(sources.prompts, reading, ("at", _day), ("answered", _answer))
    labels = _labels(sources, reading)
    if reading.bad:
        raise SpreadsheetsAreWrong(reading.bad)
    named = attendance.texts() | (referrals.texts() if referrals else set())
    interventions = tuple(sorted(named))
    index = {name: place for place, name in enumerate(interventions)}
    names = list(reading.people)
    panel = Panel(
        check_ins=CheckIns(check_ins.persons(), check_ins.integers(0), check_ins.floats(1)),
        sessions=_sessions(attendance, index, reading),
        interventions=interventions,
        people=len(names),
        referrals=_referrals(referrals, index),
        prompts=Prompts(prompts.persons(), prompts.integers(0), prompts.integers(1) == 1) if prompts else None,
        groups={column: tuple(table.get(name, NOT_RECORDED) for name in names) for column, table in labels.items()},
    )
    _note_check_ins(panel, reading)
    return PanelRead(panel, tuple(reading.notes))


@dataclass
class _Table:
    """One file's good rows by column."""

    path: Path
    person: array[int] = field(default_factory=lambda: array("q"))
    columns: list[array[float] | list[str]] = field(default_factory=list)

    def persons(self) -> Integers:
        return np.array(self.person, np.int64)

    def integers(self, column: int) -> Integers:
        return np.array(self.columns[column], np.int64)

    def floats(self, column: int) -> Floats:
        return np.array(self.columns[column], np.float64)

    def texts(self) -> set[str]:
        return {value for value in self.columns[0] if isinstance(value, str)}

    def places(self, column: int, index: dict[str, int]) -> Integers:
        return np.array([index[str(name)] for name in self.columns[column]], np.int64)


Parser = Callable[[str, _Reading], float | int | str]


def _table(path: Path, reading: _Reading, *columns: tuple[str, Parser]) -> _Table:
    table = _Table(path, columns=[[] if parse is _name else array("d") for _, parse in columns])
    for line, cells in _rows(path, reading, ("person", *(name for name, _ in columns))):
        values: list[float | int | str] = []
        if not cells[0]:
            reading.bad.append(BadRow(path.name, line, "person", "is empty"))
        for (name, parse), cell in zip(columns, cells[1:], strict=True):
            try:
                values.append(parse(cell, reading))
            except _Refused as refused:
                reading.bad.append(BadRow(path.name, line, name, str(refused)))
        if cells[0] and len(values) == len(columns):
            table.person.append(reading.person(cells[0]))
            for column, value in zip(table.columns, values, strict=True):
                column.append(value)  # type: ignore[arg-type]
    return table


def _optional(path: Path | None, reading: _Reading, *columns: tuple[str, Parser]) -> _Table | None:
    return None if path is None else _table(path, reading, *columns)


def _rows(path: Path, reading: _Reading, wanted: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's line number and the wanted cells, stripped; what cannot be read as a row is reported."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _cells(path, file, reading, wanted)
    except UnicodeDecodeError:
        reading.bad.append(BadRow(path.name, _undecodable_line(path), WHOLE_ROW, "is not UTF-8 text"))
    except OSError as error:
        reading.bad.append(BadRow(path.name, 1, WHOLE_ROW, f"the file cannot be read ({error.strerror})"))


def _cells(path: Path, file: TextIO, reading: _Reading, wanted: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file)
    done = 0
    try:
        places = _header(path, next(reader, None), reading, wanted)
        if places is None:
            return
        most = places[-1]
        for number, row in enumerate(reader):
            if number % ROWS_A_STEP == 0:
                now = file.buffer.tell()
                reading.advance(now - done)
                done = now
            if not any(map(str.strip, row)):
                continue
            if len(row) > most and any(cell.strip() for cell in row[most:]):
                reason = f"has {len(row)} cells where the header has {most}"
                reading.bad.append(BadRow(path.name, reader.line_num, WHOLE_ROW, reason))
                continue
            yield reader.line_num, [row[place].strip() if place < len(row) else "" for place in places[:-1]]
    except csv.Error as error:
        reading.bad.append(BadRow(path.name, reader.line_num, WHOLE_ROW, f"cannot be read as CSV ({error})"))
    reading.advance(file.buffer.tell() - done)


def _header(path: Path, row: list[str] | None, reading: _Reading, wanted: Sequence[str]) -> list[int] | None:
    """Return where the wanted columns are, then the number of columns; None, and a report, where one is missing."""
    if row is None:
        reading.bad.append(BadRow(path.name, 1, WHOLE_ROW, "the file is empty: a header row is needed"))
        return None
    names = [cell.strip().casefold() for cell in row]
    wrong = []
    for name in wanted:
        found = names.count(name.casefold())
        if found != 1:
            reason = "this column is missing from the header" if found == 0 else "the header names this column twice"
            wrong.append(BadRow(path.name, 1, name, f"{reason} (found: {_shown(', '.join(row))})"))
    reading.bad.extend(wrong)
    return None if wrong else [*(names.index(name.casefold()) for name in wanted), len(row)]


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _shown(text: str) -> str:
    short = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    return repr(short)


def _name(cell: str, _: _Reading) -> str:
    if not cell:
        raise _Refused("is empty")
    return cell


def _day(cell: str, reading: _Reading) -> int:
    """Return days since a Monday on the calendar that the text itself uses, whatever its offset from UTC."""
    known = reading.days.get(cell)
    if known is not None:
        return known
    if not cell:
        raise _Refused("is empty")
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise _Refused(f"{_shown(cell)} is not an ISO 8601 date or date-time, such as 2026-03-09T16:30") from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise _Refused(f"the year {moment.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    day = (moment.date() - MONDAY).days
    if len(reading.days) < MOST_REMEMBERED:
        reading.days[cell] = day
    return day


def _score(cell: str, _: _Reading) -> float:
    if not cell:
        raise _Refused("is empty")
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if "_" in cell or not math.isfinite(value):
        raise _Refused(f"{_shown(cell)} is not a number")
    if abs(value) > LARGEST_SCORE:
        raise _Refused(f"{_shown(cell)} is beyond any scale")
    return value


def _answer(cell: str, _: _Reading) -> int:
    if cell not in {"0", "1"}:
        raise _Refused("is empty" if not cell else f"{_shown(cell)} is neither 0 nor 1")
    return int(cell)


def _labels(sources: Sources, reading: _Reading) -> dict[str, dict[str, str]]:
    """Return each `by` column's label by person's name."""
    if sources.people is None:
        return {}
    labels: dict[str, dict[str, str]] = {column: {} for column in sources.by}
    for line, cells in _rows(sources.people, reading, ("person", *sources.by)):
        if not cells[0]:
            reading.bad.append(BadRow(sources.people.name, line, "person", "is empty"))
            continue
        for column, cell in zip(sources.by, cells[1:], strict=True):
            label = labels[column].setdefault(cells[0], cell or NOT_RECORDED)
            if label != (cell or NOT_RECORDED):
                reason = f"{_shown(cells[0])} is given twice, as {_shown(label)} and as {_shown(cell)}"
                reading.bad.append(BadRow(sources.people.name, line, column, reason))
    return labels


def _sessions(table: _Table, index: dict[str, int], reading: _Reading) -> Sessions:
    """Count a session once where the same person, intervention and day are given twice."""
    rows = np.stack([table.persons(), table.places(0, index), table.integers(1)], axis=1)
    distinct = np.unique(rows, axis=0) if rows.size else rows
    if distinct.shape[0] < rows.shape[0]:
        reading.notes.append(
            f"{rows.shape[0] - distinct.shape[0]} rows of {table.path.name} repeat a session and count once."
        )
    return Sessions(distinct[:, 0], distinct[:, 1], distinct[:, 2])


def _referrals(table: _Table | None, index: dict[str, int]) -> Referrals | None:
    return None if table is None else Referrals(table.persons(), table.places(0, index), table.integers(1))


def _note_check_ins(panel: Panel, reading: _Reading) -> None:
    if panel.check_ins.person.size == 0:
        reading.notes.append("There are no check-ins: no figure can be shown.")
    if panel.sessions.person.size == 0:
        reading.notes.append("Nobody attended anything: there is nothing to estimate.")
    silent = np.setdiff1d(panel.sessions.person, panel.check_ins.person).size
    if silent:
        reading.notes.append(f"{silent} people attended and have no check-in at all; no figure rests on them.")
