"""An estimate with what else was asked for, from one fit: dose, what remains after a course, value for money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.impact.course import AfterCourse, after_courses, after_courses_of
from app.impact.dose import DoseEffect, dose_effects, dose_effects_of
from app.impact.estimation import estimate, estimate_of
from app.impact.fits import fit_panel
from app.impact.panel import check_panel
from app.impact.value import Budget, Value, sessions_each, value_for_money, what_if
from app.impact.values import WELLBEING, Estimate, Panel


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to give beside the estimate; `costs` are pounds a session by intervention, `budget` pounds for each."""

    dose: bool = False
    after_course: bool = False
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float | None = None


@dataclass(frozen=True, kw_only=True)
class ValueOf:
    """One intervention's value for money; None where it has no figure, and `budget` where none was asked about."""

    intervention: str
    value: Value | None
    budget: Budget | None


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The estimate and what was asked for beside it; None for what was not."""

    estimate: Estimate
    dose: tuple[DoseEffect, ...] | None = None
    after_course: tuple[AfterCourse, ...] | None = None
    value: tuple[ValueOf, ...] | None = None


def analyse(panel: Panel, *, minimum_group: int, wanted: Wanted) -> Analysis:
    """Estimate, fitting once; raises PanelIsMalformed where the arrays do not fit together."""
    check_panel(panel)
    if panel.check_ins.person.size == 0 or not panel.interventions:
        found = estimate(panel, minimum_group=minimum_group)
        dose = dose_effects(panel, minimum_group=minimum_group) if wanted.dose else None
        after = after_courses(panel, minimum_group=minimum_group) if wanted.after_course else None
    else:
        fits = fit_panel(panel, minimum_group, use_referrals=True, use_prompts=True)
        found = estimate_of(fits)
        dose = dose_effects_of(fits) if wanted.dose else None
        after = after_courses_of(fits) if wanted.after_course else None
    value = _values(panel, found, wanted) if wanted.costs else None
    return Analysis(estimate=found, dose=dose, after_course=after, value=value)


def _values(panel: Panel, found: Estimate, wanted: Wanted) -> tuple[ValueOf, ...]:
    outcome = panel.outcome or WELLBEING
    made = []
    for place, effect in enumerate(found.interventions):
        cost = wanted.costs.get(effect.intervention)
        if cost is None:
            continue
        sessions = sessions_each(panel.sessions, place)
        value = None if effect.withheld else value_for_money(effect, cost, sessions, outcome)
        budget = None
        if wanted.budget is not None and not effect.withheld:
            budget = what_if(effect, cost, sessions, wanted.budget, outcome)
        made.append(ValueOf(intervention=effect.intervention, value=value, budget=budget))
    return tuple(made)
