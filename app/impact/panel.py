"""From single check-ins to person-week cells, and from sessions to the week in which each intervention began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.impact.sums import sum_by
from app.impact.values import CheckIns, Floats, Integers, Panel, PanelIsMalformed, Times, Truths

FIRST_MONDAY = np.datetime64("1970-01-05", "D")
DAYS = 7
WEEKDAY_SHRINKAGE = 4.0
FURTHEST_DAY = 4_000_000
MOST_MEASURES = 100
NO_WEEKS = np.zeros(0, np.int64)


class Event(Protocol):
    """Sessions or referrals: somebody, an intervention, a time."""

    @property
    def person(self) -> Integers: ...

    @property
    def intervention(self) -> Integers: ...

    @property
    def time(self) -> Times: ...


@dataclass(frozen=True)
class Adjustment:
    """What is taken off every score: the `centre` of all, and the weekday's mean, (7,)."""

    centre: float
    weekday: Floats


@dataclass(frozen=True)
class PersonWeeks:
    """Person-week cells, sorted by person and week.

    `person`, `week` (index into `weeks`), `count` and `mean` are (C,); `weeks` (T,) are the calendar week numbers that
    hold any check-in; `offset` (people + 1,) is where each person's cells begin. `within` (people,) is the sum of
    squares of a person's check-ins about their cells' means. `adjustment` is what was taken off every score.
    """

    person: Integers
    week: Integers
    count: Floats
    mean: Floats
    weeks: Integers
    offset: Integers
    within: Floats
    adjustment: Adjustment

    @property
    def people(self) -> int:
        """How many persons the indices run over, those without a check-in included."""
        return self.offset.size - 1


@dataclass(frozen=True)
class Onsets:
    """The first week of each person and intervention: `person`, `intervention`, `week` number and `events` (E,)."""

    person: Integers
    intervention: Integers
    week: Integers
    events: Integers


def days_of(time: Times) -> Integers:
    """Return whole days since a Monday for datetime64 or plain numbers of days."""
    values = np.asarray(time)
    if np.issubdtype(values.dtype, np.datetime64):
        if np.isnat(values).any():
            raise PanelIsMalformed("A time is missing.")
        days = (values.astype("datetime64[D]") - FIRST_MONDAY).astype(np.int64)
    else:
        if not np.isfinite(values).all():
            raise PanelIsMalformed("A time is not a finite number of days.")
        days = np.floor(values).astype(np.int64)
    if days.size and np.abs(days).max() > FURTHEST_DAY:
        raise PanelIsMalformed("A time lies thousands of years away.")
    return days


def _require_lengths(what: str, *arrays: Integers | Floats | Times | Truths) -> None:
    sizes = {np.asarray(array).shape for array in arrays}
    if len(sizes) != 1 or len(next(iter(sizes))) != 1:
        raise PanelIsMalformed(f"The columns of the {what} differ in length or are not one-dimensional.")


def _require_range(what: str, values: Integers, end: int) -> None:
    if values.size and (values.min() < 0 or values.max() >= end):
        raise PanelIsMalformed(f"An index in the {what} is outside 0 to {end - 1}.")


def check_panel(panel: Panel) -> None:
    """Raise PanelIsMalformed where lengths, indices or scores do not fit."""
    entries = panel.check_ins
    _require_lengths("check-ins", entries.person, entries.time, entries.score)
    _require_range("check-ins", entries.person, panel.people)
    if not np.isfinite(np.asarray(entries.score, float)).all():
        raise PanelIsMalformed("A score is not a finite number.")
    if entries.measure is not None:
        _require_lengths("check-ins", entries.person, entries.measure)
        _require_range("measures", entries.measure, MOST_MEASURES)
    for what, events in (("sessions", panel.sessions), ("referrals", panel.referrals)):
        if events is None:
            continue
        _require_lengths(what, events.person, events.intervention, events.time)
        _require_range(what, events.person, panel.people)
        _require_range(what, events.intervention, len(panel.interventions))
    if panel.prompts is not None:
        _require_lengths("prompts", panel.prompts.person, panel.prompts.time, panel.prompts.answered)
        _require_range("prompts", panel.prompts.person, panel.people)
    for column, labels in panel.groups.items():
        if len(labels) != panel.people:
            raise PanelIsMalformed(f"The group {column!r} has {len(labels)} labels for {panel.people} people.")


