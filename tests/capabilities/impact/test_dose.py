"""A change that grows with sessions attended is found to grow, and one that does not is not."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.dose import BANDS, MOST_SESSIONS, DoseEffect, dose_effects, dose_effects_of, sessions_so_far
from app.impact.fits import fit_panel
from app.impact.values import CheckIns, Floats, Integers, Panel, Sessions
from tests.capabilities.impact.made import small_panel

PEOPLE, TREATED, WEEKS = 180, 130, 44


def by_bands(low: float, middle: float, high: float) -> Floats:
    """Return the change for 0 to MOST_SESSIONS sessions so far, the same within each band."""
    return np.array([0.0, *[low] * 3, *[middle] * 4, *[high] * 5])


def dosed_panel(each: float | Floats, seed: int = 5) -> tuple[Panel, Integers]:
    """Return a panel whose change is `each` a session so far (or in a table), and sessions so far (people, weeks).

    Sessions come in two weeks of three, and whoever leaves does so by lot after 1 to 14 of them.
    """
    rng = np.random.default_rng(seed)
    start = rng.integers(8, 26, TREATED)
    held = (rng.random((TREATED, 24)) < 2 / 3) | (np.arange(24) == 0)
    held &= held.cumsum(1) <= rng.integers(1, 15, TREATED)[:, None]
    who, when = np.nonzero(held)
    so_far = np.zeros((PEOPLE, WEEKS), np.int64)
    np.add.at(so_far, (who, np.minimum(start[who] + when, WEEKS - 1)), 1)
    so_far = so_far.cumsum(1)
    person, week = np.repeat(np.arange(PEOPLE), WEEKS), np.tile(np.arange(WEEKS), PEOPLE)
    table = each if isinstance(each, np.ndarray) else each * np.arange(MOST_SESSIONS + 1.0)
    change = table[np.minimum(so_far, MOST_SESSIONS).ravel()]
    score = 5 + rng.normal(0, 1, PEOPLE)[person] + change + rng.normal(0, 0.8, person.size)
    panel = Panel(
        check_ins=CheckIns(person, 7 * week, score),
        sessions=Sessions(who, np.zeros(who.size, np.int64), 7 * (start[who] + when)),
        interventions=("climbing",),
        people=PEOPLE,
    )
    return panel, so_far


def only(panel: Panel) -> DoseEffect:
    return dose_effects(panel)[0]


@pytest.mark.parametrize("each", [0.0, 0.12, -0.08])
def test_the_change_for_each_session_is_found(each: float) -> None:
    found = only(dosed_panel(each)[0])
    assert found.per_session is not None
    assert found.more is not None
    assert found.per_session.low <= each <= found.per_session.high
    assert found.people == TREATED
    assert found.per_session_p is not None
    assert (found.per_session_p < 0.001) is (each != 0)
    assert found.more_p is not None
    assert (found.more_p < 0.001) is (each != 0)
    assert "Whoever stays differs" in found.warning


def test_each_band_has_its_own_change() -> None:
    changes = (0.2, 0.6, 1.1)
    panel, so_far = dosed_panel(by_bands(*changes))
    for band, (first, last), change in zip(only(panel).bands, BANDS, changes, strict=True):
        inside = (so_far >= first) & (so_far <= (last or 99))
        assert (band.first, band.last) == (first, last)
        assert band.people == int(inside.any(1).sum())
        assert band.low is not None
        assert band.high is not None
        assert band.low <= change <= band.high


def test_a_step_that_no_session_adds_to_is_told_from_dose_by_the_bands() -> None:
    found = only(dosed_panel(by_bands(0.8, 0.8, 0.8))[0])
    assert found.more is not None
    assert found.more.low < 0 < found.more.high
    assert all(band.low is not None and band.low > 0.4 for band in found.bands)


def test_sessions_so_far_are_counted_by_calendar_week_and_capped() -> None:
    panel, so_far = dosed_panel(0.1)
    fits = fit_panel(panel, 10, use_referrals=True, use_prompts=True)
    assert (sessions_so_far(fits) == np.minimum(so_far[:TREATED], MOST_SESSIONS)).all()
    assert dose_effects_of(fits) == dose_effects(panel)


def test_several_interventions_referrals_and_prompts_go_through_the_same_machinery() -> None:
    panel = replace(small_panel(people=250, weeks=44).panel, groups={})
    for found in dose_effects(panel):
        assert found.per_session is not None
        assert len(found.bands) == len(BANDS)
        assert sum(band.change is not None for band in found.bands) == 3


def test_bands_of_few_people_are_withheld_alone_and_with_too_few_in_all_everything_is() -> None:
    panel, so_far = dosed_panel(0.1)
    people = [int(((so_far >= first) & (so_far <= (last or 99))).any(1).sum()) for first, last in BANDS]
    found = dose_effects(panel, minimum_group=people[-1] + 1)[0]
    assert [band.withheld for band in found.bands] == [False, False, True]
    assert found.bands[-1].change is None
    assert (found.more, found.more_p) == (None, None)
    assert found.per_session is not None
    nothing = dose_effects(panel, minimum_group=TREATED + 1)[0]
    assert (nothing.withheld, nothing.per_session, nothing.bands) == (True, None, ())
    none = CheckIns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    assert dose_effects(replace(panel, check_ins=none))[0].withheld
    assert dose_effects(replace(panel, interventions=(), sessions=Sessions(*(np.zeros(0, np.int64),) * 3))) == ()
