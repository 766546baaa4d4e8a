"""Weeks since referral as shared controls: used to test the model where waits differ, and to correct it where it fails.

Staff may act on what check-ins do not show. Where young people wait differently long between referral and first
session, the weeks since referral can be told from the weeks since the start, and the change can be estimated with both
in the model. That costs precision, so that the plainer model stands unless the two clearly differ (Hausman 1978). Both
rest on the wait being unrelated to how somebody would have fared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from app.impact.design import Terms
from app.impact.event_time import Means, fit_means
from app.impact.panel import Onsets, PersonWeeks
from app.impact.state_space import Mood
from app.impact.values import Floats

SINCE_REFERRAL = np.array([-15, -8, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10])
LEAST_DATED = 0.8
MOST_WIDENING = 4.0
FAILS_BELOW = 0.01


@dataclass(frozen=True)
class ReferralCheck:
    """The figures with weeks since referral in the model; `preferred` where the plainer model fails beside them."""

    means: Means
    preferred: bool


def dated(begun: Onsets, referred: Onsets, interventions: int) -> Floats:
    """Return (E,) whether each onset has a referral date that is not after it."""
    key = begun.person * interventions + begun.intervention
    known = referred.person * interventions + referred.intervention
    place = np.minimum(np.searchsorted(known, key), max(known.size - 1, 0))
    if known.size == 0:
        return np.zeros(key.size)
    found: Floats = ((known[place] == key) & (referred.week[place] <= begun.week)).astype(np.float64)
    return found


def check_referrals(
    cells: PersonWeeks, begun: Onsets, referred: Onsets, interventions: int, *, mood: Mood, plain: Means
) -> ReferralCheck | None:
    """Fit with weeks since referral; None where dates are too few or waits too alike to tell recovery from change."""
    if begun.person.size == 0 or dated(begun, referred, interventions).mean() < LEAST_DATED:
        return None
    terms = Terms(referred.person, referred.week, np.zeros(referred.person.size, np.int64), SINCE_REFERRAL, shared=True)
    means = fit_means(cells, begun, begun.intervention, interventions, mood, extra=[terms], spans=True)
    held = plain.fitted.can_tell
    if not held.any() or not means.fitted.can_tell[held].all():
        return None
    if (means.fitted.standard_error[held] > MOST_WIDENING * plain.fitted.standard_error[held]).any():
        return None
    return ReferralCheck(means, _plain_fails(plain, means))


def _plain_fails(plain: Means, means: Means) -> bool:
    """Test the mean difference over interventions, weighted by check-ins, against the variance that it costs."""
    share = plain.check_ins * plain.fitted.can_tell
    share = share / max(float(share.sum()), 1.0)
    difference = float(share @ (means.fitted.change - plain.fitted.change))
    variance = float(share @ (means.fitted.covariance - plain.fitted.covariance) @ share)
    if variance <= 0:
        return False
    return bool(2 * stats.norm.sf(abs(difference) / np.sqrt(variance)) < FAILS_BELOW)