def _weekday_means(day: Integers, score: Floats, cell: Integers, count: Floats) -> Floats:
    """Return (7,) weekday means from differences within a person's week, shrunk where few weeks have two check-ins."""
    weekday = day % DAYS
    table = np.bincount(cell * DAYS + weekday, minlength=count.size * DAYS).reshape(-1, DAYS).astype(np.float64)
    centred = score - (sum_by(cell, score, count.size) / count)[cell]
    gram = np.diag(table.sum(0)) - (table / count[:, None]).T @ table
    right = sum_by(weekday, centred, DAYS)
    means: Floats = np.linalg.solve(gram + WEEKDAY_SHRINKAGE * np.eye(DAYS), right).astype(np.float64)
    means -= float(means @ table.sum(0)) / max(score.size, 1)
    return means


def person_weeks(
    check_ins: CheckIns, people: int, adjustment: Adjustment | None = None, calendar: Integers = NO_WEEKS
) -> PersonWeeks:
    """Gather check-ins into person-week cells once the weekday means are off; linear in check-ins.

    `adjustment` is what to take off the scores where that was learnt from others; `calendar` are week numbers to have
    among the weeks though nobody here checked in then.
    """
    day = days_of(check_ins.time)
    person = np.asarray(check_ins.person, np.int64)
    score = np.asarray(check_ins.score, np.float64)
    centre = adjustment.centre if adjustment is not None else float(score.mean()) if score.size else 0.0
    score = score - centre
    number = day // DAYS
    shown = np.concatenate([number, calendar])
    first = int(shown.min()) if shown.size else 0
    span = int(shown.max()) - first + 1 if shown.size else 1
    weeks, week = _compressed(shown, first, span)
    week = week[: number.size]
    key = person * weeks.size + week
    cells, cell = _compressed(key, 0, people * max(weeks.size, 1))
    count = np.bincount(cell, minlength=cells.size).astype(np.float64)
    if adjustment is None:
        weekday = _weekday_means(day, score, cell, count) if cells.size else np.zeros(DAYS)
        adjustment = Adjustment(centre, weekday)
    adjusted = score - adjustment.weekday[day % DAYS]
    mean = sum_by(cell, adjusted, cells.size) / count if cells.size else np.zeros(0)
    within = sum_by(person, (adjusted - mean[cell]) ** 2, people)
    owner, column = np.divmod(cells, max(weeks.size, 1))
    offset = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=people))))
    return PersonWeeks(owner, column, count, mean, weeks, offset, within, adjustment)


def _compressed(key: Integers, first: int, span: int) -> tuple[Integers, Integers]:
    """Return the distinct keys in order and each key's place among them, without sorting where the span is small."""
    if span > max(4 * key.size, 1_000_000):
        distinct, place = np.unique(key, return_inverse=True)
        return distinct.astype(np.int64), place.astype(np.int64)
    present = np.zeros(span, np.bool_)
    present[key - first] = True
    place = np.cumsum(present) - 1
    return np.flatnonzero(present) + first, place[key - first]


def onsets(events: Event, interventions: int) -> Onsets:
    """Return the first week of every person and intervention in sessions or referrals, sorted by person."""
    number = days_of(events.time) // DAYS
    key = np.asarray(events.person, np.int64) * max(interventions, 1) + np.asarray(events.intervention, np.int64)
    pairs, place = np.unique(key, return_inverse=True)
    week = np.full(pairs.size, np.iinfo(np.int64).max)
    np.minimum.at(week, place, number)
    person, intervention = np.divmod(pairs, max(interventions, 1))
    return Onsets(person, intervention, week, np.bincount(place, minlength=pairs.size))


def with_check_ins(events: Onsets, cells: PersonWeeks) -> Onsets:
    """Return the events of those who have a check-in at all."""
    held = np.diff(cells.offset)[events.person] > 0
    return Onsets(events.person[held], events.intervention[held], events.week[held], events.events[held])
