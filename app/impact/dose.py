"""Change by how many sessions somebody has been to so far: per session, and by bands.

Fits of their own with the engine's model, in which a person's own columns hold, from the week of the first session on,
the sessions attended so far (up to MOST_SESSIONS, a school term of weekly ones), or which band that number is in.
Nobody is told how often to come: whoever stays differs from whoever leaves, and sessions so far grow with the weeks
since the first one. So the figures describe, and each record says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.impact.columns import Counts, columns_from, with_columns
from app.impact.course import Figure
from app.impact.design import Block, Terms, blocks, cells_of
from app.impact.fits import Fits, Laid, fit_panel
from app.impact.fitting import Fitted, fit_contrasts
from app.impact.least_squares import Size
from app.impact.panel import DAYS, check_panel, days_of
from app.impact.small_sample import p_value, t_interval
from app.impact.sums import sum_by
from app.impact.values import Floats, Integers, Panel

MOST_SESSIONS = 12
BANDS = ((1, 3), (4, 7), (8, None))
FEWEST = 2
WARNING = (
    "Whoever stays differs from whoever leaves, and sessions so far grow with the weeks since the first one: this does "
    "not show that more sessions do more."
)


@dataclass(frozen=True, kw_only=True)
class DoseBand:
    """The change while between `first` and `last` sessions had been attended (None: or more), with its 95% interval.

    `people` have a check-in in it; where they are fewer than the minimum group, `withheld`.
    """

    first: int
    last: int | None
    people: int
    withheld: bool
    change: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class DoseEffect:
    """One intervention's change by sessions attended so far; None where withheld or where there is none.

    `per_session` is the change for each session attended, up to MOST_SESSIONS of them, with its two-sided
    `per_session_p`. `more` is the last band's change less the first one's, with `more_p`. `people` and `withheld` are
    those of the intervention; a band may be withheld alone.
    """

    intervention: str
    withheld: bool
    people: int
    per_session: Figure | None = None
    per_session_p: float | None = None
    bands: tuple[DoseBand, ...] = ()
    more: Figure | None = None
    more_p: float | None = None
    warning: str = WARNING


def dose_effects(
    panel: Panel, *, minimum_group: int = 10, use_referrals: bool = True, use_prompts: bool = True
) -> tuple[DoseEffect, ...]:
    """Estimate each intervention's change by sessions attended so far, in the order of their names.

    Options are those of `estimate`; cost is linear in check-ins. Raises PanelIsMalformed where the arrays do not fit
    together.
    """
    check_panel(panel)
    if panel.check_ins.person.size == 0:
        return tuple(DoseEffect(intervention=name, withheld=True, people=0) for name in panel.interventions)
    return dose_effects_of(fit_panel(panel, minimum_group, use_referrals=use_referrals, use_prompts=use_prompts))


def dose_effects_of(fits: Fits) -> tuple[DoseEffect, ...]:
    """Return each intervention's change by sessions attended from what has been fitted already."""
    kinds = len(fits.panel.interventions)
    if kinds == 0:
        return ()
    counts = sessions_so_far(fits)
    band = np.stack([_within(counts, *ends) for ends in BANDS], axis=1)
    people, mean = _seen(fits, counts, band)
    own = np.eye(kinds * len(BANDS)).reshape(kinds, len(BANDS), -1)
    # The slope of answering on mood is as uncertain here as in the figure for the whole; it cancels between bands.
    unsure = np.diag(fits.slope_variance)
    line = _fit(fits, counts[:, None], np.eye(kinds), unsure / np.maximum(mean, 1.0) ** 2)
    both = np.concatenate([own.reshape(-1, own.shape[2]), own[:, -1] - own[:, 0]])
    banded = _fit(fits, band, both, np.append(np.repeat(unsure, len(BANDS)), np.zeros(kinds)))
    every = np.bincount(fits.begun.intervention[fits.counted], minlength=kinds)
    return tuple(
        _record(fits, place, people=(int(every[place]), *people[place].tolist()), line=line, banded=banded)
        for place in range(kinds)
    )


