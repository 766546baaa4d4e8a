"""Days, months and years under a time axis, as many as there is room for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.timeline.labels import as_wide_as
from app.timeline.series import LONGEST_BY_DAY
from app.timeline.values import Axis

DAY_STEPS = (1, 2, 7, 14, 28)
MONTH_STEPS = (1, 2, 3, 6)
YEAR_STEPS = (1, 2, 5, 10, 20, 50)
JANUARY = 1


@dataclass(frozen=True, slots=True)
class CalendarMark:
    """One label under the axis; `year` is set where a year is named below it."""

    day: date
    words: str
    year: str = ""
    x: float = 0.0

    def moved(self, x: float) -> "CalendarMark":
        return replace(self, x=x)


def marks_of(axis: Axis, room: float, letters: float) -> list[CalendarMark]:
    """Return the labels of an axis that is `room` wide: days up to six weeks, else months, else years."""
    widest = as_wide_as("30 Sep", letters) if axis.days <= LONGEST_BY_DAY else as_wide_as("Sept", letters)
    for marks in _choices(axis):
        if len(marks) * (widest + letters) <= room:
            return _within(marks, axis, room, letters)
    return []


def _choices(axis: Axis) -> Iterator[list[CalendarMark]]:
    if axis.days <= LONGEST_BY_DAY:
        for step in DAY_STEPS:
            days = (axis.first + timedelta(days=n) for n in range(axis.days))
            yield [CalendarMark(d, f"{d.day} {d:%b}") for d in days if (d.toordinal() - 1) % step == 0]
        return
    months = list(_months(axis))
    for step in MONTH_STEPS:
        chosen = [month for month in months if (month.month - 1) % step == 0]
        yield [
            CalendarMark(m, f"{m:%b}", str(m.year) if m.month == JANUARY or number == 0 else "")
            for number, m in enumerate(chosen)
        ]
    for step in YEAR_STEPS:
        yield [CalendarMark(m, str(m.year)) for m in months if m.month == JANUARY and m.year % step == 0]


def _months(axis: Axis) -> Iterator[date]:
    month = axis.first if axis.first.day == 1 else _next_month(axis.first)
    while month <= axis.last:
        yield month
        month = _next_month(month)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _within(marks: list[CalendarMark], axis: Axis, room: float, letters: float) -> list[CalendarMark]:
    """Leave out a last label that would run over the edge, and a first year that would touch the next one."""
    kept = [
        mark
        for mark in marks
        if (mark.day - axis.first).days / axis.days * room + as_wide_as(mark.words, letters) <= room + letters
    ]
    years = [mark for mark in kept if mark.year]
    if len(years) > 1 and (years[1].day - years[0].day).days / axis.days * room < as_wide_as("2026 ", letters):
        kept[kept.index(years[0])] = replace(years[0], year="")
    return kept
