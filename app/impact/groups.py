"""Changes by group, from one joint fit for each grouping: every intervention's effect may differ between its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from app.impact.event_time import Shrunk, fit_means
from app.impact.fitting import Fitted
from app.impact.panel import Onsets, PersonWeeks
from app.impact.small_sample import t_interval
from app.impact.state_space import Mood
from app.impact.values import GroupEffect, Integers, Truths

MOST_LABELS = 1500


def groupings(columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every column alone and every pair of columns."""
    return [(column,) for column in columns] + list(combinations(columns, 2))


def group_effects(
    cells: PersonWeeks,
    begun: Onsets,
    interventions: Sequence[str],
    labels: Mapping[str, tuple[str, ...]],
    *,
    mood: Mood,
    extra: Shrunk | None,
    minimum_group: int,
    counted: Truths,
    enough: Truths,
) -> Iterator[GroupEffect]:
    """Yield each grouping's figures; `counted` and `enough` (E,) tell which onsets count as people, and for how much.

    `extra` terms are fitted beside, the same for every group. People of groups that are too small stay in the fit,
    together, so that they do not colour the others.
    """
    for by in groupings(tuple(labels)):
        names, member = _members(by, labels)
        cell = begun.intervention * len(names) + member[begun.person]
        people = np.bincount(cell[counted], minlength=len(interventions) * len(names))
        with_weeks = np.bincount(cell[enough], minlength=people.size)
        kept = np.flatnonzero(people >= max(minimum_group, 1))
        kept = np.sort(kept[np.argsort(-people[kept], kind="stable")][:MOST_LABELS])
        place = np.full(people.size, -1)
        place[kept] = np.arange(kept.size)
        rest = kept.size + begun.intervention
        label = np.where(place[cell] >= 0, place[cell], rest)
        means = fit_means(cells, begun, label, kept.size + len(interventions), mood, extra=extra)
        for at, (intervention, group) in enumerate(np.ndindex(len(interventions), len(names))):
            if people[at] == 0:
                continue
            pairs = tuple(zip(by, names[group], strict=True))
            empty = GroupEffect(by=pairs, intervention=interventions[intervention], withheld=bool(place[at] < 0))
            if empty.withheld:
                yield empty
                continue
            counts = replace(empty, people=int(people[at]), people_with_enough_weeks=int(with_weeks[at]))
            yield _figures(counts, means.fitted, int(place[at]))


def _members(by: tuple[str, ...], labels: Mapping[str, tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Integers]:
    """Return the distinct label tuples and which of them each person has."""
    rows = list(zip(*(labels[column] for column in by), strict=True))
    names = sorted(set(rows))
    index = {name: place for place, name in enumerate(names)}
    return names, np.array([index[row] for row in rows], np.int64)


def _figures(counts: GroupEffect, fitted: Fitted, place: int) -> GroupEffect:
    people = counts.people or 0
    if not fitted.can_tell[place] or people <= 1:
        return counts
    change, error = float(fitted.change[place]), float(fitted.standard_error[place])
    low, high = t_interval(change, error, people - 1)
    return replace(counts, change=change, standard_error=error, low=low, high=high)
