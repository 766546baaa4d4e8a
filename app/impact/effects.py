"""From fits to the records that pages and files show: figures, shape, words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.impact.event_time import BEFORE, span_ends
from app.impact.findings import Evidence
from app.impact.fits import Fits
from app.impact.fitting import Fitted
from app.impact.missing import BY_PROMPTS, Missing, Shifted, missing
from app.impact.missing_words import missing_finding
from app.impact.panel import Onsets
from app.impact.small_sample import false_discovery, p_value, t_interval
from app.impact.values import Alternative, Floats, Integers, InterventionEffect, Panel, ShapePoint
from app.impact.wording import words

ALLOWANCE_OF_SCALE = 0.01
WITHOUT_REFERRALS = "without weeks since referral"
DIP_PLACE = 1


def intervention_effects(fits: Fits) -> tuple[InterventionEffect, ...]:
    """Return every intervention's record, q over those that have a figure."""
    kinds = len(fits.panel.interventions)
    gone = missing(fits.cells, fits.begun, kinds, fits.panel.prompts)
    made = [_with_missing(_effect(fits, place), gone, place, fits) for place in range(kinds)]
    shown = [place for place, effect in enumerate(made) if effect.p is not None]
    if shown:
        for place, q in zip(shown, false_discovery(np.array([made[at].p for at in shown], float)), strict=True):
            made[place] = replace(made[place], q=float(q))
    return tuple(_worded(fits, place, effect) for place, effect in enumerate(made))


def _effect(fits: Fits, place: int) -> InterventionEffect:
    """Return one intervention's figures, its words and q still to come."""
    panel, begun, naive = fits.panel, fits.begun, fits.naive
    own = begun.intervention == place
    people = int((own & fits.counted).sum())
    withheld = people < fits.minimum_group
    empty = InterventionEffect(
        intervention=panel.interventions[place],
        people=people,
        people_with_enough_weeks=int((own & fits.enough).sum()),
        sessions=int((panel.sessions.intervention == place).sum()),
        check_ins_after=int(naive.check_ins_after[own].sum()),
        withheld=withheld,
    )
    if withheld:
        return empty
    before = float(fits.naive_change[place])
    empty = replace(empty, naive_change=before if np.isfinite(before) else None)
    if not fits.means.fitted.can_tell[place] or people <= 1:
        return empty
    change = float(fits.means.fitted.change[place])
    error = float(np.sqrt(fits.means.fitted.standard_error[place] ** 2 + fits.slope_variance[place, place]))
    low, high = t_interval(change, error, people - 1)
    wide = _with_allowance(fits, place, error, people)
    shape = _shape(fits, place, people)
    return replace(
        empty,
        change=change,
        standard_error=error,
        degrees_of_freedom=people - 1,
        low=low,
        high=high,
        low_with_referral_allowance=wide[0],
        high_with_referral_allowance=wide[1],
        p=p_value(change, error, people - 1),
        shape=shape,
        dip=shape[DIP_PLACE],
        alternatives=_others(fits, place),
    )


def _with_missing(effect: InterventionEffect, gone: Missing, place: int, fits: Fits) -> InterventionEffect:
    """Add what is missing before and after, and what it would take to overturn the change."""
    if effect.withheld:
        return effect
    share = _known(gone.share, place)
    effect = replace(
        effect,
        response_basis=gone.basis,
        response_before=_known(gone.before, place),
        response_after=_known(gone.after, place),
        missing_after=share,
        follow_up_weeks=_known(gone.follow_up, place),
    )
    if effect.change is None or effect.standard_error is None or effect.degrees_of_freedom is None or share is None:
        return effect
    variance = _known(gone.variance, place) or 0.0
    shifted = Shifted(effect.change, effect.standard_error, effect.degrees_of_freedom, share, variance)
    effect = replace(
        effect,
        if_missing_lower=shifted.table(fits.outcome.scale),
        tipping_point=shifted.tipping_point(),
        tipping_point_of_sign=shifted.tipping_point_of_sign(),
    )
    return replace(effect, missing_finding=missing_finding(effect, fits.outcome))


def _known(values: Floats, place: int) -> float | None:
    return float(values[place]) if np.isfinite(values[place]) else None


