"""Generalised least squares with a level for every person and every calendar week, in blocks of people.

The person levels are projected out exactly, person by person; the normal equations of the weeks and of the other
coefficients are then small and shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from app.impact.design import Block
from app.impact.state_space import Mood, Precision, factorise, total_precision, weigh
from app.impact.values import Floats, Integers, Truths

RANK_TOLERANCE = 1e-9
NOTHING = 1e-11
SPOILT = (1e-12, 1e-9, 1e-6, 1e-3)
ESTIMABLE_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Size:
    """How many calendar weeks and how many other coefficients there are; the weeks come first."""

    weeks: int
    coefficients: int


@dataclass(frozen=True)
class NormalEquations:
    """`matrix` (q, q) and `right` (q,) with q = weeks + coefficients; `square` is the total's own square.

    `total` is the number of check-ins, against which information is judged to be none; `log_determinant` sums log|V W|
    and the log of every person level's information; `steps` counts what else was taken out of each person; `own` holds
    each block's (n, K, K) share of the matrix among the people's own columns; the first `weeks` coefficients are weeks.
    """

    matrix: Floats
    right: Floats
    square: float
    log_determinant: float
    people: int
    total: float
    own: tuple[Floats, ...]
    weeks: int
    steps: int = 0


@dataclass(frozen=True)
class Blind:
    """Directions that the data say nothing of, `blind` (q, b), once coefficients are divided by `scale` (q,)."""

    blind: Floats
    scale: Floats

    def can_tell(self, contrast: Floats) -> Truths:
        """Tell for each row of `contrast` (c, q) whether the data determine it."""
        scaled = contrast * self.scale
        length = np.linalg.norm(scaled, axis=1)
        lost = np.linalg.norm(scaled @ self.blind, axis=1)
        result: Truths = (length > 0) & (lost <= ESTIMABLE_TOLERANCE * length)
        return result


@dataclass(frozen=True)
class Basis(Blind):
    """Directions that the data can tell apart: `directions` (q, r), and the rest."""

    directions: Floats


@dataclass(frozen=True)
class Fit:
    """Coefficients `value` (q,) and the inverse of the normal matrix on what can be told, `inverse` (q, q)."""

    value: Floats
    inverse: Floats


def project(precision: Precision, columns: Floats, pull: float) -> Floats:
    """Return V^-1 with the person level taken out, times `columns` (T, K, n)."""
    return _without_level(weigh(precision, np.concatenate([np.ones_like(columns[:, :1]), columns], axis=1)), pull)[0]


def _without_level(weighed: Floats, pull: float) -> tuple[Floats, Floats, Floats]:
    level = weighed[:, 0]
    information = level.sum(0) + pull
    rest = weighed[:, 1:]
    rest -= level[:, None, :] * (rest.sum(0) / information)
    return rest, level, information


@dataclass(frozen=True)
class _Left:
    """What taking people's own levels (and steps) out leaves: V^-1 times the columns, and what it cost.

    `taken` (T, T) is the part of the summed V^-1 that is gone, `log_information` that of what was taken out, `number`
    how much that was.
    """

    rest: Floats
    taken: Floats
    log_information: float
    number: int


def _take_out(precision: Precision, stacked: Floats, mood: Mood, steps: Floats | None) -> _Left:
    """Take the level, and `steps` (T, K, n) of each person's own where given, out of the columns that follow the first.

    The first of `stacked` (T, 1 + M, n) is one throughout: the level.
    """
    if steps is None:
        rest, level, information = _without_level(weigh(precision, stacked), mood.pull)
        return _Left(rest, (level / information) @ level.T, float(np.log(information).sum()), level.shape[1])
    columns = stacked[:, 1:]
    own = np.concatenate([stacked[:, :1], steps], axis=1)
    weighed = weigh(precision, np.concatenate([own, columns], axis=1))
    mine, rest = weighed[:, : own.shape[1]], weighed[:, own.shape[1] :]
    values, vectors = np.linalg.eigh(np.einsum("tkn,tln->nkl", own, mine))
    told = values > RANK_TOLERANCE * values.max(1, keepdims=True)
    root = np.divide(1.0, np.sqrt(values, where=told, out=np.ones_like(values)), where=told, out=np.zeros_like(values))
    half = np.einsum("tkn,nkl->tln", mine, vectors * root[:, None, :])
    rest -= np.einsum("tln,nlm->tmn", half, np.einsum("tln,tmn->nlm", half, columns))
    flat = half.reshape(half.shape[0], -1)
    return _Left(rest, flat @ flat.T, float(np.log(values[told]).sum()), int(told.sum()))


def accumulate(blocks: Sequence[Block], mood: Mood, size: Size, spans: int = 0) -> NormalEquations:
    """Sum the normal equations over blocks; cost is people x weeks x own columns.

    With `spans`, every so many of a person's columns are also summed to a step, which is free for each person.
    """
    return accumulate_each(blocks, mood, [(size, [block.coefficient for block in blocks])], spans)[0]


def accumulate_each(
    blocks: Sequence[Block], mood: Mood, labellings: Sequence[tuple[Size, Sequence[Integers]]], spans: int = 0
) -> list[NormalEquations]:
    """Sum the normal equations of several labellings of the same columns; what is done for each person is done once.

    A labelling says how many coefficients it has, and for each block which of them every column belongs to, (K, n).
    """
    weeks = labellings[0][0].weeks
    made = [_Sums.empty(size) for size, _ in labellings]
    among, along = np.zeros((weeks, weeks)), np.zeros(weeks)
    square, log_determinant, people, check_ins, taken, own = 0.0, 0.0, 0, 0.0, 0, []
    for place, block in enumerate(blocks):
        rows = slice(block.low, block.low + block.weight.shape[0])
        precision = factorise(block.weight, block.steps, mood)
        columns = block.columns.astype(np.float64)
        steps = columns.reshape(columns.shape[0], -1, spans, columns.shape[2]).sum(2) if spans else None
        stacked = np.concatenate([np.ones_like(block.mean)[:, None], block.mean[:, None], columns], axis=1)
        left = _take_out(precision, stacked, mood, steps)
        outcome, projected = left.rest[:, 0], left.rest[:, 1:]
        among[rows, rows] += total_precision(precision) - left.taken
        along[rows] += outcome.sum(1)
        square += float(np.einsum("tn,tn->", block.mean, outcome))
        log_determinant += precision.log_determinant + left.log_information
        taken += left.number - block.people.size
        people += block.people.size
        check_ins += float(block.weight.sum())
        gram = _own_gram(columns, projected)
        own.append(gram)
        if gram.shape[1]:
            outer = np.einsum("tkn,tn->kn", columns, outcome)
            flat = projected.reshape(projected.shape[0], -1)
            for sums, (_, owners) in zip(made, labellings, strict=True):
                sums.scatter(rows, owners[place], projected=flat, gram=gram, outcome=outer)
    return [
        NormalEquations(*sums.whole(among, along), square, log_determinant, people, check_ins, tuple(own), weeks, taken)
        for sums in made
    ]


@dataclass
class _Sums:
    """The normal equations of one labelling while they are summed: all but what is among the weeks."""

    weeks: int
    matrix: Floats
    right: Floats

    @classmethod
    def empty(cls, size: Size) -> _Sums:
        total = size.weeks + size.coefficients
        return cls(size.weeks, np.zeros((total, total)), np.zeros(total))

    def scatter(self, rows: slice, owner: Integers, *, projected: Floats, gram: Floats, outcome: Floats) -> None:
        """Add one block's own columns, `projected` (T, K n), to the coefficients `owner` (K, n) that they belong to."""
        weeks, count = self.weeks, self.right.size - self.weeks
        member = sparse.csr_array((np.ones(owner.size), (owner.ravel(), np.arange(owner.size))), (count, owner.size))
        self.matrix[rows, weeks:] += (member @ projected.T).T
        self.right[weeks:] += np.bincount(owner.ravel(), outcome.ravel(), count)
        pair = owner.T[:, :, None] * count + owner.T[:, None, :]
        self.matrix[weeks:, weeks:] += np.bincount(pair.ravel(), gram.ravel(), count * count).reshape(count, count)

    def whole(self, among: Floats, along: Floats) -> tuple[Floats, Floats]:
        """Return matrix and right hand side with the weeks' own part."""
        weeks = self.weeks
        self.matrix[:weeks, :weeks], self.right[:weeks] = among, along
        self.matrix[weeks:, :weeks] = self.matrix[:weeks, weeks:].T
        return self.matrix, self.right


