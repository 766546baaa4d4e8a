"""What one young person's estimate takes from everybody: shared weeks and shape, variances, the whole and its spread.

It is made from a whole panel once (every night, in the app). With it and their own check-ins, a person's own part is a
small problem that can be solved at once. `own_parts` is the only way to do that, for one person and for everybody, so
that the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from app.impact.design import Block, Terms, blocks, cells_of
from app.impact.event_time import event_terms
from app.impact.least_squares import project, residuals
from app.impact.panel import Adjustment, Onsets, PersonWeeks, onsets, person_weeks, with_check_ins
from app.impact.pooling import Mixture
from app.impact.referral import SINCE_REFERRAL
from app.impact.response import Answering, own_correction
from app.impact.state_space import Mood, Precision, factorise, smooth, weigh
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers, Panel

RECENT_WEEKS = 4


@dataclass(frozen=True)
class Whole:
    """One intervention: its shape (S,) in points, how many carry its figure, and persons' departures from the shape.

    `departures` is None where there is no figure to draw toward; `others` (mean, inverse variance) is what a person's
    departure here is taken for while another of theirs is worked out. `mean` is the average change of those counted.
    """

    shape: Floats
    people: int = 0
    departures: Mixture | None = None
    others: tuple[float, float] = (0.0, 0.0)
    mean: float = float("nan")


@dataclass(frozen=True)
class PersonModel:
    """Everything shared, in points of the score.

    `weeks` (T,) are calendar week numbers and `levels` (T,) their levels; `starts` (S,) begin the spans of the shapes;
    `recovery` (R,) are the weeks since referral, empty where they are not used. `allowance` is how far all of it
    may be off where staff act on what check-ins do not show.
    """

    adjustment: Adjustment
    weeks: Integers
    levels: Floats
    starts: Integers
    wholes: tuple[Whole, ...]
    recovery: Floats
    mood: Mood
    check_in: float
    answering: Answering | None
    allowance: float

    def levels_at(self, weeks: Integers) -> Floats:
        """Return the levels of any weeks: between known ones on a line, after the last the mean of the last four."""
        if self.weeks.size == 0:
            return np.zeros(weeks.size)
        found = np.interp(weeks, self.weeks, self.levels)
        recent = float(self.levels[-RECENT_WEEKS:].mean())
        return np.where(weeks > self.weeks[-1], recent, found)

    def with_more(self, number: int) -> PersonModel:
        """Return the model with interventions of which nothing is known behind the others."""
        unknown = Whole(np.zeros(self.starts.size))
        return replace(self, wholes=(*self.wholes, *[unknown] * number))

    @property
    def coefficients(self) -> Floats:
        """Return the coefficients behind the weeks: shapes, intervention major, then weeks since referral."""
        return np.concatenate([*(whole.shape for whole in self.wholes), self.recovery])


@dataclass(frozen=True)
class Part:
    """One block's own normal equations: `onset` (n, K) or -1, `gram` (n, K, K), `right` (n, K), `shape` (n, K).

    Gram and right side are in points; `shape` is the shared change averaged over the person's own check-ins.
    """

    onset: Integers
    gram: Floats
    right: Floats
    shape: Floats


@dataclass(frozen=True)
class OwnParts:
    """Persons' own parts with their onsets; `check_ins` (E,) are those from the first session's week on."""

    begun: Onsets
    check_ins: Floats
    parts: list[Part] = field(default_factory=list)


def own_parts(model: PersonModel, panel: Panel) -> OwnParts:
    """Take level, weeks and shape out of the check-ins of the panel's people; its interventions are the model's."""
    cells = person_weeks(panel.check_ins, panel.people, model.adjustment, model.weeks)
    begun = with_check_ins(onsets(panel.sessions, len(model.wholes)), cells)
    if begun.person.size == 0:
        return OwnParts(begun, np.zeros(0))
    sets = [event_terms(begun, begun.intervention, model.starts)]
    if model.recovery.size and panel.referrals is not None:
        referred = with_check_ins(onsets(panel.referrals, len(model.wholes)), cells)
        base = np.full(referred.person.size, len(model.wholes) * model.starts.size)
        sets.append(Terms(referred.person, referred.week, base, SINCE_REFERRAL, shared=True))
    value, level = np.concatenate([model.levels_at(cells.weeks), model.coefficients]), np.zeros(0)
    if model.answering is not None and panel.prompts is not None:
        cells, level = own_correction(cells, sets, value, prompts=panel.prompts, answering=model.answering)
    made = blocks(cells, sets, np.unique(begun.person))
    return OwnParts(begun, _check_ins_after(cells, begun), [_part(one, model, begun, value, level) for one in made])


def _check_ins_after(cells: PersonWeeks, begun: Onsets) -> Floats:
    source, onset = cells_of(cells, begun.person)
    later = cells.weeks[cells.week[source]] >= begun.week[onset]
    return sum_by(onset, cells.count[source] * later, begun.person.size)


def _part(block: Block, model: PersonModel, begun: Onsets, value: Floats, level: Floats) -> Part:
    """Take the level, the weeks and the shared shape out of one block and set up its people's own steps."""
    weeks, own = value.size - model.coefficients.size, len(model.wholes) * model.starts.size
    events = ~(block.coefficient >= own).any(1)
    spans, people = model.starts.size, block.people.size
    columns = block.columns[:, events].reshape(block.weight.shape[0], -1, spans, people)
    steps = columns.sum(2, dtype=np.float64)
    effect = value[weeks:][block.coefficient[events]].reshape(-1, spans, people)
    inside = np.einsum("tksn,tn->ksn", columns, block.weight)
    shape = (inside * effect).sum(1) / np.maximum(inside.sum(1), 1.0)
    precision = factorise(block.weight, block.steps, model.mood)
    if model.answering is not None and level.size:
        steps = _as_answered(steps, precision, level[block.people], model.answering.slope, model.check_in)
    left = residuals(block, value, weeks)
    weighed = project(precision, np.concatenate([left[:, None], steps], axis=1), 0.0) / model.check_in
    begin, end = (np.searchsorted(begun.person, block.people, side) for side in ("left", "right"))
    onset = begin[:, None] + np.arange(steps.shape[1])
    return Part(
        np.where(onset < end[:, None], onset, -1),
        np.einsum("tkn,tln->nkl", steps, weighed[:, 1:]),
        np.einsum("tkn,tn->nk", steps, weighed[:, 0]),
        shape.T,
    )


def _as_answered(steps: Floats, precision: Precision, level: Floats, slope: float, check_in: float) -> Floats:
    """Return what the check-ins that came show of steps (T, K, n), once the response correction has been taken off.

    Of a change the answers hide the share slope^2 p (1 - p) times a check-in's variance, p being the chance of an
    answer; the correction gives back as much of it as the smoothed mood, which it goes by, has taken up.
    """
    chance = 1.0 / (1.0 + np.exp(-level))
    hidden = slope**2 * chance * (1.0 - chance) * check_in
    weighed = weigh(precision, np.concatenate([np.ones_like(steps[:, :1]), steps], axis=1)).sum(0)
    centred = steps - weighed[1:] / weighed[:1]
    taken_up = np.stack([smooth(precision, centred[:, slot]) for slot in range(steps.shape[1])], axis=1)
    return steps - hidden * (steps - taken_up)