def sessions_so_far(laid: Laid) -> Counts:
    """Return (E, T) how many sessions each onset's person had attended by the end of each calendar week, capped."""
    begun, sessions, weeks = laid.begun, laid.panel.sessions, laid.cells.weeks
    kinds = len(laid.panel.interventions)
    key = begun.person * kinds + begun.intervention
    own = np.asarray(sessions.person, np.int64) * kinds + np.asarray(sessions.intervention, np.int64)
    held = np.isin(own, key)
    week = np.searchsorted(weeks, (days_of(sessions.time) // DAYS)[held])
    width = weeks.size + 1
    place = np.searchsorted(key, own[held]) * width + week
    table = np.bincount(place, minlength=key.size * width).reshape(key.size, width)[:, :-1]
    capped: Counts = np.minimum(table.cumsum(1), MOST_SESSIONS).astype(np.uint8)
    return capped


def _within(counts: Counts, first: int, last: int | None) -> Counts:
    inside = counts >= first if last is None else (counts >= first) & (counts <= last)
    return inside.astype(np.uint8)


def laid_out(fits: Fits, table: Counts, starts: Integers) -> tuple[list[Block], Size, Floats]:
    """Lay people out with the columns of `table` (E, B, T) in place of spans; return blocks, size and pull.

    Coefficients are intervention major, B each; referral terms follow where they are used.
    """
    begun, kinds = fits.begun, len(fits.panel.interventions)
    sets = [Terms(begun.person, begun.week, begun.intervention * starts.size, starts)]
    pull = np.zeros(kinds * starts.size)
    own = pull.size
    if fits.referral is not None:
        extra = fits.referral.terms
        sets.append(replace(extra.terms, base=extra.terms.base + own))
        pull = np.append(pull, np.full(extra.terms.starts.size, extra.pull))
    made = [with_columns(block, begun.person, table, ~columns_from(block, own)) for block in blocks(fits.cells, sets)]
    return made, Size(fits.cells.weeks.size, pull.size), pull


def _fit(fits: Fits, table: Counts, contrast: Floats, unsure: Floats) -> Fitted:
    """Fit the columns of `table` and return `contrast` (c, J x B) of them, their variances wider by `unsure` (c,)."""
    made, size, pull = laid_out(fits, table, np.arange(table.shape[1]))
    full = np.zeros((contrast.shape[0], pull.size))
    full[:, : contrast.shape[1]] = contrast
    fitted = fit_contrasts(made, fits.variances.mood, size, full, pull)[0]
    return replace(fitted, covariance=fitted.covariance + np.diag(unsure))


def _seen(fits: Fits, counts: Counts, band: Counts) -> tuple[Integers, Floats]:
    """Return (J, B) how many people have a check-in in each band, and (J,) the mean sessions so far at a check-in."""
    source, onset = cells_of(fits.cells, fits.begun.person)
    kinds, week, number = len(fits.panel.interventions), fits.cells.week[source], fits.cells.count[source]
    found = np.zeros((kinds, band.shape[1]), np.int64)
    for place in range(band.shape[1]):
        inside = band[onset, place, week] > 0
        seen = np.bincount(onset[inside], minlength=fits.begun.person.size) > 0
        found[:, place] = np.bincount(fits.begun.intervention[seen], minlength=kinds)
    so_far, kind = counts[onset, week], fits.begun.intervention[onset]
    after = sum_by(kind, number * (so_far > 0), kinds)
    return found, sum_by(kind, number * so_far, kinds) / np.maximum(after, 1.0)


def _record(fits: Fits, place: int, *, people: tuple[int, ...], line: Fitted, banded: Fitted) -> DoseEffect:
    """Write one intervention's record; `people` counts those of the whole, then those of each band."""
    kinds, smallest, (every, *each) = len(fits.panel.interventions), max(fits.minimum_group, FEWEST), people
    empty = DoseEffect(intervention=fits.panel.interventions[place], withheld=every < smallest, people=every)
    if empty.withheld:
        return empty
    per_session = _figure(line, place, every)
    bands = tuple(_band(banded, place * len(BANDS) + at, at, each[at], smallest) for at in range(len(BANDS)))
    more_at, fewest = kinds * len(BANDS) + place, min(each[0], each[-1])
    more = None if bands[0].withheld or bands[-1].withheld else _figure(banded, more_at, fewest)
    return replace(
        empty,
        per_session=per_session,
        per_session_p=_p(line, place, every) if per_session else None,
        bands=bands,
        more=more,
        more_p=_p(banded, more_at, fewest) if more else None,
    )


def _figure(fitted: Fitted, at: int, people: int) -> Figure | None:
    if not fitted.can_tell[at]:
        return None
    change = float(fitted.change[at])
    return Figure(change, *t_interval(change, float(fitted.standard_error[at]), people - 1))


def _p(fitted: Fitted, at: int, people: int) -> float:
    return p_value(float(fitted.change[at]), float(fitted.standard_error[at]), people - 1)


def _band(fitted: Fitted, at: int, number: int, people: int, smallest: int) -> DoseBand:
    first, last = BANDS[number]
    band = DoseBand(first=first, last=last, people=people, withheld=people < smallest)
    figure = None if band.withheld else _figure(fitted, at, people)
    return band if figure is None else replace(band, change=figure.change, low=figure.low, high=figure.high)
