"""School attendance in Bristol's bands before and after each intervention, as a table of who went from which to which.

A plain before and after: whoever is put forward at their lowest would often have come back anyway. It describes, and
stands beside the engine's figure for school attendance, never instead. Nothing is withheld here: counts of single cells
are for the caller to protect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.panel import DAYS, check_panel, days_of, onsets
from app.impact.sums import sum_by
from app.impact.values import SCHOOL_ATTENDANCE, Floats, Integers, Panel, PanelIsMalformed, Truths

BANDS = ("under 10%", "10% to 80%", "over 80%", "full time")
LOW_UNDER, HIGH_OVER = 0.1, 0.8
MOSTLY = 0.5
LEAST_WEEKS = 3
NEARLY_ALL = 1.0 - 1e-9
DECIMALS = 9


@dataclass(frozen=True)
class AttendanceBands:
    """One intervention: `table` (4, 4) counts people by band before (rows) and after (columns), in the order of BANDS.

    `people` are in it: they have enough weeks with a record on both sides of their first session.
    """

    intervention: str
    people: int
    table: Integers

    @property
    def before(self) -> Integers:
        """How many people were in each band before, (4,)."""
        return np.asarray(self.table.sum(1), np.int64)

    @property
    def after(self) -> Integers:
        """How many people were in each band after, (4,)."""
        return np.asarray(self.table.sum(0), np.int64)

    @property
    def rose(self) -> int:
        """How many people are in a higher band after than before."""
        return int(np.triu(self.table, 1).sum())

    @property
    def fell(self) -> int:
        """How many people are in a lower band after than before."""
        return int(np.tril(self.table, -1).sum())


@dataclass(frozen=True)
class PersonBands:
    """Everybody with enough weeks on both sides of a first session, (E,): `was` and `came_to` are places in BANDS."""

    person: Integers
    intervention: Integers
    was: Integers
    came_to: Integers


def person_bands(panel: Panel, *, full_time: Truths | None = None, weeks: int = 12) -> PersonBands:
    """Return each person's band before and after their first session of each intervention.

    The panel's scores are shares of the sessions that there were to go to, on the scale of its outcome (0 to 1 where it
    says none). Before is the mean of the last `weeks` weeks with a record before the week of the first session, after
    that of the latest `weeks` from it on; three at least on either side. Full time is more than 80% in weeks of which
    at least half are `full_time` (N,), one truth a score; where that is not given, every session there was.

    Raises PanelIsMalformed where the arrays do not fit together or a share lies outside the scale.
    """
    check_panel(panel)
    outcome = panel.outcome or SCHOOL_ATTENDANCE
    share = (np.asarray(panel.check_ins.score, np.float64) - outcome.low) / outcome.scale
    if share.size and (share.min() < 0 or share.max() > 1):
        raise PanelIsMalformed("A share of attendance lies outside its scale.")
    full = share >= NEARLY_ALL if full_time is None else np.asarray(full_time, np.bool_)
    if full.shape != share.shape:
        raise PanelIsMalformed("The columns of the check-ins differ in length or are not one-dimensional.")
    begun, record = onsets(panel.sessions, len(panel.interventions)), _Weeks.of(panel, share, full)
    middle = record.place(begun.person, begun.week)
    first, end = record.ends(begun.person)
    enough = (middle - first >= LEAST_WEEKS) & (end - middle >= LEAST_WEEKS)
    every = full_time is None
    return PersonBands(
        begun.person[enough],
        begun.intervention[enough],
        record.bands(np.maximum(middle - weeks, first)[enough], middle[enough], every=every),
        record.bands(np.maximum(end - weeks, middle)[enough], end[enough], every=every),
    )


def attendance_bands(panel: Panel, *, full_time: Truths | None = None, weeks: int = 12) -> tuple[AttendanceBands, ...]:
    """Count people by band before and after the first session of each intervention, in the order of their names.

    Arguments and errors are those of `person_bands`.
    """
    found, size, kinds = person_bands(panel, full_time=full_time, weeks=weeks), len(BANDS), len(panel.interventions)
    cell = (found.intervention * size + found.was) * size + found.came_to
    tables = np.bincount(cell, minlength=kinds * size * size).reshape(kinds, size, size)
    return tuple(
        AttendanceBands(name, int(table.sum()), table) for name, table in zip(panel.interventions, tables, strict=True)
    )


@dataclass(frozen=True)
class _Weeks:
    """Weeks with a record, sorted by person and week: running sums of their share and of full-time weeks."""

    person: Integers
    week: Integers
    share: Floats
    full: Floats
    low: int
    width: int

    @classmethod
    def of(cls, panel: Panel, share: Floats, full: Truths) -> _Weeks:
        week = days_of(panel.check_ins.time) // DAYS
        low = int(week.min(initial=0))
        width = int(week.max(initial=0)) - low + 2
        key = np.asarray(panel.check_ins.person, np.int64) * width + week - low
        kept, place = np.unique(key, return_inverse=True)
        number = np.maximum(sum_by(place, np.ones(place.size), kept.size), 1)
        person, since = np.divmod(kept, width)
        running = [
            np.concatenate(([0.0], np.cumsum(sum_by(place, values, kept.size) / number))) for values in (share, full)
        ]
        return cls(person, since + low, running[0], running[1], low, width)

    def place(self, person: Integers, week: Integers) -> Integers:
        """Return where each person's weeks from a week on begin."""
        since = np.clip(week - self.low, 0, self.width - 1)
        key = self.person * self.width + self.week - self.low
        return np.searchsorted(key, person * self.width + since).astype(np.int64)

    def ends(self, person: Integers) -> tuple[Integers, Integers]:
        """Return where each person's weeks begin and end."""
        begin, end = (np.searchsorted(self.person, person, side) for side in ("left", "right"))
        return begin.astype(np.int64), end.astype(np.int64)

    def bands(self, begin: Integers, end: Integers, *, every: bool) -> Integers:
        """Return the band of the weeks between two places; with `every`, full time is every week in full."""
        number = end - begin
        share = np.round((self.share[end] - self.share[begin]) / number, DECIMALS)
        full = (self.full[end] - self.full[begin]) / number >= (NEARLY_ALL if every else MOSTLY)
        band = np.where(share < LOW_UNDER, 0, np.where(share <= HIGH_OVER, 1, np.where(full, 3, 2)))
        return band.astype(np.int64)
