"""Like things are drawn toward their mean as far as their uncertainty asks, and intervals count what is not known."""

import numpy as np
import pytest

from app.impact.pooling import Independent, pool, pool_independent
from app.impact.values import Floats

EIGHT = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
EIGHT_ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def by_drawing(estimate: Floats, covariance: Floats, unit: float) -> tuple[Floats, Floats]:
    """The same posterior by importance sampling of the mean and the spread, with dense matrices."""
    rng = np.random.default_rng(4)
    draws = 40_000
    uniform = rng.random(draws)
    spread = 0.5 * unit * np.sqrt(uniform / (1 - uniform))
    one, eye = np.ones(estimate.size), np.eye(estimate.size)
    inverse = np.linalg.inv(covariance[None] + spread[:, None, None] ** 2 * eye)
    precision = np.einsum("i,dij,j->d", one, inverse, one)
    mean = np.einsum("i,dij,j->d", one, inverse, estimate) / precision
    left = estimate - mean[:, None]
    weight = -0.5 * (np.einsum("di,dij,dj->d", left, inverse, left) - np.linalg.slogdet(inverse)[1] + np.log(precision))
    share = np.exp(weight - weight.max())
    share /= share.sum()
    mean = mean + rng.normal(0, 1, draws) / np.sqrt(precision)
    pulled = spread[:, None, None] ** 2 * inverse
    centre = mean[:, None] + np.einsum("dij,dj->di", pulled, estimate - mean[:, None])
    inside = np.einsum("dii->di", spread[:, None, None] ** 2 * (eye - pulled))
    change = share @ centre
    return change, np.sqrt(share @ (inside + (centre - change) ** 2))


def test_the_eight_schools_come_out_as_published() -> None:
    """Medians of Bayesian Data Analysis (Gelman and others), table 5.3, with a prior about as wide as what is found."""
    pooled = pool(EIGHT, np.diag(EIGHT_ERRORS**2), unit=20.0)
    assert pooled.change == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=1.6)
    assert (pooled.shrinkage > 0.5).all()
    assert (pooled.standard_error < EIGHT_ERRORS).all()


def test_correlated_estimates_agree_with_drawing_mean_and_spread_at_random() -> None:
    rng = np.random.default_rng(8)
    root = rng.normal(0, 0.15, (5, 5))
    covariance = root @ root.T + np.diag([0.02, 0.05, 0.1, 0.03, 0.2])
    estimate = np.array([0.1, 0.9, -0.4, 0.5, 1.6])
    pooled = pool(estimate, covariance, unit=1.5)
    change, error = by_drawing(estimate, covariance, 1.5)
    assert pooled.change == pytest.approx(change, abs=0.01)
    assert pooled.standard_error == pytest.approx(error, abs=0.01)


def test_independent_estimates_need_no_matrix() -> None:
    full = pool(EIGHT, np.diag(EIGHT_ERRORS**2), unit=40.0)
    diagonal = pool_independent([Independent(EIGHT, EIGHT_ERRORS**-2)], unit=40.0)[0]
    for one, other in ((full.change, diagonal.change), (full.standard_error, diagonal.standard_error)):
        assert other == pytest.approx(one, rel=1e-9)
    assert diagonal.shrinkage == pytest.approx(full.shrinkage, rel=1e-9)
    assert diagonal.spread == pytest.approx(full.spread)


def test_the_less_is_known_of_one_the_more_weight_the_whole_has() -> None:
    known = Independent(np.array([1.0, 1.0, 0.0, 0.2]), np.array([100.0, 4.0, 25.0, 0.0]))
    pooled = pool_independent([known], unit=1.0)[0]
    sure, unsure, _, unknown = pooled.shrinkage
    assert 0 < sure < unsure < unknown == pytest.approx(1)
    assert pooled.change[3] == pytest.approx(pooled.mean)
    assert pooled.standard_error[3] > pooled.standard_error[:3].max()


def test_the_error_of_the_whole_is_no_less_than_what_is_known_of_it() -> None:
    estimate, information = np.array([0.4, 0.5, 0.6]), np.array([50.0, 50.0, 50.0])
    usual = pool_independent([Independent(estimate, information)], unit=1.0)[0]
    wide = pool_independent([Independent(estimate, information, 0.5)], unit=1.0)[0]
    assert usual.mean_error < wide.mean_error
    assert (wide.standard_error > usual.standard_error).all()
    assert wide.change == pytest.approx(usual.change)


def test_sets_with_means_of_their_own_share_one_spread() -> None:
    rng = np.random.default_rng(5)
    own = [rng.normal(mean, 0.5, 400) for mean in (0.0, 5.0)]
    sets = [Independent(held + rng.normal(0, 1, 400), np.ones(400)) for held in own]
    first, second = pool_independent(sets, unit=1.0)
    assert first.spread == second.spread == pytest.approx(0.5, abs=0.12)
    assert (first.mean, second.mean) == pytest.approx((0.0, 5.0), abs=0.15)
    assert np.std(second.change - own[1]) == pytest.approx(np.sqrt(0.25 / 1.25), rel=0.1)
    assert float(second.standard_error.mean()) == pytest.approx(np.sqrt(0.25 / 1.25), rel=0.15)


def test_an_adjusted_likelihood_keeps_intervals_from_collapsing_where_the_spread_looks_like_none() -> None:
    sets = [Independent(np.linspace(-1, 1, 40), np.ones(40))]
    usual, adjusted = (pool_independent(sets, unit=1.5, adjusted=how)[0] for how in (False, True))
    assert usual.spread < adjusted.spread < 0.5
    assert (usual.standard_error < adjusted.standard_error).all()


def test_another_unit_gives_the_same_answer_in_its_own_points() -> None:
    covariance = np.diag([0.01, 0.04, 0.09])
    one = pool(np.array([0.2, 0.5, 1.0]), covariance, unit=1.5)
    other = pool(10 * np.array([0.2, 0.5, 1.0]), 100 * covariance, unit=15.0)
    assert other.change == pytest.approx(10 * one.change)
    assert other.shrinkage == pytest.approx(one.shrinkage)
