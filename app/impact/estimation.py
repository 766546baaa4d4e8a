"""What followed each intervention: `estimate` takes arrays and returns frozen records.

The model, for person i in calendar week t with n check-ins of mean y (weekday means taken off first):

    y_it = person_i + week_t + change_j(weeks since first session of j) + mood_it + noise_it
    mood_it = rho mood_i,t-1 + innovation,  Var(mood) = s2_mood,  Var(noise_it) = s2_check_in / n_it

Persons and calendar weeks have free levels, all interventions are estimated jointly by generalised least squares, and
mood is expected to find its way back by itself: a dip that brought somebody here is not counted as its cure. The
variances come from restricted likelihood, intervals from person-clustered scores with the CR3 correction and
Student's t with (people - 1) degrees of freedom. Sources: Henderson (1975) for the mixed model, Harvey (1989) for the
state space, Bell and McCaffrey (2002) for CR3, Benjamini and Hochberg (1995) for q.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.impact import findings
from app.impact.effects import intervention_effects
from app.impact.fits import Fits, fit_panel
from app.impact.groups import group_effects
from app.impact.panel import check_panel
from app.impact.values import Estimate, GroupEffect, InterventionEffect, ModelSummary, Panel

MINIMUM_GROUP = 10


def estimate(
    panel: Panel, *, minimum_group: int = MINIMUM_GROUP, use_referrals: bool = True, use_prompts: bool = True
) -> Estimate:
    """Estimate the change in weekly wellbeing after each intervention of `panel`.

    The change is in points of the score, averaged over the check-ins recorded from the week of the first session on,
    for the people who attended. An intervention or group of fewer than `minimum_group` people has no figures and is
    marked withheld. Groups come from `panel.groups`: each column alone and each pair. `use_referrals` and `use_prompts`
    leave the panel's referrals and prompts unused when false. Cost is linear in check-ins for a given number of weeks.

    Raises PanelIsMalformed where the arrays do not fit together.
    """
    check_panel(panel)
    if panel.check_ins.person.size == 0 or not panel.interventions:
        return _nothing(panel, minimum_group)
    return estimate_of(fit_panel(panel, minimum_group, use_referrals=use_referrals, use_prompts=use_prompts))


def estimate_of(fits: Fits) -> Estimate:
    """Return the estimate from what has been fitted already."""
    panel = fits.panel
    groups = group_effects(
        fits.cells,
        fits.begun,
        panel.interventions,
        panel.groups,
        variances=fits.variances,
        extra=fits.referral.terms if fits.referral else None,
        minimum_group=fits.minimum_group,
        counted=fits.counted,
        enough=fits.enough,
    )
    return Estimate(_with_differences(intervention_effects(fits), groups), tuple(groups), _summary(fits))


def _with_differences(
    effects: tuple[InterventionEffect, ...], groups: Sequence[GroupEffect]
) -> tuple[InterventionEffect, ...]:
    """Say of each intervention with a figure whether its groups differ, one column at a time."""
    found = {
        (effect.intervention, effect.by[0][0]): effect.difference_q
        for effect in groups
        if len(effect.by) == 1 and effect.difference_q is not None
    }
    said: dict[str, list[str]] = {}
    for (intervention, column), q in found.items():
        said.setdefault(intervention, []).append(findings.difference(column, q))
    return tuple(
        effect
        if effect.change is None
        else replace(effect, warnings=(*effect.warnings, *said.get(effect.intervention, ())))
        for effect in effects
    )


def _summary(fits: Fits) -> ModelSummary:
    spread = float(np.sqrt(fits.variances.check_in))
    return ModelSummary(
        people=int((np.diff(fits.cells.offset) > 0).sum()),
        check_ins=fits.panel.check_ins.person.size,
        weeks=fits.cells.weeks.size,
        rho=fits.variances.mood.rho,
        sd_mood=spread * float(np.sqrt(fits.variances.mood.ratio)),
        sd_check_in=spread,
        used_referrals=fits.referral is not None,
        minimum_group=fits.minimum_group,
        waits_differ=fits.referral is not None and fits.referral.waits_differ,
        response_slope=float(fits.response.slope) if fits.response else None,
        changed_measure=fits.changed_measure,
    )


def _nothing(panel: Panel, minimum_group: int) -> Estimate:
    """Return the estimate of a panel without check-ins: every intervention withheld."""
    effects = tuple(
        InterventionEffect(
            intervention=name,
            sessions=int((panel.sessions.intervention == place).sum()),
            withheld=True,
            grade=findings.WITHHELD,
            finding=f"{name}: there are no check-ins, so no figure is shown.",
        )
        for place, name in enumerate(panel.interventions)
    )
    check_ins = panel.check_ins.person.size
    people = np.unique(panel.check_ins.person).size
    summary = ModelSummary(people, check_ins, 0, 0.0, 0.0, 0.0, used_referrals=False, minimum_group=minimum_group)
    return Estimate(effects, (), summary)
