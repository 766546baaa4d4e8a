"""Weeks since referral as controls that every intervention shares, pulled toward zero.

Staff may act on what check-ins do not show. The weeks since referral then carry a recovery of their own, and where
young people wait differently long they can be told from the weeks since the start. Left free they cost half the
precision, and where nobody waits they say the same as the start itself; so each is drawn toward zero as if from a
distribution with a small part of mood's own spread, which lets the data speak where waits differ and changes next to
nothing where they do not. All of it rests on the wait being unrelated to how somebody would have fared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.impact.design import Terms
from app.impact.event_time import Means, Shrunk, fit_means
from app.impact.panel import Onsets, PersonWeeks
from app.impact.state_space import Mood
from app.impact.values import Integers, Truths

SINCE_REFERRAL = np.array([-15, -8, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10])
SHARE_OF_MOOD = 0.04
LEAST_DATED = 0.8
LEAST_WAITED = 0.3


@dataclass(frozen=True)
class WithReferrals:
    """Weeks since referral in the model, `terms`; `waits_differ` where these can tell recovery from change."""

    cells: PersonWeeks
    begun: Onsets
    interventions: int
    mood: Mood
    terms: Shrunk
    waits_differ: bool

    @cached_property
    def means(self) -> Means:
        """The figures, fitted when first asked for."""
        label = self.begun.intervention
        return fit_means(self.cells, self.begun, label, self.interventions, self.mood, extra=self.terms, spans=True)


def waits(begun: Onsets, referred: Onsets, interventions: int) -> Integers:
    """Return (E,) the weeks between referral and first session, -1 where no date is known or it is later."""
    key = begun.person * interventions + begun.intervention
    known = referred.person * interventions + referred.intervention
    if known.size == 0:
        return np.full(key.size, -1)
    place = np.minimum(np.searchsorted(known, key), known.size - 1)
    waited = begun.week - referred.week[place]
    found: Truths = (known[place] == key) & (waited >= 0)
    return np.where(found, waited, -1)


def with_referrals(
    cells: PersonWeeks, begun: Onsets, referred: Onsets, interventions: int, *, mood: Mood
) -> WithReferrals | None:
    """Return the model with weeks since referral; None where too few first sessions have a referral date."""
    waited = waits(begun, referred, interventions)
    if waited.size == 0 or (waited >= 0).mean() < LEAST_DATED:
        return None
    terms = Terms(referred.person, referred.week, np.zeros(referred.person.size, np.int64), SINCE_REFERRAL, shared=True)
    extra = Shrunk(terms, 1.0 / (SHARE_OF_MOOD**2 * mood.ratio))
    return WithReferrals(cells, begun, interventions, mood, extra, bool((waited > 0).mean() >= LEAST_WAITED))
