"""Simpler methods, to be shown beside the engine's figure and to be named for what they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.impact.design import cells_of
from app.impact.panel import Onsets, PersonWeeks
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers, Truths

FOUR_WEEKS = 4


@dataclass(frozen=True)
class BaselineFit:
    """Coefficients (k,) and their covariance (k, k), clustered."""

    change: Floats
    covariance: Floats

    @property
    def standard_error(self) -> Floats:
        """The square roots of the covariance's diagonal, (k,)."""
        root: Floats = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        return root


@dataclass(frozen=True)
class TwoWay:
    """Units and periods, solved by a Schur complement over the periods; rows of weight 0 take no part."""

    unit: Integers
    period: Integers
    weight: Floats
    table: sparse.csr_array
    by_unit: Floats
    inverse: Floats

    @classmethod
    def of(cls, unit: Integers, period: Integers, weight: Floats) -> TwoWay:
        """Factorise for `unit` (N,), `period` (N,) from 0 and `weight` (N,)."""
        shape = (int(unit.max()) + 1, int(period.max()) + 1)
        table = sparse.csr_array((weight, (unit, period)), shape)
        by_unit = sum_by(unit, weight, shape[0])
        share = sparse.diags_array(_inverse(by_unit)) @ table
        by_period = sum_by(period, weight, shape[1])
        left = np.diag(by_period) - (table.T @ share).toarray()
        return cls(unit, period, weight, table, by_unit, np.linalg.pinv(left, rcond=1e-10, hermitian=True))

    def levels(self, unit_sum: Floats, period_sum: Floats) -> tuple[Floats, Floats]:
        """Solve the normal equations for sums by unit (U,) or (U, k) and by period (P,) or (P, k)."""
        inverse = sparse.diags_array(_inverse(self.by_unit))
        period = self.inverse @ (period_sum - self.table.T @ (inverse @ unit_sum))
        return inverse @ (unit_sum - self.table @ period), period

    def fitted(self, values: Floats) -> Floats:
        """Return the two levels' fit to `values` (N,) on every row, those of weight 0 included."""
        weighted = self.weight * values
        unit, period = self.levels(
            sum_by(self.unit, weighted, self.by_unit.size),
            sum_by(self.period, weighted, self.inverse.shape[0]),
        )
        fit: Floats = unit[self.unit] + period[self.period]
        return fit