def _own_gram(columns: Floats, projected: Floats) -> Floats:
    left = np.ascontiguousarray(columns.transpose(2, 1, 0))
    gram: Floats = left @ np.ascontiguousarray(projected.transpose(2, 0, 1))
    return gram


def scale_of(equations: NormalEquations) -> Floats:
    """Return what coefficients are multiplied by so that the diagonal is one; 0 where there is no information."""
    diagonal = np.diag(equations.matrix)
    floor = max(RANK_TOLERANCE * float(diagonal.max(initial=0.0)), NOTHING * equations.total)
    live = diagonal > floor
    scale = np.zeros_like(diagonal)
    scale[live] = 1.0 / np.sqrt(diagonal[live])
    return scale


def basis_of(equations: NormalEquations) -> Basis:
    """Find the directions of a normal matrix that carry information."""
    scale = scale_of(equations)
    values, vectors = np.linalg.eigh(equations.matrix * scale[:, None] * scale[None, :])
    kept = values > RANK_TOLERANCE * max(float(values.max(initial=0.0)), 1.0)
    return Basis(vectors[:, ~kept], np.where(scale > 0, scale, 1.0), scale[:, None] * vectors[:, kept])


def _factor(matrix: Floats) -> Floats:
    """Return the lower Cholesky factor, with just enough added to the diagonal where rounding has spoilt it."""
    largest = float(np.abs(np.diag(matrix)).max())
    for added in (0.0, *SPOILT):
        try:
            return np.linalg.cholesky(matrix + added * largest * np.eye(matrix.shape[0])).astype(np.float64)
        except np.linalg.LinAlgError:
            continue
    raise np.linalg.LinAlgError("The normal equations cannot be solved.")


