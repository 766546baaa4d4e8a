"""Reading the cells of one row, and noting what is wrong with each."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from app import clock
from app.breaks.values import parse_pounds
from app.clock import NoSuchTimeError, from_britain
from app.imports.values import Problem

MIDDAY = time(12)
EARLIEST = date(1990, 1, 1)
SHORTEST_QUOTE = 40


class Cells:
    """One row by column name. A cell that cannot be used adds a problem and reads as empty."""

    def __init__(self, line: int, values: Mapping[str, str]) -> None:
        self.line = line
        self.values = values
        self.problems: list[Problem] = []

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.line, column, reason))

    def text(self, column: str, *, most: int = 120, required: bool = False) -> str:
        value = self.values.get(column, "")
        if required and not value:
            self.refuse(column, "is empty")
        elif len(value) > most:
            self.refuse(column, f"is {len(value):,} letters long; there is room for {most:,}")
        elif any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):  # noqa: PLR2004 (control characters)
            self.refuse(column, "has a character in it that is no letter")
        else:
            return value
        return ""

    def one_of(self, column: str, known: Mapping[str, str], *, otherwise: str = "") -> str:
        """Return the value that the cell's words stand for; `known` goes from words in small letters to values."""
        value = self.values.get(column, "")
        if not value:
            return otherwise
        found = known.get(value.casefold())
        if found is None:
            self.refuse(column, f"{quoted(value)} is not one of: {', '.join(dict.fromkeys(known))}")
        return found or otherwise

    def some_of(self, column: str, known: Mapping[str, str]) -> tuple[str, ...]:
        """Return the values that the words of a cell stand for, separated by semicolons."""
        words = self.parts(column)
        for word in words:
            if word.casefold() not in known:
                self.refuse(column, f"{quoted(word)} is not one of: {', '.join(dict.fromkeys(known))}")
        return tuple(known[word.casefold()] for word in words if word.casefold() in known)

    def parts(self, column: str, *, most: int = 120) -> tuple[str, ...]:
        """Return the parts of a cell, separated by semicolons."""
        value = self.text(column, most=20 * most)
        parts = tuple(part.strip() for part in value.split(";") if part.strip())
        if any(len(part) > most for part in parts):
            self.refuse(column, f"has a part longer than {most} letters; separate them by semicolons")
        return parts

    def number(self, column: str) -> float | None:
        """Return a finite number; a problem where there is none."""
        value = self.text(column, required=True, most=40)
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if value and not math.isfinite(number):
            self.refuse(column, f"{quoted(value)} is not a number")
        return number if math.isfinite(number) else None

    def whole_number(self, column: str) -> int | None:
        """Return a whole number from 0 on, or None where the cell is empty."""
        value = self.text(column, most=40)
        number = value.removesuffix(".0")
        if value and not (number.isascii() and number.isdigit()):
            self.refuse(column, f"{quoted(value)} is not a whole number")
            return None
        return int(number) if value else None

    def pence(self, column: str) -> int | None:
        value = self.values.get(column, "")
        try:
            return parse_pounds(value) if value else None
        except ValueError:
            self.refuse(column, f"{quoted(value)} is not a sum in pounds, such as 12.50")
            return None

    def day(self, column: str, *, earliest: date = EARLIEST) -> date | None:
        """Return a day up to today, or None where the cell is empty."""
        moment = self._when(column)
        if moment is None:
            return None
        if moment[0].time() not in (time(0), MIDDAY):
            self.refuse(column, f"{quoted(self.values[column])} has a time of day; only the date belongs here")
        return self._up_to_now(column, moment[0].date(), earliest)

    def _up_to_now(self, column: str, day: date, earliest: date) -> date | None:
        if day > clock.today():
            self.refuse(column, f"{quoted(self.values[column])} is in the future")
        elif day < earliest:
            self.refuse(column, f"{quoted(self.values[column])} is too long ago")
        else:
            return day
        return None

    def moment(self, column: str) -> datetime | None:
        """Return a moment up to now; without an offset on a British clock, without a time at midday."""
        if not self.text(column, required=True, most=60):
            return None
        found = self._when(column)
        if found is None or self._up_to_now(column, found[1].astimezone(clock.BRITAIN).date(), EARLIEST) is None:
            return None
        if found[1] > clock.now():
            self.refuse(column, f"{quoted(self.values[column])} is in the future (a date without a time is midday)")
            return None
        return found[1]

    def _when(self, column: str) -> tuple[datetime, datetime] | None:
        """Return what a cell says on its own clock, and the moment in UTC."""
        value = self.values.get(column, "")
        if not value:
            return None
        try:
            written = datetime.fromisoformat(value)
            if len(value) <= len("2026-10-06"):
                written = datetime.combine(written, MIDDAY)
            moment = written.astimezone(UTC) if written.tzinfo else from_britain(written)
            clock.in_britain(moment)  # raises OverflowError where a British calendar does not reach
        except NoSuchTimeError:
            self.refuse(column, f"{quoted(value)} never was on a British clock: the clocks went forward")
        except (ValueError, OverflowError):
            self.refuse(column, f"{quoted(value)} is not a date such as 2026-10-06 or 2026-10-06T16:30")
        else:
            return written.replace(tzinfo=None), moment
        return None


def quoted(value: str) -> str:
    """Return a cell as a reason quotes it: on one line, not too long, nothing that a terminal obeys."""
    shown = "".join(letter if letter.isprintable() else " " for letter in value)
    return f"“{shown if len(shown) <= SHORTEST_QUOTE else shown[:SHORTEST_QUOTE] + '…'}”"
