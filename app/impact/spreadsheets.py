"""The public CSV formats: every bad row is reported by line, column and reason, and nothing is guessed."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import numpy as np

from app.impact.spreadsheet_cells import (
    Advance,
    BadRow,
    Reading,
    Refused,
    amount_in,
    answer_in,
    day_in,
    name_in,
    score_in,
    shown,
)
from app.impact.values import CheckIns, Floats, Integers, Outcome, Panel, Prompts, Referrals, Sessions

NOT_RECORDED = "not recorded"
ROWS_A_STEP = 20_000
WHOLE_ROW = "(row)"


class SpreadsheetsAreWrong(ValueError):  # noqa: N818 - errors state the fact
    """Some rows cannot be used; `rows` lists every one."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(f"{len(rows)} rows cannot be used.")
        self.rows = tuple(rows)


@dataclass(frozen=True)
class Sources:
    """Which files to read.

    `by` names the columns of `people` to compare by, `measure` the column of `check_ins` that says which measure each
    was answered on; `outcome` says what the scores are of.
    """

    check_ins: Path
    attendance: Path
    referrals: Path | None = None
    prompts: Path | None = None
    people: Path | None = None
    by: tuple[str, ...] = ()
    costs: Path | None = None
    measure: str | None = None
    outcome: Outcome | None = None

    def paths(self) -> list[Path]:
        """Return the files in the order in which they are read."""
        every = (self.check_ins, self.attendance, self.referrals, self.prompts, self.people, self.costs)
        return [path for path in every if path is not None]


@dataclass(frozen=True)
class PanelRead:
    """A panel from spreadsheets, what the reader should know about them, and pounds a session by intervention."""

    panel: Panel
    notes: tuple[str, ...]
    costs: Mapping[str, float] = field(default_factory=dict)


def read_panel(sources: Sources, advance: Advance = lambda _: None) -> PanelRead:
    """Read every file whole, calling `advance` with bytes done; raises SpreadsheetsAreWrong with all that is wrong."""
    reading = Reading(advance)
    measured: list[tuple[str, Parser]] = [] if sources.measure is None else [(sources.measure, name_in)]
    check_ins = _table(sources.check_ins, reading, ("at", day_in), ("score", score_in), *measured)
    attendance = _table(sources.attendance, reading, ("intervention", name_in), ("at", day_in))
    referrals = _optional(sources.referrals, reading, ("intervention", name_in), ("referred_on", day_in))
    prompts = _optional(sources.prompts, reading, ("at", day_in), ("answered", answer_in))
    labels, costs = _labels(sources, reading), _costs(sources.costs, reading)
    if reading.bad:
        raise SpreadsheetsAreWrong(reading.bad)
    named = attendance.texts() | (referrals.texts() if referrals else set())
    interventions = tuple(sorted(named))
    index = {name: place for place, name in enumerate(interventions)}
    names = list(reading.people)
    panel = Panel(
        check_ins=CheckIns(
            check_ins.persons(), check_ins.integers(0), check_ins.floats(1), check_ins.numbered(2) if measured else None
        ),
        sessions=_sessions(attendance, index, reading),
        interventions=interventions,
        people=len(names),
        referrals=_referrals(referrals, index),
        prompts=Prompts(prompts.persons(), prompts.integers(0), prompts.integers(1) == 1) if prompts else None,
        groups={column: tuple(table.get(name, NOT_RECORDED) for name in names) for column, table in labels.items()},
        outcome=sources.outcome,
    )
    _note_check_ins(panel, reading)
    reading.notes += [f"{name} has a cost and was not attended." for name in sorted(costs.keys() - index.keys())]
    return PanelRead(panel, tuple(reading.notes), costs)


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

    def numbered(self, column: int) -> Integers:
        """Return a column of texts as their places among the distinct ones in order."""
        return np.unique(np.array(self.columns[column], str), return_inverse=True)[1].astype(np.int64)

    def places(self, column: int, index: dict[str, int]) -> Integers:
        return np.array([index[str(name)] for name in self.columns[column]], np.int64)


Parser = Callable[[str, Reading], float | int | str]


def _table(path: Path, reading: Reading, *columns: tuple[str, Parser]) -> _Table:
    table = _Table(path, columns=[[] if parse is name_in else array("d") for _, parse in columns])
    for line, cells in _rows(path, reading, ("person", *(name for name, _ in columns))):
        values: list[float | int | str] = []
        if not cells[0]:
            reading.bad.append(BadRow(path.name, line, "person", "is empty"))
        for (name, parse), cell in zip(columns, cells[1:], strict=True):
            try:
                values.append(parse(cell, reading))
            except Refused as refused:
                reading.bad.append(BadRow(path.name, line, name, str(refused)))
        if cells[0] and len(values) == len(columns):
            table.person.append(reading.person(cells[0]))
            for column, value in zip(table.columns, values, strict=True):
                column.append(value)  # type: ignore[arg-type]
    return table


def _optional(path: Path | None, reading: Reading, *columns: tuple[str, Parser]) -> _Table | None:
    return None if path is None else _table(path, reading, *columns)


def _rows(path: Path, reading: Reading, wanted: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's line number and the wanted cells, stripped; what cannot be read as a row is reported."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _cells(path, file, reading, wanted)
    except UnicodeDecodeError:
        reading.bad.append(BadRow(path.name, _undecodable_line(path), WHOLE_ROW, "is not UTF-8 text"))
    except OSError as error:
        reading.bad.append(BadRow(path.name, 1, WHOLE_ROW, f"the file cannot be read ({error.strerror})"))


def _cells(path: Path, file: TextIO, reading: Reading, wanted: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
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


def _header(path: Path, row: list[str] | None, reading: Reading, wanted: Sequence[str]) -> list[int] | None:
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
            wrong.append(BadRow(path.name, 1, name, f"{reason} (found: {shown(', '.join(row))})"))
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


def _labels(sources: Sources, reading: Reading) -> dict[str, dict[str, str]]:
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
                reason = f"{shown(cells[0])} is given twice, as {shown(label)} and as {shown(cell)}"
                reading.bad.append(BadRow(sources.people.name, line, column, reason))
    return labels


def _costs(path: Path | None, reading: Reading) -> dict[str, float]:
    """Return pounds a session by intervention."""
    costs: dict[str, float] = {}
    if path is None:
        return costs
    for line, (name, cell) in _rows(path, reading, ("intervention", "cost_per_session")):
        try:
            cost = amount_in(cell, reading)
        except Refused as refused:
            reading.bad.append(BadRow(path.name, line, "cost_per_session", str(refused)))
            continue
        if not name or name in costs:
            reading.bad.append(BadRow(path.name, line, "intervention", "is given twice" if name else "is empty"))
        costs[name] = cost
    return costs


def _sessions(table: _Table, index: dict[str, int], reading: Reading) -> Sessions:
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


def _note_check_ins(panel: Panel, reading: Reading) -> None:
    if panel.check_ins.person.size == 0:
        reading.notes.append("There are no check-ins: no figure can be shown.")
    if panel.sessions.person.size == 0:
        reading.notes.append("Nobody attended anything: there is nothing to estimate.")
    silent = np.setdiff1d(panel.sessions.person, panel.check_ins.person).size
    if silent:
        reading.notes.append(f"{silent} people attended and have no check-in at all; no figure rests on them.")
