"""Who went from which band of school attendance to which, counted exactly."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact.attendance_bands import BANDS, attendance_bands
from app.impact.values import SCHOOL_ATTENDANCE, Panel, PanelIsMalformed
from tests.capabilities.impact.made import panel_of

WEEKS, START = 20, 10


def school_panel(before: list[float], after: list[float]) -> Panel:
    """One person for each pair of shares, the first session in the week START."""
    people = len(before)
    person, week = np.repeat(np.arange(people), WEEKS), np.tile(np.arange(WEEKS), people)
    share = np.where(week < START, np.array(before)[person], np.array(after)[person])
    panel = panel_of(person, week, share, dict.fromkeys(range(people), START))
    return replace(panel, outcome=SCHOOL_ATTENDANCE)


def test_people_are_counted_from_band_to_band() -> None:
    before, after = [0.0, 0.05, 0.5, 0.8, 0.9, 1.0], [0.05, 0.9, 1.0, 0.5, 0.95, 0.0]
    found = attendance_bands(school_panel(before, after))[0]
    assert BANDS == ("under 10%", "10% to 80%", "over 80%", "full time")
    assert found.people == 6
    assert found.table.tolist() == [[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0]]
    assert (found.rose, found.fell) == (2, 1)
    assert found.before.tolist() == [2, 2, 1, 1]
    assert found.after.tolist() == [2, 1, 2, 1]


def test_full_time_is_said_of_weeks_where_it_is_known() -> None:
    panel = school_panel([0.9, 0.9], [0.9, 0.9])
    week = np.tile(np.arange(WEEKS), 2)
    full = (panel.check_ins.person == 1) & (week >= START)
    assert attendance_bands(panel, full_time=full)[0].table.tolist()[2] == [0, 0, 1, 1]


def test_only_the_latest_weeks_count_and_some_are_needed_on_both_sides() -> None:
    panel = school_panel([0.5, 0.5], [0.2, 0.2])
    late = np.tile(np.arange(WEEKS), 2) >= WEEKS - 4
    score = np.where(late, 0.95, panel.check_ins.score)
    changed = replace(panel, check_ins=replace(panel.check_ins, score=score))
    assert attendance_bands(changed, weeks=4)[0].table[1, 2] == 2
    assert attendance_bands(changed)[0].table[1, 1] == 2
    early = replace(panel, sessions=replace(panel.sessions, time=np.array([7 * 2, 7 * START])))
    assert attendance_bands(early)[0].people == 1


def test_two_records_of_one_week_are_one_week() -> None:
    panel = school_panel([0.5], [0.9])
    entries = panel.check_ins
    twice = replace(
        panel,
        check_ins=replace(
            entries,
            person=np.tile(entries.person, 2),
            time=np.tile(np.asarray(entries.time, np.int64), 2),
            score=np.tile(entries.score, 2),
        ),
    )
    assert attendance_bands(twice, weeks=3)[0].table.tolist() == attendance_bands(panel, weeks=3)[0].table.tolist()


def test_shares_in_per_cent_and_shares_that_are_none() -> None:
    panel = school_panel([0.5], [0.9])
    hundred = replace(SCHOOL_ATTENDANCE, high=100.0, times=1.0)
    scored = replace(panel, outcome=hundred, check_ins=replace(panel.check_ins, score=100 * panel.check_ins.score))
    assert attendance_bands(scored)[0].table.tolist() == attendance_bands(panel)[0].table.tolist()
    with pytest.raises(PanelIsMalformed, match="outside its scale"):
        attendance_bands(replace(scored, outcome=None))
    with pytest.raises(PanelIsMalformed, match="differ in length"):
        attendance_bands(panel, full_time=np.zeros(3, np.bool_))


def test_nothing_recorded_gives_empty_tables() -> None:
    panel = school_panel([0.5], [0.9])
    nobody = panel_of([], [], [], {}, 1)
    assert attendance_bands(nobody)[0].people == 0
    assert attendance_bands(replace(panel, sessions=nobody.sessions))[0].people == 0
