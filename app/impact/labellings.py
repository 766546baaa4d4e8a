"""Many ways to tell the same onsets apart, fitted together: what is done for each person is done once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.impact.design import Block
from app.impact.event_time import LaidOut, Means, Shrunk, event_terms, laid_out, spans_for
from app.impact.fitting import check_ins_by_coefficient, contrasts_of
from app.impact.least_squares import Size, accumulate_each
from app.impact.panel import Onsets, PersonWeeks
from app.impact.state_space import Mood
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers

MATRIX_VALUES = 20_000_000


@dataclass(frozen=True)
class Labelling:
    """One way to tell onsets apart: the `label` (E,) of each, from 0 to `labels` - 1."""

    label: Integers
    labels: int


def fit_means_of_each(
    cells: PersonWeeks, begun: Onsets, labellings: Sequence[Labelling], mood: Mood, *, extra: Shrunk | None = None
) -> list[Means]:
    """Do as `fit_means` for many labellings of the same onsets."""
    found: dict[int, Means] = {}
    for places in _together(labellings, cells.weeks.size):
        singly = _Singly.of(cells, begun, spans_for(labellings[places[0]].labels), extra)
        relabelled = [singly.labelled(labellings[place]) for place in places]
        sums = accumulate_each(singly.made, mood, [(laid.size, _owners(laid.made)) for laid in relabelled])
        for place, laid, equations in zip(places, relabelled, sums, strict=True):
            labels = labellings[place].labels
            fitted, _ = contrasts_of(
                laid.made, mood, laid.size, laid.contrast(labels), equations=equations, pull=laid.pull
            )
            none = fitted.part(slice(labels, None))
            found[place] = Means(fitted, laid.check_ins(labels).sum(1), none, laid.starts)
    return [found[place] for place in range(len(labellings))]


def _together(labellings: Sequence[Labelling], weeks: int) -> list[list[int]]:
    """Put labellings together that have the same spans, as many as there is room for their matrices."""
    parts: dict[int, list[list[int]]] = {}
    room: dict[int, int] = {}
    for place, one in enumerate(labellings):
        spans = spans_for(one.labels).size
        size = (weeks + one.labels * spans) ** 2
        if room.get(spans, 0) < size:
            parts.setdefault(spans, []).append([])
            room[spans] = MATRIX_VALUES
        parts[spans][-1].append(place)
        room[spans] -= size
    return [part for same in parts.values() for part in same]


def _owners(made: Sequence[Block]) -> list[Integers]:
    return [block.coefficient for block in made]


@dataclass(frozen=True)
class _Singly:
    """The regression with coefficients of its own for every onset, from which any labelling's follows."""

    made: list[Block]
    weeks: int
    onsets: int
    starts: Integers
    pull: Floats
    number: Floats

    @classmethod
    def of(cls, cells: PersonWeeks, begun: Onsets, starts: Integers, extra: Shrunk | None) -> _Singly:
        onsets, weeks = begun.person.size, cells.weeks.size
        terms = event_terms(begun, np.arange(onsets), starts)
        made, pull = laid_out(cells, terms, onsets * starts.size, extra)
        number = check_ins_by_coefficient(made, Size(weeks, pull.size))
        return cls(made, weeks, onsets, starts, pull, number)

    def labelled(self, labelling: Labelling) -> LaidOut:
        """Return the regression as a labelling has it."""
        spans, before = self.starts.size, self.onsets * self.starts.size
        own, extra = labelling.labels * spans, self.pull.size - before
        goes = np.append((labelling.label[:, None] * spans + np.arange(spans)).ravel(), own + np.arange(extra))
        made = [replace(block, coefficient=goes[block.coefficient]) for block in self.made]
        pull = np.append(np.zeros(own), self.pull[before:])
        return LaidOut(
            made, Size(self.weeks, own + extra), pull, self.starts, own, sum_by(goes, self.number, own + extra)
        )