def _with_allowance(fits: Fits, place: int, error: float, people: int) -> tuple[float, float]:
    """Widen for referral on what check-ins do not show, unless referral dates can tell."""
    wide = float(np.hypot(error, allowance_of(fits)))
    return t_interval(float(fits.means.fitted.change[place]), wide, people - 1)


def allowance_of(fits: Fits) -> float:
    """Return by how many points a figure may be off where staff act on what check-ins do not show; 0 if dates tell."""
    return 0.0 if _referrals_tell(fits) else ALLOWANCE_OF_SCALE * fits.outcome.scale


def _referrals_tell(fits: Fits) -> bool:
    return fits.referral is not None and fits.referral.waits_differ


def _others(fits: Fits, place: int) -> tuple[Alternative, ...]:
    if fits.referral is None:
        return fits.others[place]
    change, error = fits.plain.fitted.change[place], fits.plain.fitted.standard_error[place]
    return (*fits.others[place], Alternative(WITHOUT_REFERRALS, float(change), float(error)))


def _shape(fits: Fits, place: int, people: int) -> tuple[ShapePoint, ...]:
    """Return the spans before the first session, against well before, and after it, against what was expected."""
    means = fits.means
    before = fits.lead.part(slice(place * BEFORE.size, (place + 1) * BEFORE.size))
    after = means.spans.part(slice(place * means.starts.size, (place + 1) * means.starts.size))
    return (*_points(before, BEFORE, 0, people), *_points(after, means.starts, None, people))


def _points(fitted: Fitted, starts: Integers, until: int | None, people: int) -> list[ShapePoint]:
    points = []
    for at, (first, last) in enumerate(span_ends(starts, until)):
        if not fitted.can_tell[at]:
            points.append(ShapePoint(first, last, None, None, None))
            continue
        change = float(fitted.change[at])
        points.append(ShapePoint(first, last, change, *t_interval(change, fitted.standard_error[at], people - 1)))
    return points


def _worded(fits: Fits, place: int, effect: InterventionEffect) -> InterventionEffect:
    own = fits.begun.intervention == place
    said = words(
        Evidence(
            intervention=effect.intervention,
            people=effect.people,
            people_with_enough_weeks=effect.people_with_enough_weeks,
            attended_without_check_ins=_attended(fits.panel, place) - effect.people,
            withheld=effect.withheld,
            minimum_group=fits.minimum_group,
            change=effect.change,
            interval=_pair(effect.low, effect.high),
            with_allowance=_pair(effect.low_with_referral_allowance, effect.high_with_referral_allowance),
            q=effect.q,
            naive=effect.naive_change,
            dip=effect.dip,
            alternatives=effect.alternatives,
            used_referrals=fits.referral is not None,
            referrals_tell=_referrals_tell(fits),
            without_referral_date=int(fits.without_date[own].sum()),
            entangled_with=_entangled(fits, place, effect),
            outcome=fits.outcome,
            follow_up_weeks=effect.follow_up_weeks,
            response=(effect.response_before, effect.response_after),
            response_logged=effect.response_basis == BY_PROMPTS,
            tipping_point=effect.tipping_point,
        )
    )
    return replace(
        effect,
        grade=said.grade,
        finding=said.finding,
        warnings=said.warnings,
        naive_finding=said.naive,
        would_change=said.would_change,
    )


def _attended(panel: Panel, place: int) -> int:
    return int(np.unique(panel.sessions.person[panel.sessions.intervention == place]).size)


def _pair(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _entangled(fits: Fits, place: int, effect: InterventionEffect) -> str | None:
    """Say why an intervention has no figure of its own."""
    if effect.withheld or effect.change is not None:
        return None
    begun, names = fits.begun, fits.panel.interventions
    mine = _starts(begun, place)
    for other, name in enumerate(names):
        if other != place and mine and mine == _starts(begun, other):
            return f"It began for the same young people in the same weeks as {name}: the two cannot be told apart."
    if len({week for _, week in mine}) == 1:
        return "It began for everybody in the same week: it cannot be told from whatever else happened in that week."
    return "There are too few check-ins before and after it, beside people who had not begun, to tell its change."


def _starts(begun: Onsets, place: int) -> set[tuple[int, int]]:
    own = begun.intervention == place
    return set(zip(begun.person[own].tolist(), begun.week[own].tolist(), strict=True))
