"""School terms in England, near enough: which weeks (by their Monday) are holidays."""

from datetime import date, timedelta
from functools import cache

WEEK = timedelta(weeks=1)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def is_holiday(monday: date) -> bool:
    """Say whether the week that begins on this Monday is a school holiday."""
    return monday in holidays_of(monday.year)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """Return the Mondays of a calendar year's holiday weeks: New Year, half-terms, spring, summer, Christmas."""
    starts_and_weeks = (
        (date(year, 1, 1), 1),
        (_on_or_after(date(year, 2, 12)), 1),
        (_on_or_after(date(year, 3, 29)), 2),
        (_on_or_after(date(year, 5, 25)), 1),
        (_on_or_after(date(year, 7, 21)), 6),
        (_on_or_after(date(year, 10, 23)), 1),
        (_on_or_after(date(year, 12, 18)), 2),
    )
    return frozenset(monday_of(start) + WEEK * n for start, weeks in starts_and_weeks for n in range(weeks))


def _on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
