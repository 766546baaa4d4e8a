"""G-estimation of sequential trials: in each calendar week, those who begin against some who have not begun.

Every first session (of MOST_TRIALS spread evenly, where an intervention has more) opens a trial of its own week (Hernan
and Robins, "What If", chapters 14 and 21): the one who begins, and up to CONTROLS people with check-ins around then who
have not begun that intervention. Outcome is the mean over the WINDOW weeks from there on; the structural nested mean
model says by how much each intervention shifts it for the share of it that came after its start, so that those who
begin later count for what they are. Given how the last three weeks and all earlier ones were, who begins is taken to be
as if by lot. In a linear model that is one set of instrumental equations, with "begins now" as the instrument within
each trial's week, for all interventions jointly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.impact.panel import Onsets, PersonWeeks
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers, Truths

MOST_TRIALS = 600
CONTROLS = 5
DRAWN = 10
WINDOW = 12
RECENT = 3
LOT = 20261
SINGULAR = 1e-8


@dataclass(frozen=True)
class Trials:
    """One row a person and trial: `person`, `kind`, `week` (place among calendar weeks, R), whether it `begins` there.

    `stratum` (R,) numbers the trials of one intervention and week.
    """

    person: Integers
    kind: Integers
    week: Integers
    begins: Truths
    stratum: Integers

    def kept(self, rows: Truths) -> Trials:
        """Return some of the rows."""
        return Trials(self.person[rows], self.kind[rows], self.week[rows], self.begins[rows], self.stratum[rows])


@dataclass(frozen=True)
class SequentialFit:
    """The changes (J,), NaN where the trials cannot tell, and their clustered standard errors."""

    change: Floats
    standard_error: Floats


def sequential_trials(cells: PersonWeeks, begun: Onsets, interventions: int) -> SequentialFit:
    """Estimate every intervention's change from its sequential trials; cost is linear in check-ins and first sessions.

    Controls are drawn by a lot that is always the same; errors are clustered by person.
    """
    nothing = SequentialFit(np.full(interventions, np.nan), np.full(interventions, np.nan))
    trials = _trials(cells, begun, interventions)
    if trials.person.size == 0:
        return nothing
    sums = _Sums.of(cells)
    outcome, history, known = _measured(cells, begun, trials, sums)
    # A trial without a control, or without the one who begins, tells nothing.
    trials, outcome, history = trials.kept(known), outcome[known], history[known]
    two = np.bincount(trials.stratum, trials.begins) * np.bincount(trials.stratum, ~trials.begins) > 0
    rows = two[trials.stratum]
    trials, outcome, history = trials.kept(rows), outcome[rows], history[rows]
    if trials.person.size <= history.shape[1]:
        return nothing
    exposed = _exposed(cells, begun, trials, sums, interventions)
    return _solved(trials, outcome, history, exposed)


def _trials(cells: PersonWeeks, begun: Onsets, interventions: int) -> Trials:
    """Lay out each first session with its controls, drawn from those who have check-ins and have not begun by then."""
    place = np.searchsorted(cells.weeks, begun.week)
    inside = _spread(np.flatnonzero((place > RECENT) & (place < cells.weeks.size)), begun.intervention)
    people = np.flatnonzero(np.diff(cells.offset))
    if inside.size == 0 or people.size == 0:
        none = np.zeros(0, np.int64)
        return Trials(none, none, none, none > 0, none)
    drawn = people[np.random.default_rng(LOT).integers(0, people.size, (inside.size, DRAWN))]
    key = begun.person * interventions + begun.intervention
    own = drawn * interventions + begun.intervention[inside][:, None]
    at = np.minimum(np.searchsorted(key, own), key.size - 1)
    waiting = (key[at] != own) | (begun.week[at] > begun.week[inside][:, None])
    waiting &= waiting.cumsum(1) <= CONTROLS
    row, column = np.nonzero(waiting)
    source = inside[np.concatenate([np.arange(inside.size), row])]
    begins = np.arange(source.size) < inside.size
    kind, week = begun.intervention[source], place[source]
    stratum = np.unique(kind * cells.weeks.size + week, return_inverse=True)[1]
    person = np.concatenate([begun.person[inside], drawn[row, column]])
    return Trials(person, kind, week, begins, stratum.astype(np.int64))


def _spread(chosen: Integers, kind: Integers) -> Integers:
    """Return of `chosen` onsets at most MOST_TRIALS of each kind, spread evenly over them."""
    kinds = [chosen[kind[chosen] == one] for one in np.unique(kind[chosen])]
    kept = [one[np.linspace(0, one.size - 1, min(one.size, MOST_TRIALS)).astype(np.int64)] for one in kinds]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *kept]))


@dataclass(frozen=True)
class _Sums:
    """Running sums over cells, calendar week means taken off: `score` and `number` (C + 1,); `key` (C,) finds them."""

    key: Integers
    score: Floats
    number: Floats
    width: int

    @classmethod
    def of(cls, cells: PersonWeeks) -> _Sums:
        weeks = cells.weeks.size
        week_mean = sum_by(cells.week, cells.count * cells.mean, weeks) / sum_by(cells.week, cells.count, weeks)
        score = np.cumsum(cells.count * (cells.mean - week_mean[cells.week]))
        return cls(
            cells.person * (weeks + 1) + cells.week,
            np.concatenate(([0.0], score)),
            np.concatenate(([0.0], np.cumsum(cells.count))),
            weeks + 1,
        )

    def place(self, person: Integers, week: Integers) -> Integers:
        """Return where a person's cells from a calendar week on begin."""
        return np.searchsorted(self.key, person * self.width + np.clip(week, 0, self.width - 1)).astype(np.int64)

    def between(self, begin: Integers, end: Integers) -> tuple[Floats, Floats]:
        """Return the sum of scores and the number of check-ins from one place to another."""
        return self.score[end] - self.score[begin], self.number[end] - self.number[begin]


