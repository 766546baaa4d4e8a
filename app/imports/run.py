"""Reading a whole file against a plan, then writing all of it or (if asked) all that is good."""

import csv
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from app.imports.cells import Cells
from app.imports.reading import DANGEROUS
from app.imports.values import Problem, Row, Table, UnreadableFileError

T = TypeVar("T")
OURS = ("line", "column", "reason")


class Bar(Protocol):
    """Passes things on one after another, and shows how far it has come."""

    def __call__(self, things: Sequence[T]) -> Iterable[T]: ...


class Plan(ABC):
    """What becomes of the rows of one kind of file."""

    required: ClassVar[tuple[str, ...]]
    optional: ClassVar[tuple[str, ...]]
    present: frozenset[str] = frozenset()

    @abstractmethod
    def read(self, cells: Cells) -> None:
        """Keep what a row says, or note its problems on it; writes nothing."""

    @abstractmethod
    def write(self, bar: Bar) -> str:
        """Write everything that was kept, inside a transaction; return a sentence that counts it."""


@dataclass(slots=True)
class Counts:
    """How many rows were new, changed something, or said what was known."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def words(self, one: str, many: str) -> str:
        what = one if self.added == 1 else many
        return f"Added {self.added:,} {what}, changed {self.changed:,}; {self.same:,} were there already."


@dataclass(slots=True)
class BadRows:
    """The rows that cannot be written, as they stood in the file, with what is wrong."""

    rows: list[Row] = field(default_factory=list)
    problems: list[list[Problem]] = field(default_factory=list)

    def add(self, row: Row, problems: list[Problem]) -> None:
        self.rows.append(row)
        self.problems.append(problems)


def unknown_columns(table: Table, plan: Plan) -> list[str]:
    """Return the columns that the plan does not use; raises UnreadableFileError where one it needs is missing."""
    columns = table.columns
    repeated = sorted({name for name in columns if name and columns.count(name) > 1})
    if repeated:
        raise UnreadableFileError(f"The column {listed(repeated)} stands there twice.")
    missing = [name for name in plan.required if name not in columns]
    if missing:
        raise UnreadableFileError(f"There is no column {listed(missing)}. The file has: {listed(table.header)}.")
    known = {*plan.required, *plan.optional, *OURS, ""}
    return [typed for typed, name in zip(table.header, columns, strict=True) if name not in known]


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def read_all(table: Table, plan: Plan) -> tuple[int, BadRows]:
    """Read every row against the plan; return how many there were and those that are bad."""
    columns, bad, count = table.columns, BadRows(), 0
    plan.present = frozenset(columns)
    for row in table.rows:
        count += 1
        cells = Cells(row.line, dict(zip(columns, row.cells, strict=False)))
        if any(row.cells[len(columns) :]):
            cells.refuse("", f"has {len(row.cells)} cells; the header has {len(columns)}")
        else:
            plan.read(cells)
        if cells.problems:
            bad.add(row, cells.problems)
    return count, bad


def save_bad_rows(path: Path, header: Sequence[str], bad: BadRows) -> None:
    """Write the bad rows to a file that only its owner may read, with line, column and reason in front."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*OURS, *map(harmless, header)])
        for row, problems in zip(bad.rows, bad.problems, strict=True):
            columns = "; ".join(problem.column for problem in problems)
            reasons = "; ".join(problem.reason for problem in problems)
            writer.writerow([row.line, columns, harmless(reasons), *map(harmless, row.cells)])


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and never runs; a plain number stays one."""
    if not cell.startswith(DANGEROUS):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
