"""The columns of the regression: spans of weeks since an event, laid out person by person.

A person has columns of their own only for what happened to them, a handful however many interventions there are, and
each knows which shared coefficient it belongs to. Blocks of people with equally many columns are worked on together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.impact.panel import PersonWeeks
from app.impact.values import Floats, Integers

NEVER = 10**9
BLOCK_VALUES = 600_000


@dataclass(frozen=True)
class Terms:
    """Events whose surrounding weeks get coefficients.

    `person`, `week` (number) and `base` (first coefficient) are (E,); an event's spans begin at `starts` (B,) weeks
    since it, ascending, and the last one ends before `until`. Events that share one base per person are summed.
    """

    person: Integers
    week: Integers
    base: Integers
    starts: Integers
    until: int = NEVER
    shared: bool = False


@dataclass(frozen=True)
class Block:
    """Some people's cells and columns as dense arrays, weeks first.

    `people` (n,); `low` is the first row's index into the weeks; `steps` (T - 1,) the weeks between rows; `weight` and
    `mean` (T, n); `columns` (T, K, n) small counts; `coefficient` (K, n) which coefficient each column belongs to.
    """

    people: Integers
    low: int
    steps: Floats
    weight: Floats
    mean: Floats
    columns: NDArray[np.uint8]
    coefficient: Integers


def _slots(terms: Terms, people: int) -> tuple[Integers, Integers, int]:
    """Return each event's rank within its person, the number of slots per person, and the most slots."""
    order = np.argsort(terms.person, kind="stable")
    number = np.bincount(terms.person, minlength=people)
    begin = np.concatenate(([0], np.cumsum(number)))[:-1]
    rank = np.empty(terms.person.size, np.int64)
    rank[order] = np.arange(terms.person.size) - begin[terms.person[order]]
    return rank, number, int(number.max(initial=0))


@dataclass(frozen=True)
class _Layout:
    """One set of terms as (people, slots) tables."""

    week: Integers
    base: Integers
    number: Integers
    terms: Terms


def _layout(terms: Terms, people: int) -> _Layout:
    rank, number, most = _slots(terms, people)
    week = np.full((people, most), NEVER)
    base = np.zeros((people, most), np.int64)
    week[terms.person, rank] = terms.week
    base[terms.person, rank] = terms.base
    return _Layout(week, base, number, terms)


def _columns(layout: _Layout, people: Integers, weeks: Integers) -> tuple[NDArray[np.uint8], Integers]:
    """Return the (T, K, n) columns of one set of terms and the (K, n) coefficients that they belong to."""
    slots = int(layout.number[people].max(initial=0))
    starts = layout.terms.starts
    spans = starts.size
    kept = 1 if layout.terms.shared and slots else slots
    columns = np.zeros((weeks.size, kept * spans, people.size), np.uint8)
    coefficient = np.zeros((kept * spans, people.size), np.int64)
    ends = np.append(starts[1:], layout.terms.until)
    for slot in range(slots):
        at = 0 if layout.terms.shared else slot * spans
        age = weeks[:, None] - layout.week[people, slot][None, :]
        for span in range(spans):
            columns[:, at + span] += (age >= starts[span]) & (age < ends[span])
            coefficient[at + span] = np.maximum(coefficient[at + span], layout.base[people, slot] + span)
    return columns, coefficient


def blocks(cells: PersonWeeks, sets: Sequence[Terms], chosen: Integers | None = None) -> list[Block]:
    """Lay `chosen` people (all who checked in, if None) out in blocks of bounded size."""
    layouts = [_layout(terms, cells.people) for terms in sets]
    number = np.diff(cells.offset)
    people = np.flatnonzero(number) if chosen is None else chosen[number[chosen] > 0]
    width = np.zeros(cells.people, np.int64)
    for layout in layouts:
        kept = np.minimum(layout.number, 1) if layout.terms.shared else layout.number
        width += kept * layout.terms.starts.size
    first = cells.week[cells.offset[people]]
    last = cells.week[cells.offset[people + 1] - 1]
    people = people[np.lexsort((last, first, width[people]))]
    made, begin = [], 0
    while begin < people.size:
        room = BLOCK_VALUES // (cells.weeks.size * (int(width[people[begin]]) + 4)) + 1
        end = begin + int(np.searchsorted(width[people[begin : begin + room]], width[people[begin]], "right"))
        made.append(_block(cells, layouts, people[begin:end]))
        begin = end
    return made


def cells_of(cells: PersonWeeks, people: Integers) -> tuple[Integers, Integers]:
    """Return where in `cells` each of `people` has a cell, and which of them (0 to n - 1) it belongs to."""
    number = np.diff(cells.offset)[people]
    place = np.repeat(np.arange(people.size), number)
    start = np.repeat(cells.offset[people] - np.concatenate(([0], np.cumsum(number)[:-1])), number)
    return start + np.arange(place.size), place


def _block(cells: PersonWeeks, layouts: list[_Layout], people: Integers) -> Block:
    low = int(cells.week[cells.offset[people]].min())
    high = int(cells.week[cells.offset[people + 1] - 1].max()) + 1
    source, place = cells_of(cells, people)
    weight = np.zeros((high - low, people.size))
    mean = np.zeros_like(weight)
    weight[cells.week[source] - low, place] = cells.count[source]
    mean[cells.week[source] - low, place] = cells.mean[source]
    weeks = cells.weeks[low:high]
    made = [_columns(layout, people, weeks) for layout in layouts]
    columns = np.concatenate([np.zeros((weeks.size, 0, people.size), np.uint8), *(one[0] for one in made)], axis=1)
    coefficient = np.concatenate([np.zeros((0, people.size), np.int64), *(one[1] for one in made)])
    return Block(people, low, np.diff(weeks).astype(np.float64), weight, mean, columns, coefficient)