def profile(equations: NormalEquations, basis: Basis) -> tuple[float, float]:
    """Return the residual sum of squares in units of V, and the log determinant of the normal matrix."""
    directions = basis.directions
    if directions.shape[1] == 0:
        return equations.square, 0.0
    factor = _factor(directions.T @ equations.matrix @ directions)
    moved = linalg.solve_triangular(factor, directions.T @ equations.right, lower=True, check_finite=False)
    return max(equations.square - float(moved @ moved), 0.0), 2.0 * float(np.log(np.diag(factor)).sum())


def solve(equations: NormalEquations, basis: Basis) -> Fit:
    """Solve the normal equations on the directions of `basis`."""
    directions = basis.directions
    if directions.shape[1] == 0:
        zero = np.zeros_like(equations.matrix)
        return Fit(np.zeros(zero.shape[0]), zero)
    factor = _factor(directions.T @ equations.matrix @ directions)
    inverse = directions @ linalg.cho_solve((factor, True), directions.T)
    return Fit(inverse @ equations.right, inverse)


def residuals(block: Block, value: Floats, weeks: int) -> Floats:
    """Return what weeks and coefficients leave of a block's means, (T, n); the person level is still in."""
    rows = slice(block.low, block.low + block.weight.shape[0])
    left = block.mean - value[rows][:, None]
    if block.columns.shape[1]:
        left -= np.einsum("tkn,kn->tn", block.columns, value[weeks:][block.coefficient])
    return left


def person_levels(blocks: Sequence[Block], mood: Mood, value: Floats, weeks: int) -> tuple[Floats, Floats]:
    """Return every person's estimated level and its information, both (n,), with the levels left free."""
    level, information = [], []
    for block in blocks:
        left = residuals(block, value, weeks)
        precision = factorise(block.weight, block.steps, mood)
        weighed = weigh(precision, np.stack([np.ones_like(left), left], axis=1)).sum(0)
        level.append(weighed[1] / weighed[0])
        information.append(weighed[0])
    return np.concatenate(level), np.concatenate(information)
