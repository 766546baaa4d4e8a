"""Takes off what answering prompts more readily on a good day adds to the mean of the check-ins that came.

Where p is the chance that a prompt is answered and g the slope of its log odds in mood, the mean of the answered
exceeds the mean of all by g (1 - p) times the variance of a check-in. The slope is learnt from forecasts of mood made
from earlier weeks only: a forecast errs around its own value, not around the truth, so the slope is not shrunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from app.impact.design import Block, Terms, blocks, cells_of
from app.impact.fitting import find_variances
from app.impact.least_squares import Size, accumulate, basis_of, residuals, solve
from app.impact.panel import DAYS, PersonWeeks, days_of
from app.impact.state_space import Mood, factorise, forecast, smooth, weigh
from app.impact.values import Floats, Integers, Prompts
from app.impact.variance import Variances

ROUNDS = 3
NEWTON_STEPS = 25
CONVERGED = 1e-5
LEAST_SPREAD, MOST_SPREAD = 1e-3, 9.0
FEWEST_UNANSWERED = 50
LARGEST_LOGIT = 30.0


@dataclass(frozen=True)
class Response:
    """The log odds of answering: `level` (people,) each person's own, `slope` per point of mood and its error.

    The levels are drawn from a normal distribution about `centre` with variance `spread`.
    """

    level: Floats
    slope: float
    slope_error: float
    centre: float = 0.0
    spread: float = 0.25


@dataclass(frozen=True)
class Answering:
    """What one person's correction takes from everybody: how answering goes with mood, and how mood moves."""

    slope: float
    centre: float
    spread: float
    mood: Mood
    check_in: float


@dataclass(frozen=True)
class Corrected:
    """Cells with the correction taken off, the variances that go with them, and what was learnt of responding."""

    cells: PersonWeeks
    variances: Variances
    response: Response | None


@dataclass(frozen=True)
class _Asked:
    """Prompts sent and answered by person and week, (people, weeks)."""

    sent: sparse.csr_array
    answered: sparse.csr_array


def _asked(prompts: Prompts, cells: PersonWeeks) -> _Asked:
    number = days_of(prompts.time) // DAYS
    week = np.minimum(np.searchsorted(cells.weeks, number), cells.weeks.size - 1)
    held = (cells.weeks[week] == number) & (np.diff(cells.offset)[prompts.person] > 0)
    place = (prompts.person[held], week[held])
    shape = (cells.people, cells.weeks.size)
    sent = sparse.csr_array((np.ones(int(held.sum())), place), shape)
    return _Asked(sent, sparse.csr_array((np.asarray(prompts.answered, float)[held], place), shape))


def fit_response(person: Integers, sent: Floats, answered: Floats, mood: Floats, people: int) -> Response:
    """Fit answered (N,) of sent (N,) on mood (N,) with a normal random level by person.

    Penalised Newton steps; the spread of the levels is re-estimated at each from their size and uncertainty.
    """
    level, centre, slope, spread = np.zeros(people), 0.0, 0.0, 0.25
    error, asked = np.inf, np.flatnonzero(np.bincount(person, minlength=people))
    for _ in range(NEWTON_STEPS):
        chance = _logistic(centre + level[person] + slope * mood)
        curve = sent * chance * (1.0 - chance)
        left = answered - sent * chance
        own = np.bincount(person, curve, people) + 1.0 / spread
        cross = np.stack([own - 1.0 / spread, np.bincount(person, curve * mood, people)])
        gradient = np.array([left.sum(), left @ mood])
        own_gradient = np.bincount(person, left, people) - level / spread
        mixed = float(curve @ mood)
        fixed = np.array([[curve.sum(), mixed], [mixed, float(curve @ mood**2)]])
        inverse = np.linalg.pinv(fixed - (cross / own) @ cross.T, hermitian=True)
        step = inverse @ (gradient - (cross / own) @ own_gradient)
        level += (own_gradient - step @ cross) / own
        centre, slope, error = centre + step[0], slope + step[1], float(np.sqrt(max(inverse[1, 1], 0.0)))
        spread = float(np.clip((level[asked] ** 2 + 1.0 / own[asked]).mean(), LEAST_SPREAD, MOST_SPREAD))
        if np.abs(step).max() < CONVERGED:
            break
    return Response(centre + level, slope, error, centre, spread)


def _logistic(value: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(value, -LARGEST_LOGIT, LARGEST_LOGIT)))
    return result


@dataclass(frozen=True)
class _Moods:
    """One block's deviations from the person's own level, (T, n): as forecast, and as known from all weeks."""

    ahead: Floats
    known: Floats


def _moods(block: Block, value: Floats, mood: Mood, weeks: int) -> _Moods:
    precision = factorise(block.weight, block.steps, mood)
    left = residuals(block, value, weeks)
    weighed = weigh(precision, np.stack([np.ones_like(left), left], axis=1)).sum(0)
    left -= weighed[1] / weighed[0]
    effect = np.einsum("tkn,kn->tn", block.columns, value[weeks:][block.coefficient])
    return _Moods(forecast(precision, left) + effect, smooth(precision, left) + effect)


