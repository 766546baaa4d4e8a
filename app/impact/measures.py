"""People who changed the measure that they answer on: a term for each measure puts their scores on one scale.

Two measures of one thing differ by more than their arithmetic: five faces are not answered as a line from 0 to 10 is.
Whoever answered on both tells by how much. The model gets a coefficient for each measure, beside persons, weeks and
changes after first sessions, that is learnt from those people alone (anybody else's measure is part of their level);
it is taken off every score, and what is not known of it goes into the intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.columns import Counts, columns_from, with_columns
from app.impact.design import Terms, blocks
from app.impact.event_time import AFTER, ONE_STEP, event_terms, fit_means
from app.impact.fitting import find_variances, fit_contrasts
from app.impact.least_squares import Size
from app.impact.panel import DAYS, Onsets, PersonWeeks, days_of, person_weeks
from app.impact.state_space import Mood
from app.impact.sums import sum_by
from app.impact.values import CheckIns, Floats, Integers
from app.impact.variance import Variances

ROUNDS = 2


@dataclass(frozen=True)
class OneScale:
    """Check-ins as if all had been answered on the most usual measure.

    `shift` (M,) has been taken off the scores of each measure, `covariance` (M, M) is its own; `people` changed
    measure. `share` (C, M) is each cell's share of check-ins on each measure.
    """

    check_ins: CheckIns
    shift: Floats
    covariance: Floats
    people: int
    share: Floats

    def variance_of_changes(self, cells: PersonWeeks, begun: Onsets, interventions: int, mood: Mood) -> Floats:
        """Return (J, J) what not knowing the shifts adds to the covariance of the changes, which are linear in them."""
        moved = [
            fit_means(replace(cells, mean=column.copy()), begun, begun.intervention, interventions, mood).fitted.change
            for column in self.share.T
        ]
        return np.stack(moved, axis=1) @ self.covariance @ np.stack(moved)


@dataclass(frozen=True)
class _Changed:
    """The pairs of a person who changed measure and a measure other than the usual one, sorted by person.

    `column` (E, 1, T) is 1 in the weeks in which most of the person's check-ins are on it.
    """

    person: Integers
    measure: Integers
    column: Counts


def on_one_scale(check_ins: CheckIns, people: int, begun: Onsets, interventions: int) -> OneScale | None:
    """Return the check-ins on one scale; None where no measures are given or nobody changed theirs.

    Cost is linear in check-ins.
    """
    if check_ins.measure is None or check_ins.person.size == 0:
        return None
    measure = np.asarray(check_ins.measure, np.int64)
    measures, cells = int(measure.max()) + 1, person_weeks(check_ins, people)
    share = _shares(check_ins, cells, measures)
    changed = _changed(cells, share, people, int(np.bincount(measure).argmax()))
    if changed.person.size == 0:
        return None
    found = OneScale(check_ins, np.zeros(measures), np.zeros((measures, measures)), 0, share)
    variances: Variances | None = None
    for _ in range(ROUNDS):
        adjusted = person_weeks(found.check_ins, people)
        terms = [event_terms(begun, begun.intervention, AFTER)]
        variances = find_variances(adjusted, terms, Size(cells.weeks.size, interventions * AFTER.size), variances)
        shift, covariance = _fit(
            cells, begun, changed, interventions=interventions, mood=variances.mood, measures=measures
        )
        score = np.asarray(check_ins.score, np.float64) - shift[measure]
        found = replace(found, check_ins=replace(check_ins, score=score), shift=shift, covariance=covariance)
    return replace(found, people=int(np.unique(changed.person).size))


def _shares(check_ins: CheckIns, cells: PersonWeeks, measures: int) -> Floats:
    weeks = cells.weeks.size
    week = np.searchsorted(cells.weeks, days_of(check_ins.time) // DAYS)
    key = np.asarray(check_ins.person, np.int64) * weeks + week
    cell = np.searchsorted(cells.person * weeks + cells.week, key)
    place = cell * measures + np.asarray(check_ins.measure, np.int64)
    number = sum_by(place, np.ones(place.size), cells.count.size * measures).reshape(-1, measures)
    return number / cells.count[:, None]


def _changed(cells: PersonWeeks, share: Floats, people: int, usual: int) -> _Changed:
    most, measures = share.argmax(1), share.shape[1]
    used = np.bincount(cells.person * measures + most, minlength=people * measures).reshape(people, measures) > 0
    used[used.sum(1) < 2] = False  # noqa: PLR2004 - one measure throughout is part of the person's level
    used[:, usual] = False
    person, measure = np.nonzero(used)
    event = np.full((people, measures), -1)
    event[person, measure] = np.arange(person.size)
    column = np.zeros((person.size, 1, cells.weeks.size), np.uint8)
    inside = event[cells.person, most] >= 0
    column[event[cells.person, most][inside], 0, cells.week[inside]] = 1
    return _Changed(person, measure, column)


def _fit(
    cells: PersonWeeks, begun: Onsets, changed: _Changed, *, interventions: int, mood: Mood, measures: int
) -> tuple[Floats, Floats]:
    """Return the measures' shifts (M,) and their covariance, from one fit with the changes after first sessions."""
    own = interventions * AFTER.size
    always = np.full(changed.person.size, int(cells.weeks[0]))
    sets = [
        event_terms(begun, begun.intervention, AFTER),
        Terms(changed.person, always, own + changed.measure, ONE_STEP),
    ]
    made = [
        with_columns(block, changed.person, changed.column, columns_from(block, own)) for block in blocks(cells, sets)
    ]
    size = Size(cells.weeks.size, own + measures)
    fitted = fit_contrasts(made, mood, size, np.eye(own + measures)[own:])[0]
    return fitted.change, fitted.covariance