def _measured(cells: PersonWeeks, begun: Onsets, trials: Trials, sums: _Sums) -> tuple[Floats, Floats, Truths]:
    """Return each row's outcome (R,), history (R, q), and whether both are known."""
    first = cells.offset[trials.person]
    recent, start = sums.place(trials.person, trials.week - RECENT), sums.place(trials.person, trials.week)
    end = sums.place(trials.person, _weeks_on(cells, trials.week, WINDOW))
    (early, early_n), (late, late_n) = sums.between(first, recent), sums.between(recent, start)
    after, after_n = sums.between(start, end)
    known = (early_n > 0) & (after_n > 0)
    level = early / np.maximum(early_n, 1)
    dip = np.where(late_n > 0, late / np.maximum(late_n, 1) - level, 0.0)
    sure, little = late_n / (late_n + 2.0), 1.0 / np.maximum(early_n, 1)
    others = _begun_before(begun, trials, cells)
    history = np.stack([level, level * little, dip, dip * sure, dip * little, sure, little, others], axis=1)
    return after / np.maximum(after_n, 1), history, known


def _weeks_on(cells: PersonWeeks, week: Integers, ahead: int) -> Integers:
    """Return the place of the calendar week `ahead` weeks after one given by its place."""
    return np.searchsorted(cells.weeks, cells.weeks[week] + ahead).astype(np.int64)


def _pairs(begun: Onsets, trials: Trials, people: int) -> tuple[Integers, Integers]:
    """Return every row of a trial with every first session of its person, as (row, onset)."""
    offset = np.searchsorted(begun.person, np.arange(people + 1))
    number = np.diff(offset)[trials.person]
    row = np.repeat(np.arange(trials.person.size), number)
    begin = np.concatenate(([0], np.cumsum(number)[:-1]))
    return row, np.arange(row.size) - np.repeat(begin, number) + offset[trials.person][row]


def _begun_before(begun: Onsets, trials: Trials, cells: PersonWeeks) -> Floats:
    row, onset = _pairs(begun, trials, cells.people)
    return sum_by(row, begun.week[onset] < cells.weeks[trials.week[row]], trials.person.size)


def _exposed(cells: PersonWeeks, begun: Onsets, trials: Trials, sums: _Sums, interventions: int) -> sparse.csr_array:
    """Return (R, J) the share of each row's outcome that came after each intervention begun from its week on."""
    row, onset = _pairs(begun, trials, cells.people)
    week = np.searchsorted(cells.weeks, begun.week[onset])
    end_week = _weeks_on(cells, trials.week, WINDOW)
    now = (week >= trials.week[row]) & (week < end_week[row])
    row, onset, week = row[now], onset[now], week[now]
    person = trials.person[row]
    end = sums.place(person, end_week[row])
    whole = sums.between(sums.place(person, trials.week[row]), end)[1]
    share = sums.between(sums.place(person, week), end)[1] / np.maximum(whole, 1.0)
    return sparse.csr_array((share, (row, begun.intervention[onset])), (trials.person.size, interventions))


def _solved(trials: Trials, outcome: Floats, history: Floats, exposed: sparse.csr_array) -> SequentialFit:
    """Solve the instrumental equations: "begins now" of each intervention, and the history, against what is left."""
    kinds = exposed.shape[1]
    instrument = sparse.csr_array(
        (_centred(trials, trials.begins.astype(np.float64)[:, None])[:, 0], (np.arange(outcome.size), trials.kind)),
        exposed.shape,
    )
    inside = _centred(trials, history)
    both = np.block([
        [(instrument.T @ exposed).toarray(), instrument.T @ history],
        [(exposed.T @ inside).T, inside.T @ history],
    ])  # fmt: skip
    right = np.concatenate([instrument.T @ outcome, inside.T @ outcome])
    inverse = np.linalg.pinv(both, rcond=SINGULAR)
    value = inverse @ right
    left = _centred(trials, (outcome - exposed @ value[:kinds] - history @ value[kinds:])[:, None])
    people, place = np.unique(trials.person, return_inverse=True)
    by_person = sparse.csr_array((left[:, 0], (place, np.arange(place.size))), (people.size, place.size))
    score = np.concatenate([(by_person @ instrument).toarray(), by_person @ inside], axis=1)
    influence = score @ inverse[:kinds].T
    error = np.sqrt((influence**2).sum(0) * people.size / max(people.size - 1, 1))
    told = np.abs(inverse[:kinds] @ both - np.eye(kinds, both.shape[0])).max(1, initial=0.0) < SINGULAR**0.5
    told &= np.bincount(trials.kind, trials.begins, kinds) > 1
    return SequentialFit(np.where(told, value[:kinds], np.nan), np.where(told, error, np.nan))


def _centred(trials: Trials, values: Floats) -> Floats:
    """Return (R, k) values less their mean within each trial's intervention and week."""
    number = np.maximum(np.bincount(trials.stratum), 1)
    mean = np.stack([sum_by(trials.stratum, column, number.size) / number for column in values.T], axis=1)
    found: Floats = values - mean[trials.stratum]
    return found
