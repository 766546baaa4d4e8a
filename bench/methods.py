"""What each method says of one made panel: ours, and three that are in common use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.impact.alternatives import IMPUTATION, NAIVE
from app.impact.baselines import steps, two_way_fixed_effects
from app.impact.estimation import estimate
from app.impact.panel import onsets, person_weeks
from app.impact.values import Floats, InterventionEffect, Panel
from bench.panels import MadePanel

OURS, TWO_WAY = "ours", "two-way fixed effects"
METHODS = (OURS, NAIVE, TWO_WAY, IMPUTATION)
NORMAL = 1.959964
ERROR, COVERED, CALLED = range(3)


@dataclass(frozen=True)
class Use:
    """Which of a panel's records our estimator may use."""

    prompts: bool
    referrals: bool


def _ours(effect: InterventionEffect) -> tuple[float, float, float]:
    if effect.change is None or effect.low is None or effect.high is None:
        return np.nan, np.nan, np.nan
    return effect.change, effect.low, effect.high


def _normal(change: float | None, error: float | None) -> tuple[float, float, float]:
    if change is None or error is None:
        return np.nan, np.nan, np.nan
    return change, change - NORMAL * error, change + NORMAL * error


def _two_way(panel: Panel) -> list[tuple[float, float, float]]:
    kinds = len(panel.interventions)
    cells = person_weeks(panel.check_ins, panel.people)
    treatment = steps(cells, onsets(panel.sessions, kinds), kinds).toarray()
    fit = two_way_fixed_effects(
        cells.person, cells.week, cells.mean, treatment, cluster=cells.person, weight=cells.count
    )
    return [_normal(*pair) for pair in zip(fit.change.tolist(), fit.standard_error.tolist(), strict=True)]


def score(made: MadePanel, use: Use) -> Floats:
    """Return (methods, interventions, 3): the error, whether the 95% interval holds the truth, whether it excludes 0.

    NaN where a method has no figure.
    """
    found = estimate(made.panel, minimum_group=2, use_prompts=use.prompts, use_referrals=use.referrals)
    others = [{other.name: other for other in effect.alternatives} for effect in found.interventions]
    by_method = [[_ours(effect) for effect in found.interventions]]
    for name in METHODS[1:]:
        if name == TWO_WAY:
            by_method.append(_two_way(made.panel))
            continue
        have = [one.get(name) for one in others]
        by_method.append([_normal(one.change, one.standard_error) if one else _normal(None, None) for one in have])
    change, low, high = np.moveaxis(np.array(by_method, np.float64), 2, 0)
    error = change - made.truth
    covered = np.where(np.isnan(error), np.nan, (low <= made.truth) & (made.truth <= high))
    called = np.where(np.isnan(error), np.nan, (low > 0) | (high < 0))
    return np.stack([error, covered, called], axis=2)
