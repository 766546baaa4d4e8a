"""A spreadsheet's rows, and what is wrong with one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class UnreadableFileError(ValueError):
    """A file cannot be read as a table at all; the sentence says what to do."""


class Row(NamedTuple):
    """One row below the header as text, and the line of the file on which it starts."""

    line: int
    cells: list[str]


class Problem(NamedTuple):
    """One thing that is wrong: on which line, in which column (empty: the whole row), and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header, as typed, and its rows, read one after another as somebody asks."""

    header: list[str]
    rows: Iterator[Row]

    @property
    def columns(self) -> list[str]:
        """Return the header as names: small letters, underscores."""
        return ["_".join(name.casefold().replace("-", " ").split()) for name in self.header]
