"""One joint test says whether groups differ, and holds its level with few people."""

import numpy as np
import pytest
from scipy import stats

from app.impact.difference import difference_p


def test_two_groups_are_welch_s_test() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(0, 1, 12), rng.normal(0.8, 3, 30)
    squares = np.diag([one.var(ddof=1) / 12, other.var(ddof=1) / 30])
    found = difference_p(np.array([one.mean(), other.mean()]), squares, np.array([12.0, 30.0]))
    assert found == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue, rel=1e-9)


def test_with_many_people_it_is_wald_s_chi_square_and_knows_what_the_groups_share() -> None:
    estimate = np.array([0.1, 0.3, 0.6])
    covariance = np.array([[0.02, 0.01, 0.01], [0.01, 0.03, 0.01], [0.01, 0.01, 0.04]])
    apart = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    statistic = apart @ estimate @ np.linalg.solve(apart @ covariance @ apart.T, apart @ estimate)
    found = difference_p(estimate, covariance, np.full(3, 1e7))
    assert found == pytest.approx(float(stats.chi2.sf(statistic, 2)), rel=1e-4)


def test_four_small_groups_of_unlike_spread_are_called_different_one_time_in_twenty() -> None:
    rng = np.random.default_rng(7)
    people, spread = np.array([10, 12, 25, 60]), np.array([2.0, 1.0, 1.5, 1.0])
    called = 0
    for _ in range(1000):
        samples = [rng.normal(0, s, n) for n, s in zip(people, spread, strict=True)]
        mean = np.array([sample.mean() for sample in samples])
        squares = np.diag([sample.var(ddof=1) / sample.size for sample in samples])
        chance = difference_p(mean, squares, people.astype(np.float64))
        assert chance is not None
        called += chance <= 0.05
    assert called / 1000 == pytest.approx(0.05, abs=0.02)


def test_there_is_nothing_to_test_in_one_group_or_with_one_person_or_without_a_covariance() -> None:
    assert difference_p(np.array([1.0]), np.eye(1), np.array([20.0])) is None
    assert difference_p(np.array([1.0, 2.0]), np.eye(2), np.array([1.0, 20.0])) is None
    assert difference_p(np.array([1.0, 2.0]), np.ones((2, 2)), np.array([20.0, 20.0])) is None
