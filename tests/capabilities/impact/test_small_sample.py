"""Intervals stand for leaving one person out, and hold with few people."""

from dataclasses import replace

import numpy as np
import pytest

from app.impact import design
from app.impact.event_time import fit_means
from app.impact.panel import onsets, person_weeks
from app.impact.small_sample import p_value, t_interval
from app.impact.state_space import Mood
from app.impact.values import Panel
from tests.capabilities.impact.made import small_panel

MOOD = Mood(0.6, 0.5)


def mean_changes(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    cells = person_weeks(panel.check_ins, panel.people)
    begun = onsets(panel.sessions, len(panel.interventions))
    means = fit_means(cells, begun, begun.intervention, len(panel.interventions), MOOD)
    return means.fitted.change, means.fitted.standard_error


def without(panel: Panel, person: int) -> Panel:
    entries, sessions = panel.check_ins, panel.sessions
    kept, attended = entries.person != person, sessions.person != person
    return replace(
        panel,
        check_ins=replace(entries, person=entries.person[kept], time=entries.time[kept], score=entries.score[kept]),
        sessions=replace(
            sessions,
            person=sessions.person[attended],
            intervention=sessions.intervention[attended],
            time=sessions.time[attended],
        ),
        groups={},
    )


def test_the_correction_is_close_to_leaving_each_person_out() -> None:
    panel = small_panel(5, people=60, weeks=24).panel
    change, error = mean_changes(panel)
    left_out = np.array([mean_changes(without(panel, person))[0] for person in range(panel.people)])
    jackknife = np.sqrt(((left_out - change) ** 2).sum(0))
    # Leaving somebody out also moves the check-ins that the mean is over, so that the two agree only closely.
    assert error == pytest.approx(jackknife, rel=0.12)


def test_people_are_laid_out_in_blocks_without_changing_any_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = small_panel(5).panel
    change, error = mean_changes(panel)
    monkeypatch.setattr(design, "BLOCK_VALUES", 2_000)
    cells = person_weeks(panel.check_ins, panel.people)
    assert len(design.blocks(cells, [])) > 3
    again = mean_changes(panel)
    assert again[0] == pytest.approx(change, rel=1e-9)
    assert again[1] == pytest.approx(error, rel=1e-9)


def test_intervals_and_p_values_agree_with_each_other_and_with_tables() -> None:
    low, high = t_interval(1.0, 0.5, 11)
    assert (high - low) / 2 == pytest.approx(2.200985 * 0.5, rel=1e-6)
    assert p_value(2.200985 * 0.5, 0.5, 11) == pytest.approx(0.05, rel=1e-5)
    assert p_value(0.0, 0.0, 5) == 1.0
