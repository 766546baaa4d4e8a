"""What remains after a course ends: one change while it runs and another from the week after the last session on.

A fit of its own with the engine's model, in which each intervention has a step at the first session and a second one
once the course has ended; what remains is their sum. A course counts as ended only where the records go on for some
weeks without another session: until then nobody knows that it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.design import Terms, blocks, cells_of
from app.impact.event_time import ONE_STEP
from app.impact.fits import Fits, Laid, fit_panel
from app.impact.fitting import Fitted, fit_contrasts
from app.impact.least_squares import Size
from app.impact.panel import DAYS, Onsets, check_panel, days_of
from app.impact.small_sample import p_value, t_interval
from app.impact.values import Floats, Panel, Truths

QUIET_WEEKS = 4
FEWEST = 2


@dataclass(frozen=True)
class Figure:
    """A change in points of the score with its 95% interval."""

    change: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class AfterCourse:
    """One intervention's change while its course ran and after it ended; None where withheld or where there is none.

    `people` have a check-in after their course ended; where they are fewer than the minimum group, `withheld`. `during`
    and `after` are against what was to be expected without it, `difference` is after less during, and
    `difference_p` its two-sided p-value against no difference.
    """

    intervention: str
    withheld: bool
    people: int
    during: Figure | None = None
    after: Figure | None = None
    difference: Figure | None = None
    difference_p: float | None = None


def after_courses(
    panel: Panel, *, minimum_group: int = 10, use_referrals: bool = True, use_prompts: bool = True
) -> tuple[AfterCourse, ...]:
    """Estimate what remains of each intervention's change once its course has ended, in the order of their names.

    Options are those of `estimate`; cost is linear in check-ins. Raises PanelIsMalformed where the arrays do not fit
    together.
    """
    check_panel(panel)
    if panel.check_ins.person.size == 0:
        return tuple(AfterCourse(intervention=name, withheld=True, people=0) for name in panel.interventions)
    return after_courses_of(fit_panel(panel, minimum_group, use_referrals=use_referrals, use_prompts=use_prompts))


def after_courses_of(fits: Fits) -> tuple[AfterCourse, ...]:
    """Return what remains after each course from what has been fitted already."""
    kinds = len(fits.panel.interventions)
    ends = _ends(fits)
    fitted = _fit(fits, ends)
    people = np.bincount(ends.intervention[_seen_after(fits, ends)], minlength=kinds)
    return tuple(_record(fits, place, fitted, int(people[place])) for place in range(kinds))


def seen_after_course(laid: Laid) -> Onsets:
    """Return the ended courses of those with enough weeks on both sides of the start and a check-in after the end."""
    begun, ends, kinds = laid.begun, _ends(laid), len(laid.panel.interventions)
    enough = (begun.person * kinds + begun.intervention)[laid.enough]
    held = _seen_after(laid, ends) & np.isin(ends.person * kinds + ends.intervention, enough)
    return Onsets(ends.person[held], ends.intervention[held], ends.week[held], ends.events[held])


def _ends(laid: Laid) -> Onsets:
    """Return the week after the last session of every course that has ended."""
    begun, sessions, kinds = laid.begun, laid.panel.sessions, len(laid.panel.interventions)
    key = begun.person * kinds + begun.intervention
    own = np.asarray(sessions.person, np.int64) * kinds + np.asarray(sessions.intervention, np.int64)
    held = np.isin(own, key)
    last = np.full(key.size, np.iinfo(np.int64).min // 2)
    np.maximum.at(last, np.searchsorted(key, own[held]), (days_of(sessions.time) // DAYS)[held])
    ended = last + QUIET_WEEKS <= int(laid.cells.weeks[-1])
    return Onsets(begun.person[ended], begun.intervention[ended], last[ended] + 1, begun.events[ended])


def _seen_after(laid: Laid, ends: Onsets) -> Truths:
    source, place = cells_of(laid.cells, ends.person)
    later = laid.cells.weeks[laid.cells.week[source]] >= ends.week[place]
    seen: Truths = np.bincount(place, later, ends.person.size) > 0
    return seen


def _fit(fits: Fits, ends: Onsets) -> Fitted:
    """Fit both steps; contrasts are during, after and their difference, each for every intervention."""
    begun, kinds = fits.begun, len(fits.panel.interventions)
    sets = [
        Terms(begun.person, begun.week, begun.intervention, ONE_STEP),
        Terms(ends.person, ends.week, kinds + ends.intervention, ONE_STEP),
    ]
    pull = np.zeros(2 * kinds)
    if fits.referral is not None:
        extra = fits.referral.terms
        sets.append(replace(extra.terms, base=extra.terms.base + pull.size))
        pull = np.append(pull, np.full(extra.terms.starts.size, extra.pull))
    first, second = np.eye(2 * kinds, pull.size).reshape(2, kinds, pull.size)
    contrast: Floats = np.concatenate([first, first + second, second])
    size = Size(fits.cells.weeks.size, pull.size)
    return fit_contrasts(blocks(fits.cells, sets), fits.variances.mood, size, contrast, pull)[0]


def _record(fits: Fits, place: int, fitted: Fitted, people: int) -> AfterCourse:
    kinds = len(fits.panel.interventions)
    withheld = people < max(fits.minimum_group, FEWEST)
    empty = AfterCourse(intervention=fits.panel.interventions[place], withheld=withheld, people=people)
    if withheld or not fitted.can_tell[place::kinds].all():
        return empty
    change, error = fitted.change[place::kinds].tolist(), fitted.standard_error[place::kinds]
    # The slope of answering on mood is as uncertain here as in the figure for the whole; it cancels in the difference.
    error = np.hypot(error, np.sqrt(fits.slope_variance[place, place]) * np.array([1.0, 1.0, 0.0])).tolist()
    during, after, difference = (
        Figure(one, *t_interval(one, spread, people - 1)) for one, spread in zip(change, error, strict=True)
    )
    chance = p_value(change[2], error[2], people - 1)
    return replace(empty, during=during, after=after, difference=difference, difference_p=chance)
