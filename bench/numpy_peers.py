"""Two methods written as briefly as numpy allows, to measure the engine's speed against: both take arrays and no app.

`person` and `week` (N,) index check-ins of `score` (N,); `start` and `kind` (people, slots) say in which week each of a
person's interventions began and which one it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CHUNK = 250


def _tables(person: Integers, week: Integers, score: Floats, people: int, weeks: int) -> tuple[Floats, Floats]:
    """Return (people, weeks) numbers of check-ins and sums of scores."""
    key, shape = person * weeks + week, (people, weeks)
    count = np.bincount(key, minlength=people * weeks).reshape(shape).astype(np.float64)
    return count, np.bincount(key, score, people * weeks).reshape(shape).astype(np.float64)


def two_way(
    person: Integers, week: Integers, score: Floats, *, start: Integers, kind: Integers, kinds: int, weeks: int
) -> tuple[Floats, Floats]:
    """Two-way fixed effects, exactly: suffix sums for the steps, people eliminated; clustered errors (CR0).

    Returns change and standard error (kinds,).
    """
    people, slots = start.shape
    count, total = _tables(person, week, score, people, weeks)
    row = np.arange(people)
    own = np.maximum(count.sum(1), 1.0)
    after = np.cumsum(count[:, ::-1], axis=1)[:, ::-1]
    in_step = np.stack([after[row, start[:, slot]] for slot in range(slots)], axis=1)
    size = weeks + kinds
    mass = np.concatenate([count, np.zeros((people, kinds))], axis=1)
    for slot in range(slots):
        mass[row, weeks + kind[:, slot]] += in_step[:, slot]
    gram = -(mass / own[:, None]).T @ mass
    gram[:weeks, :weeks] += np.diag(count.sum(0))
    right = -(mass / own[:, None]).T @ total.sum(1)
    right[:weeks] += total.sum(0)
    later = np.cumsum(total[:, ::-1], axis=1)[:, ::-1]
    for slot in range(slots):
        place = weeks + kind[:, slot]
        right += np.bincount(place, later[row, start[:, slot]], size)
        inside = count * (np.arange(weeks) >= start[:, slot, None])
        for number in np.unique(kind[:, slot]):
            by_week = inside[kind[:, slot] == number].sum(0)
            gram[weeks + number, :weeks] += by_week
            gram[:weeks, weeks + number] += by_week
        for other in range(slots):
            both = after[row, np.maximum(start[:, slot], start[:, other])]
            np.add.at(gram, (place, weeks + kind[:, other]), both)
    bread = np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    value = bread @ right
    fitted = value[None, :weeks] * np.ones((people, 1))
    for slot in range(slots):
        fitted += value[weeks + kind[:, slot], None] * (np.arange(weeks) >= start[:, slot, None])
    left = total - count * fitted
    left -= count * (left.sum(1) / own)[:, None]
    score_of = np.concatenate([left, np.zeros((people, kinds))], axis=1)
    later = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
    for slot in range(slots):
        score_of[row, weeks + kind[:, slot]] += later[row, start[:, slot]]
    influence = score_of @ bread[:, weeks:]
    return value[weeks:], np.sqrt((influence**2).sum(0))


def kalman(
    person: Integers, week: Integers, score: Floats, *, start: Integers, kind: Integers, kinds: int, weeks: int,
    mood: float, check_in: float, rho: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Person intercepts and AR(1) by generalised least squares through a Kalman filter, the variances given.

    The filter runs over the outcome, the level, the weeks and the steps at once; levels are then eliminated. Errors are
    the model's own, neither clustered nor corrected. Returns change and standard error (kinds,).
    """
    people = start.shape[0]
    count, total = _tables(person, week, score, people, weeks)
    size = weeks + kinds
    gram, right = np.zeros((size, size)), np.zeros(size)
    for low in range(0, people, CHUNK):
        rows = slice(low, min(low + CHUNK, people))
        here = count[rows]
        columns = np.zeros((here.shape[0], 2 + size))
        state, spread = np.zeros_like(columns), np.full(here.shape[0], mood)
        standard = np.empty((weeks, *columns.shape))
        for t in range(weeks):
            held = here[:, t] > 0
            columns[:] = 0.0
            columns[:, 0] = total[rows, t] / np.maximum(here[:, t], 1)
            columns[:, 1] = columns[:, 2 + t] = 1.0
            for slot in range(start.shape[1]):
                columns[np.arange(here.shape[0]), 2 + weeks + kind[rows, slot]] += t >= start[rows, slot]
            variance = spread + check_in / np.maximum(here[:, t], 1)
            columns -= state
            columns *= held[:, None]
            np.divide(columns, np.sqrt(variance)[:, None], out=standard[t])
            gain = held * spread / variance
            columns *= gain[:, None]
            state += columns
            state *= rho
            spread = rho**2 * spread * (1 - gain) + (1 - rho**2) * mood
        flat = standard.reshape(-1, 2 + size)
        level = np.einsum("tn,tnk->nk", standard[:, :, 1], standard)
        level /= np.sqrt(np.maximum(level[:, 1], 1e-12))[:, None]
        whole = flat.T @ flat - level.T @ level
        gram += whole[2:, 2:]
        right += whole[2:, 0]
    bread = np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    return (bread @ right)[weeks:], np.sqrt(np.diag(bread)[weeks:])
