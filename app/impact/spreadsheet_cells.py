"""What a cell of the public CSV formats may hold: name, day, score, answer or amount; nothing is guessed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from app.impact.panel import FIRST_MONDAY

MONDAY: date = FIRST_MONDAY.astype(date)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LARGEST_SCORE = 1e9
MOST_REMEMBERED = 100_000
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


@dataclass
class Reading:
    """What has been read so far, over all files."""

    advance: Advance
    bad: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> int:
        return self.people.setdefault(name, len(self.people))


class Refused(ValueError):  # noqa: N818 - errors state the fact
    """A cell's text is not what its column holds."""


def shown(text: str) -> str:
    short = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    return repr(short)


def name_in(cell: str, _: Reading) -> str:
    if not cell:
        raise Refused("is empty")
    return cell


def day_in(cell: str, reading: Reading) -> int:
    """Return days since a Monday on the calendar that the text itself uses, whatever its offset from UTC."""
    known = reading.days.get(cell)
    if known is not None:
        return known
    if not cell:
        raise Refused("is empty")
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise Refused(f"{shown(cell)} is not an ISO 8601 date or date-time, such as 2026-03-09T16:30") from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise Refused(f"the year {moment.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    day = (moment.date() - MONDAY).days
    if len(reading.days) < MOST_REMEMBERED:
        reading.days[cell] = day
    return day


def score_in(cell: str, _: Reading) -> float:
    if not cell:
        raise Refused("is empty")
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if "_" in cell or not math.isfinite(value):
        raise Refused(f"{shown(cell)} is not a number")
    if abs(value) > LARGEST_SCORE:
        raise Refused(f"{shown(cell)} is beyond any scale")
    return value


def answer_in(cell: str, _: Reading) -> int:
    if cell not in {"0", "1"}:
        raise Refused("is empty" if not cell else f"{shown(cell)} is neither 0 nor 1")
    return int(cell)


def amount_in(cell: str, reading: Reading) -> float:
    """Return an amount of money; below nothing is refused."""
    value = score_in(cell.removeprefix("£").replace(",", ""), reading)
    if value < 0:
        raise Refused(f"{shown(cell)} is less than nothing")
    return value