def correct_response(
    cells: PersonWeeks,
    sets: Sequence[Terms],
    size: Size,
    *,
    prompts: Prompts,
    variances: Variances,
    held: Variances | None = None,
) -> Corrected | None:
    """Return corrected cells after three rounds of fitting; None where too few prompts were answered, or were not.

    The variances of the corrected cells are those that are `held`, or are estimated anew.
    """
    asked = _asked(prompts, cells)
    if asked.sent.sum() - asked.answered.sum() < FEWEST_UNANSWERED or asked.answered.sum() < FEWEST_UNANSWERED:
        return None
    corrected, response = cells, Response(np.zeros(cells.people), 0.0, np.inf)
    for number in range(ROUNDS):
        made = blocks(corrected, sets)
        equations = accumulate(made, variances.mood, size)
        value = solve(equations, basis_of(equations)).value
        moods = [_moods(block, value, variances.mood, size.weeks) for block in made]
        response = _learn(made, moods, asked, cells.people)
        mean = cells.mean - _excess(cells, made, moods, response, variances.check_in)
        corrected = replace(cells, mean=mean)
        if number == ROUNDS - 1:
            variances = held or find_variances(corrected, sets, size, variances)
    return Corrected(corrected, variances, response)


@dataclass(frozen=True)
class _Answers:
    """Prompts by person and week, (N,) each: whose, how many sent and answered, and the mood expected there."""

    person: Integers
    sent: Floats
    answered: Floats
    mood: Floats


def _answers(made: Sequence[Block], moods: Sequence[_Moods], asked: _Asked) -> _Answers:
    person, sent, answered, mood = [], [], [], []
    for block, found in zip(made, moods, strict=True):
        rows = slice(block.low, block.low + block.weight.shape[0])
        number = asked.sent[block.people][:, rows].toarray().T
        week, place = np.nonzero(number)
        person.append(block.people[place])
        sent.append(number[week, place])
        answered.append(asked.answered[block.people][:, rows].toarray().T[week, place])
        mood.append(found.ahead[week, place])
    return _Answers(np.concatenate(person), np.concatenate(sent), np.concatenate(answered), np.concatenate(mood))


def _learn(made: Sequence[Block], moods: Sequence[_Moods], asked: _Asked, people: int) -> Response:
    found = _answers(made, moods, asked)
    return fit_response(found.person, found.sent, found.answered, found.mood, people)


def own_correction(
    cells: PersonWeeks, sets: Sequence[Terms], value: Floats, *, prompts: Prompts, answering: Answering
) -> tuple[PersonWeeks, Floats]:
    """Return corrected cells and persons' levels of answering, (people,), all that is shared being known.

    `value` are the weeks' levels and the coefficients of `sets`. Only prompts between a person's first and last week
    with a check-in count, so that it does not matter beside whom somebody is looked at.
    """
    asked, corrected = _asked(_within_own_weeks(prompts, cells), cells), cells
    level = np.full(cells.people, answering.centre)
    for _ in range(ROUNDS):
        made = blocks(corrected, sets)
        moods = [_moods(block, value, answering.mood, cells.weeks.size) for block in made]
        level = _own_levels(_answers(made, moods, asked), answering, cells.people)
        response = Response(level, answering.slope, 0.0)
        corrected = replace(cells, mean=cells.mean - _excess(cells, made, moods, response, answering.check_in))
    return corrected, level


def _within_own_weeks(prompts: Prompts, cells: PersonWeeks) -> Prompts:
    day = days_of(prompts.time)
    first, last = np.ones(cells.people, np.int64), np.zeros(cells.people, np.int64)
    known = np.flatnonzero(np.diff(cells.offset))
    first[known] = cells.weeks[cells.week[cells.offset[known]]]
    last[known] = cells.weeks[cells.week[cells.offset[known + 1] - 1]]
    held = (day // DAYS >= first[prompts.person]) & (day // DAYS <= last[prompts.person])
    return Prompts(prompts.person[held], day[held], np.asarray(prompts.answered)[held])


def _own_levels(found: _Answers, answering: Answering, people: int) -> Floats:
    """Return (people,) the levels that fit best, drawn toward the centre as they were when it was learnt."""
    level = np.zeros(people)
    for _ in range(NEWTON_STEPS):
        chance = _logistic(answering.centre + level[found.person] + answering.slope * found.mood)
        curve = np.bincount(found.person, found.sent * chance * (1.0 - chance), people) + 1.0 / answering.spread
        left = np.bincount(found.person, found.answered - found.sent * chance, people) - level / answering.spread
        level += left / curve
        if np.abs(left / curve).max(initial=0.0) < CONVERGED:
            break
    return answering.centre + level


def _excess(
    cells: PersonWeeks, made: Sequence[Block], moods: Sequence[_Moods], response: Response, check_in: float
) -> Floats:
    """Return (C,) by how much the mean of the answered exceeds the mean of all in each cell."""
    excess = np.zeros_like(cells.mean)
    for block, found in zip(made, moods, strict=True):
        source, place = cells_of(cells, block.people)
        mood = found.known[cells.week[source] - block.low, place]
        chance = _logistic(response.level[block.people[place]] + response.slope * mood)
        excess[source] = response.slope * (1.0 - chance) * check_in
    return excess
