"""Groupings that are fitted together say what each would say alone, and quick solving says what slow solving does."""

import numpy as np
import pytest

from app.impact.design import blocks
from app.impact.event_time import AFTER, MOST_COEFFICIENTS, event_terms, fit_means
from app.impact.fits import Fits, fit_panel
from app.impact.labellings import Labelling, fit_means_of_each
from app.impact.least_squares import Size, accumulate, basis_of, solve
from app.impact.settling import settle
from bench.panels import World, make_panel


@pytest.fixture(scope="module")
def fits() -> Fits:
    made = make_panel(3, World(people=120, weeks=30, effects=(0.0, 0.5, 0.9)))
    return fit_panel(made.panel, 10, use_referrals=True, use_prompts=False)


@pytest.mark.parametrize("with_referrals", [True, False])
def test_labellings_fitted_together_agree_with_each_fitted_alone(fits: Fits, *, with_referrals: bool) -> None:
    rng = np.random.default_rng(1)
    extra = fits.referral.terms if fits.referral and with_referrals else None
    many = MOST_COEFFICIENTS // AFTER.size + 1
    labellings = [Labelling(rng.integers(0, labels, fits.begun.person.size), labels) for labels in (3, many, 8, many)]
    together = fit_means_of_each(fits.cells, fits.begun, labellings, fits.variances.mood, extra=extra)
    for one, found in zip(labellings, together, strict=True):
        alone = fit_means(fits.cells, fits.begun, one.label, one.labels, fits.variances.mood, extra=extra)
        assert found.fitted.can_tell.tolist() == alone.fitted.can_tell.tolist()
        told = alone.fitted.can_tell
        assert found.fitted.change[told] == pytest.approx(alone.fitted.change[told], abs=1e-9)
        assert found.fitted.covariance[told][:, told] == pytest.approx(alone.fitted.covariance[told][:, told], abs=1e-9)
        assert found.check_ins == pytest.approx(alone.check_ins)


@pytest.mark.parametrize("labels", [3, 7])
def test_what_cannot_be_told_is_the_same_with_and_without_eigenvectors(fits: Fits, labels: int) -> None:
    """Labels from 3 on have nobody, so that nothing at all is known of them."""
    size = Size(fits.cells.weeks.size, labels * AFTER.size)
    made = blocks(fits.cells, [event_terms(fits.begun, fits.begun.intervention, AFTER)])
    equations = accumulate(made, fits.variances.mood, size)
    basis, (blind, fit) = basis_of(equations), settle(equations)
    slow = solve(equations, basis)
    assert fit.value == pytest.approx(slow.value, abs=1e-9)
    assert fit.inverse == pytest.approx(slow.inverse, abs=1e-9)
    assert blind.blind.shape[1] == basis.blind.shape[1] < size.weeks + size.coefficients
    contrasts = np.eye(size.weeks + size.coefficients)
    assert blind.can_tell(contrasts).tolist() == basis.can_tell(contrasts).tolist()