def _inverse(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _cluster_sums(scores: Floats, cluster: Integers) -> Floats:
    """Sum (N, k) scores by cluster."""
    groups, place = np.unique(cluster, return_inverse=True)
    return np.stack([sum_by(place, column, groups.size) for column in scores.T], axis=1)


def _gram(columns: Floats, weight: Floats) -> Floats:
    """Return (k, k) weighted cross products of (N, k) columns."""
    gram: Floats = columns.T @ (columns * weight[:, None])
    return gram


def _by_column(values: Floats) -> Floats:
    """Lay (N, k) out column by column: every pass over rows takes one column at a time."""
    return np.array(values, dtype=np.float64, order="F")


def two_way_fixed_effects(
    unit: Integers, period: Integers, outcome: Floats, treatment: Floats, *, cluster: Integers, weight: Floats
) -> BaselineFit:
    """Regress `outcome` (N,) on `treatment` (N, k) with unit and period levels, clustered (CR0).

    There is no factor for few clusters.
    """
    levels = TwoWay.of(unit, period, weight)
    centred = _by_column(treatment)
    for place, column in enumerate(centred.T):
        centred[:, place] = column - levels.fitted(column)
    bread = np.linalg.pinv(_gram(centred, weight), hermitian=True)
    change = bread @ (centred.T @ (weight * outcome))
    left = outcome - levels.fitted(outcome) - centred @ change
    sums = _cluster_sums(centred * (weight * left)[:, None], cluster)
    return BaselineFit(change, bread @ (sums.T @ sums) @ bread)


def imputation(
    unit: Integers,
    period: Integers,
    outcome: Floats,
    treatment: Floats | sparse.csr_array,
    *,
    untreated: Truths,
    cluster: Integers,
    weight: Floats,
) -> BaselineFit:
    """Impute what would have been from `untreated` (N,) rows, then regress the rest on `treatment` (N, k).

    Two-stage difference in differences (Gardner 2022; Borusyak, Jaravel and Spiess 2024): the covariance counts the
    first stage's uncertainty. Rows of units without an untreated row are left out.
    """
    known = sum_by(unit, weight * untreated, int(unit.max(initial=0)) + 1)[unit] > 0
    seen = sum_by(period, weight * untreated, int(period.max(initial=0)) + 1)[period] > 0
    second = weight * (known & seen)
    levels = TwoWay.of(unit, period, weight * untreated)
    left = outcome - levels.fitted(outcome)
    columns = sparse.csr_array(treatment)
    weighted = sparse.diags_array(second) @ columns
    bread = np.linalg.pinv((columns.T @ weighted).toarray(), hermitian=True)
    change = bread @ (weighted.T @ left)
    groups, place = np.unique(cluster, return_inverse=True)
    sums = _by(place, groups.size, left - columns @ change) @ weighted
    of_unit, of_period = levels.levels(
        (_by(unit, levels.by_unit.size) @ weighted).toarray(),
        (_by(period, levels.inverse.shape[0]) @ weighted).toarray(),
    )
    first = sparse.diags_array(levels.weight * left)
    by_cluster = _by(place, groups.size) @ first
    sums = sums.toarray() - by_cluster @ _by(unit, levels.by_unit.size).T @ of_unit
    sums -= by_cluster @ _by(period, levels.inverse.shape[0]).T @ of_period
    return BaselineFit(change, bread @ (sums.T @ sums) @ bread)


def _by(index: Integers, size: int, values: Floats | None = None) -> sparse.csr_array:
    """Return the (size, N) matrix that sums rows by `index` (N,), each times its value."""
    held = np.ones(index.size) if values is None else values
    return sparse.csr_array((held, (index, np.arange(index.size))), (size, index.size))


@dataclass(frozen=True)
class BeforeAfter:
    """The naive comparison of each intervention: `change` and `standard_error` (J,), NaN where nobody has both sides.

    `before` and `after` (E,) count each onset's weeks with a check-in on either side; `check_ins_after` (E,) the
    check-ins from the onset's week on.
    """

    change: Floats
    standard_error: Floats
    before: Integers
    after: Integers
    check_ins_after: Integers


def before_and_after(cells: PersonWeeks, begun: Onsets, interventions: int) -> BeforeAfter:
    """Average over people of their mean score after minus their mean score before; this counts recovery as effect."""
    source, onset = cells_of(cells, begun.person)
    later = cells.weeks[cells.week[source]] >= begun.week[onset]
    size, count, total = begun.person.size, cells.count[source], cells.count[source] * cells.mean[source]
    n_after, n_before = sum_by(onset, count * later, size), sum_by(onset, count * ~later, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = sum_by(onset, total * later, size) / n_after
        difference -= sum_by(onset, total * ~later, size) / n_before
        both = np.isfinite(difference)
        kind, held = begun.intervention[both], difference[both]
        people = np.bincount(kind, minlength=interventions)
        change = sum_by(kind, held, interventions) / people
        square = sum_by(kind, (held - change[kind]) ** 2, interventions)
        error = np.sqrt(square / (people - 1) / people)
    return BeforeAfter(
        change,
        error,
        np.bincount(onset, ~later, size).astype(np.int64),
        np.bincount(onset, later, size).astype(np.int64),
        n_after.astype(np.int64),
    )


def steps(cells: PersonWeeks, begun: Onsets, interventions: int) -> sparse.csr_array:
    """Return (C, J) columns that are 1 from the week of each onset on, sparse."""
    source, onset = cells_of(cells, begun.person)
    later = cells.weeks[cells.week[source]] >= begun.week[onset]
    place = (source[later], begun.intervention[onset[later]])
    return sparse.csr_array((np.ones(place[0].size), place), (cells.person.size, interventions))


def before_everything(cells: PersonWeeks, begun: Onsets, lead: int = 0) -> Truths:
    """Return (C,) whether a cell lies more than `lead` weeks before all that its person began."""
    first = np.full(cells.people, np.iinfo(np.int64).max)
    np.minimum.at(first, begun.person, begun.week)
    result: Truths = cells.weeks[cells.week] < first[cells.person] - lead
    return result
