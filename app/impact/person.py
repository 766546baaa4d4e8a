"""What can honestly be said of one young person: their own estimate, drawn toward everybody's as far as it is unsure.

In the joint model every person's change may lie off the shape that all share: change_ij(t) = shape_j(t) + own_ij from
the week of the first session on, own_ij ~ N(mean_j, spread_j^2). Given the shared weeks, shape and variances, a
person's own part is a small generalised least squares problem with their level taken out; one person's check-ins say
little, so it is then drawn toward the whole (Henderson 1975; Morris 1983), with the mean and the spread averaged over
what they may be. The interval counts all of that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.effects import allowance_of
from app.impact.event_time import event_terms, lay_out
from app.impact.fits import Fits, fit_panel
from app.impact.fitting import find_variances, fit_contrasts
from app.impact.least_squares import Size
from app.impact.panel import check_panel
from app.impact.person_model import OwnParts, Part, PersonModel, Whole, own_parts
from app.impact.pooling import Independent, mixtures_of
from app.impact.response import Answering
from app.impact.values import Floats, Panel, PersonEffects, Truths
from app.impact.variance import Variances

SURE = 1.959964
LEAST_SHARE = 1e-6
TINY = 1e-9
UNKNOWN = float("nan")


def person_effects(
    panel: Panel, *, minimum_group: int = 10, use_referrals: bool = True, use_prompts: bool = True
) -> PersonEffects:
    """Estimate every person's own change after each intervention they began, in points of the score.

    The change is the average over the person's own check-ins from the week of the first session on, against what was
    to be expected of them. An entry is withheld where fewer than `minimum_group` people carry the intervention's
    figure, or there is none to draw toward. Options are those of `estimate`; cost is linear in check-ins.

    Raises PanelIsMalformed where the arrays do not fit together.
    """
    check_panel(panel)
    if panel.check_ins.person.size == 0 or not panel.interventions:
        return _nothing(len(panel.interventions))
    fits = fit_panel(panel, minimum_group, use_referrals=use_referrals, use_prompts=use_prompts)
    return own_effects(person_model_of(fits), panel)


def person_model_of(fits: Fits, held: Variances | None = None) -> PersonModel:
    """Learn from everybody what single persons' estimates need, from what has been fitted already.

    The variances are those that are `held`, or are estimated anew.
    """
    model, error = _shared(fits, held)
    own = own_parts(model, fits.panel)
    kind, size = own.begun.intervention, len(model.wholes)
    people = np.bincount(kind[own.check_ins > 0], minlength=size)
    shown = np.isfinite(error) & (people >= max(fits.minimum_group, 2))
    known = (own.check_ins > 0) & shown[kind]
    unit = fits.variances.week_to_week
    model = _with_departures(model, own, known, error=error, unit=unit)
    # Once the spread of the others is known, a person's other changes are no longer free to take anything up.
    others = tuple(
        replace(
            one,
            others=(0.0, 0.0) if one.departures is None else (one.departures.centre, one.departures.usual_spread**-2),
        )
        for one in model.wholes
    )
    model = _with_departures(replace(model, wholes=others), own, known, error=error, unit=unit)
    change = _effects(model, own).change
    return replace(
        model,
        wholes=tuple(
            replace(
                one,
                people=int(people[place]),
                mean=float(change[known & (kind == place)].mean()) if one.departures else UNKNOWN,
            )
            for place, one in enumerate(model.wholes)
        ),
    )


def own_effects(model: PersonModel, panel: Panel) -> PersonEffects:
    """Return the changes of the panel's people, whose interventions are the model's, from their own check-ins.

    Everybody else comes in through the model alone, so that one person costs no more than their own check-ins.
    """
    return _effects(model, own_parts(model, panel))


def _shared(fits: Fits, held: Variances | None) -> tuple[PersonModel, Floats]:
    """Fit weeks, shapes and variances; return them with the error of each intervention's figure, NaN without one."""
    begun, kinds = fits.begun, len(fits.panel.interventions)
    extra = fits.referral.terms if fits.referral else None
    laid = lay_out(fits.cells, begun, begun.intervention, kinds, extra)
    fitted, fit = fit_contrasts(laid.made, fits.variances.mood, laid.size, laid.contrast(kinds), laid.pull)
    terms = [event_terms(begun, begun.intervention, laid.starts)]
    variances = held or find_variances(
        fits.cells, terms, Size(laid.size.weeks, laid.own), fits.variances, spans=laid.starts.size
    )
    value, answered = fit.value[laid.size.weeks :], fits.response
    model = PersonModel(
        adjustment=fits.cells.adjustment,
        weeks=fits.cells.weeks,
        levels=fit.value[: laid.size.weeks],
        starts=laid.starts,
        wholes=tuple(Whole(shape) for shape in value[: laid.own].reshape(kinds, -1)),
        recovery=value[laid.own :],
        mood=variances.mood,
        check_in=variances.check_in,
        answering=None
        if answered is None
        else Answering(answered.slope, answered.centre, answered.spread, fits.variances.mood, fits.variances.check_in),
        allowance=allowance_of(fits),
    )
    error = np.sqrt(fitted.standard_error**2 + np.diag(fits.slope_variance))
    return model, np.where(fitted.can_tell, error, np.nan)


