"""The state space does the same arithmetic as dense matrices, person by person."""

import numpy as np
import pytest

from app.impact.state_space import Mood, factorise, forecast, smooth, total_precision, weigh
from app.impact.values import Floats

WEEKS = np.array([0, 1, 2, 5, 6, 9, 10])
MOODS = [Mood(0.6, 0.5), Mood(3.0, 0.9), Mood(0.05, 0.0)]


def weights() -> Floats:
    rng = np.random.default_rng(4)
    weight = rng.integers(0, 4, (WEEKS.size, 5)).astype(float)
    weight[0] = 1.0
    return weight


def dense(mood: Mood, weight: Floats) -> tuple[np.ndarray, Floats, Floats]:
    """One person's observed weeks, covariance of their means, and covariance of moods in all weeks."""
    held = np.flatnonzero(weight)
    moods = mood.ratio * mood.rho ** np.abs(WEEKS[:, None] - WEEKS[None, :]).astype(float)
    return held, moods[np.ix_(held, held)] + np.diag(1 / weight[held]), moods


@pytest.mark.parametrize("mood", MOODS)
def test_weighing_is_the_inverse_covariance(mood: Mood) -> None:
    weight = weights()
    columns = np.random.default_rng(5).normal(size=(WEEKS.size, 3, weight.shape[1]))
    found = weigh(factorise(weight, np.diff(WEEKS).astype(float), mood), columns)
    for person in range(weight.shape[1]):
        held, covariance, _ = dense(mood, weight[:, person])
        expected = np.linalg.solve(covariance, columns[held, :, person])
        assert found[held, :, person] == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert not found[weight[:, person] == 0, :, person].any()


@pytest.mark.parametrize("mood", MOODS)
def test_the_determinant_and_the_summed_precision_agree_with_dense_ones(mood: Mood) -> None:
    weight = weights()
    precision = factorise(weight, np.diff(WEEKS).astype(float), mood)
    total, determinant = np.zeros((WEEKS.size, WEEKS.size)), 0.0
    for person in range(weight.shape[1]):
        held, covariance, _ = dense(mood, weight[:, person])
        total[np.ix_(held, held)] += np.linalg.inv(covariance)
        determinant += np.linalg.slogdet(covariance)[1] + np.log(weight[held, person]).sum()
    assert total_precision(precision) == pytest.approx(total, rel=1e-9, abs=1e-11)
    assert precision.log_determinant == pytest.approx(determinant, rel=1e-10)


@pytest.mark.parametrize("mood", MOODS)
def test_forecasts_use_earlier_weeks_only_and_smoothing_uses_all(mood: Mood) -> None:
    weight = weights()
    precision = factorise(weight, np.diff(WEEKS).astype(float), mood)
    deviation = np.random.default_rng(6).normal(size=weight.shape)
    ahead, known = forecast(precision, deviation), smooth(precision, deviation)
    for person in range(weight.shape[1]):
        held, covariance, moods = dense(mood, weight[:, person])
        expected = moods[:, held] @ np.linalg.solve(covariance, deviation[held, person])
        assert known[:, person] == pytest.approx(expected, rel=1e-8, abs=1e-10)
        for week in range(1, WEEKS.size):
            past = held[held < week]
            among = np.flatnonzero(held < week)
            use = np.linalg.solve(covariance[np.ix_(among, among)], deviation[past, person])
            assert ahead[week, person] == pytest.approx(moods[week, past] @ use, rel=1e-8, abs=1e-10)
