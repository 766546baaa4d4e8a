"""Changes by group, from one joint fit for each grouping: every intervention's effect may differ between its groups.

Each group has its own figure; beside it stands one drawn toward the mean of the groups shown, and one test of whether
these differ at all. Groups that are withheld take no part in either, so that neither can tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from app.impact.difference import FEWEST, difference_p
from app.impact.event_time import Shrunk
from app.impact.fitting import Fitted
from app.impact.labellings import Labelling, fit_means_of_each
from app.impact.panel import Onsets, PersonWeeks
from app.impact.pooling import pool
from app.impact.small_sample import false_discovery, t_interval
from app.impact.values import GroupEffect, Integers, Truths
from app.impact.variance import Variances

MOST_LABELS = 1500


@dataclass(frozen=True)
class _Cells:
    """One grouping's cells, intervention major, (interventions x groups,): who counts, and each cell's label or -1.

    `names` are the groups' labels; `label` (E,) is each onset's label, the last ones being those of the withheld.
    """

    names: list[tuple[str, ...]]
    people: Integers
    with_weeks: Integers
    place: Integers
    label: Integers
    shown: int


def groupings(columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every column alone and every pair of columns."""
    return [(column,) for column in columns] + list(combinations(columns, 2))


def group_effects(
    cells: PersonWeeks,
    begun: Onsets,
    interventions: Sequence[str],
    labels: Mapping[str, tuple[str, ...]],
    *,
    variances: Variances,
    extra: Shrunk | None,
    minimum_group: int,
    counted: Truths,
    enough: Truths,
    by_columns: Sequence[tuple[str, ...]] | None = None,
) -> list[GroupEffect]:
    """Return the figures of all `groupings`, or of those in `by_columns`.

    `counted` and `enough` (E,) tell which onsets count as people, and for how much. `extra` terms are fitted beside,
    the same for every group. People of groups that are too small stay in the fit, together, so that they do not colour
    the others.
    """
    groupings_wanted = groupings(tuple(labels)) if by_columns is None else by_columns
    held = [
        _cells(
            begun,
            *_members(by, labels),
            len(interventions),
            minimum_group=minimum_group,
            counted=counted,
            enough=enough,
        )
        for by in groupings_wanted
    ]
    labellings = [Labelling(one.label, one.shown + len(interventions)) for one in held]
    fitted = fit_means_of_each(cells, begun, labellings, variances.mood, extra=extra)
    found: list[GroupEffect] = []
    for by, one, means in zip(groupings_wanted, held, fitted, strict=True):
        tested: list[GroupEffect] = []
        for kind, intervention in enumerate(interventions):
            found_here, places = _of_intervention(one, means.fitted, by, kind, intervention)
            tested += _together(found_here, places, means.fitted, variances.week_to_week)
        found += _with_q(tested)
    return found


def _cells(
    begun: Onsets,
    names: list[tuple[str, ...]],
    member: Integers,
    interventions: int,
    *,
    minimum_group: int,
    counted: Truths,
    enough: Truths,
) -> _Cells:
    cell = begun.intervention * len(names) + member[begun.person]
    people = np.bincount(cell[counted], minlength=interventions * len(names))
    with_weeks = np.bincount(cell[enough], minlength=people.size)
    kept = np.flatnonzero(people >= max(minimum_group, 1))
    kept = np.sort(kept[np.argsort(-people[kept], kind="stable")][:MOST_LABELS])
    place = np.full(people.size, -1)
    place[kept] = np.arange(kept.size)
    label = np.where(place[cell] >= 0, place[cell], kept.size + begun.intervention)
    return _Cells(names, people, with_weeks, place, label, kept.size)


def _members(by: tuple[str, ...], labels: Mapping[str, tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Integers]:
    """Return the distinct label tuples and which of them each person has."""
    rows = list(zip(*(labels[column] for column in by), strict=True))
    names = sorted(set(rows))
    index = {name: place for place, name in enumerate(names)}
    return names, np.array([index[row] for row in rows], np.int64)


def _of_intervention(
    held: _Cells, fitted: Fitted, by: tuple[str, ...], kind: int, intervention: str
) -> tuple[list[GroupEffect], Integers]:
    """Return one intervention's groups, the withheld as such and the others with their figures, and their labels."""
    found, places = [], []
    for group, name in enumerate(held.names):
        at = kind * len(held.names) + group
        if held.people[at] == 0:
            continue
        place, pairs = int(held.place[at]), tuple(zip(by, name, strict=True))
        effect = GroupEffect(by=pairs, intervention=intervention, withheld=place < 0)
        if not effect.withheld:
            counts = int(held.people[at]), int(held.with_weeks[at])
            effect = replace(effect, people=counts[0], people_with_enough_weeks=counts[1])
            effect = _figures(effect, fitted, place)
        found.append(effect)
        places.append(place)
    return found, np.array(places, np.int64)


def _figures(counts: GroupEffect, fitted: Fitted, place: int) -> GroupEffect:
    people = counts.people or 0
    if not fitted.can_tell[place] or people <= 1:
        return counts
    change, error = float(fitted.change[place]), float(fitted.standard_error[place])
    low, high = t_interval(change, error, people - 1)
    return replace(counts, change=change, standard_error=error, low=low, high=high)


def _together(found: list[GroupEffect], places: Integers, fitted: Fitted, unit: float) -> list[GroupEffect]:
    """Add the pooled figures and the test of difference, where at least two groups have a figure."""
    known = [at for at, effect in enumerate(found) if effect.change is not None]
    if len(known) < FEWEST:
        return found
    rows = places[known]
    change, covariance = fitted.change[rows], fitted.covariance[np.ix_(rows, rows)]
    people = np.array([found[at].people for at in known], np.float64)
    chance, pooled = difference_p(change, covariance, people), pool(change, covariance, unit)
    for row, at in enumerate(known):
        drawn = float(pooled.change[row])
        low, high = t_interval(drawn, float(pooled.standard_error[row]), int(people[row]) - 1)
        found[at] = replace(
            found[at],
            pooled_change=drawn,
            pooled_low=low,
            pooled_high=high,
            shrinkage=float(pooled.shrinkage[row]),
            difference_p=chance,
        )
    return found


def _with_q(found: list[GroupEffect]) -> list[GroupEffect]:
    """Add the false discovery rate over the interventions of one grouping."""
    chances = {effect.intervention: effect.difference_p for effect in found if effect.difference_p is not None}
    if not chances:
        return found
    rates = dict(zip(chances, false_discovery(np.array(list(chances.values()), np.float64)), strict=True))
    return [
        effect if effect.difference_p is None else replace(effect, difference_q=float(rates[effect.intervention]))
        for effect in found
    ]