def _with_departures(model: PersonModel, own: OwnParts, known: Truths, *, error: Floats, unit: float) -> PersonModel:
    """Learn each intervention's mean departure, with one spread for all; none where it is not shown."""
    departed = _departures(own, model)
    rows = [known & (own.begun.intervention == place) for place in range(error.size)]
    shown = [place for place, row in enumerate(rows) if row.any()]
    if not shown:
        return model
    sets = [Independent(departed.change[rows[at]], departed.information[rows[at]], float(error[at])) for at in shown]
    wholes = list(model.wholes)
    for place, mixture in zip(shown, mixtures_of(sets, unit, adjusted=True), strict=True):
        wholes[place] = replace(wholes[place], departures=mixture)
    return replace(model, wholes=tuple(wholes))


@dataclass(frozen=True)
class _Departures:
    """Each onset's departure from the shared shape by the person's own check-ins, (E,), and its information."""

    change: Floats
    information: Floats


def _departures(own: OwnParts, model: PersonModel | None) -> _Departures:
    """Return each departure with the person's other ones drawn from what `model` says of them, free where None."""
    mean, pull = np.zeros((2, own.begun.person.size))
    if model is not None:
        mean, pull = np.array([one.others for one in model.wholes])[own.begun.intervention].T
    solved = [_solved(part, mean[part.onset], pull[part.onset]) for part in own.parts]
    size = own.begun.person.size
    return _Departures(
        _by_onset(own.parts, [change for change, _ in solved], size),
        _by_onset(own.parts, [information for _, information in solved], size),
    )


def _by_onset(parts: list[Part], values: list[Floats], size: int) -> Floats:
    """Lay (n, K) values of the parts out by onset, (E,), 0 where a person has none."""
    found = np.zeros(size)
    for part, value in zip(parts, values, strict=True):
        found[part.onset[part.onset >= 0]] = value[part.onset >= 0]
    return found


def _solved(part: Part, mean: Floats, pull: Floats) -> tuple[Floats, Floats]:
    """Return (n, K) departures and their information, each with the person's other departures integrated out."""
    change, information = np.zeros_like(part.right), np.zeros_like(part.right)
    diagonal = np.einsum("nkk->nk", part.gram)
    right = part.right - np.einsum("nkl,nl->nk", part.gram, mean)
    ridge = pull + TINY * diagonal + np.where(diagonal > 0, 0.0, 1.0)
    for slot in range(part.right.shape[1]):
        rest = np.arange(part.right.shape[1]) != slot
        across = part.gram[:, slot, rest]
        matrix = part.gram[:, rest][:, :, rest] + ridge[:, rest, None] * np.eye(int(rest.sum()))
        taken = np.linalg.solve(matrix, np.stack([across, right[:, rest]], axis=2))
        left = diagonal[:, slot] - np.einsum("nk,nk->n", across, taken[:, :, 0])
        score = right[:, slot] - np.einsum("nk,nk->n", across, taken[:, :, 1])
        tells = left > LEAST_SHARE * np.maximum(diagonal[:, slot], TINY)
        information[:, slot] = np.where(tells, left, 0.0)
        change[:, slot] = mean[:, slot] + np.divide(score, left, out=np.zeros_like(left), where=tells)
    return change, information


def _effects(model: PersonModel, own: OwnParts) -> PersonEffects:
    begun, size, wholes = own.begun, own.begun.person.size, model.wholes
    alone, departed = _departures(own, None), _departures(own, model)
    shape = _by_onset(own.parts, [part.shape for part in own.parts], size)
    change, error, shrinkage = (np.full(size, np.nan) for _ in range(3))
    known = (own.check_ins > 0) & np.array([one.departures is not None for one in wholes], np.bool_)[begun.intervention]
    for place, whole in enumerate(wholes):
        rows = known & (begun.intervention == place)
        if whole.departures is not None and rows.any():
            drawn = whole.departures.draw(departed.change[rows], departed.information[rows])
            change[rows], error[rows], shrinkage[rows] = (
                shape[rows] + drawn.change,
                drawn.standard_error,
                drawn.shrinkage,
            )
    tells = known & (alone.information > 0)
    own_error = np.full(size, np.nan)
    own_error[tells] = alone.information[tells] ** -0.5
    return PersonEffects(
        person=begun.person,
        intervention=begun.intervention,
        own_change=np.where(tells, shape + alone.change, np.nan),
        own_standard_error=own_error,
        change=change,
        standard_error=error,
        low=change - SURE * error,
        high=change + SURE * error,
        shrinkage=shrinkage,
        withheld=~known,
        people=np.array([one.people for one in wholes], np.int64),
        whole=np.array([one.mean for one in wholes]),
        spread=np.array([UNKNOWN if one.departures is None else one.departures.usual_spread for one in wholes]),
        allowance=model.allowance,
    )


def _nothing(kinds: int) -> PersonEffects:
    none, nobody = np.zeros(0), np.zeros(0, np.int64)
    unknown, withheld = np.full(kinds, np.nan), np.zeros(0, np.bool_)
    people = np.zeros(kinds, np.int64)
    return PersonEffects(
        nobody, nobody, none, none, none, none, none, none, none, withheld, people, unknown, unknown, allowance=0.0
    )
