"""Sequential trials find a change beside known truth, count no recovery, and say nothing where they cannot tell."""

import numpy as np
import pytest

from app.impact.alternatives import SEQUENTIAL
from app.impact.estimation import estimate
from app.impact.panel import onsets, person_weeks
from app.impact.sequential import MOST_TRIALS, SequentialFit, sequential_trials
from app.impact.values import Panel, Sessions
from bench.panels import make_panel
from tests.capabilities.impact.made import panel_of, scenario_panel, small_panel, small_world


def trials_of(panel: Panel) -> SequentialFit:
    kinds = len(panel.interventions)
    return sequential_trials(person_weeks(panel.check_ins, panel.people), onsets(panel.sessions, kinds), kinds)


def test_a_recovery_that_was_on_its_way_is_not_counted() -> None:
    errors: list[float] = []
    spread: list[float] = []
    for seed in range(6):
        made = make_panel(200 + seed, small_world(people=300, weeks=44, effects=(0.0, 0.0, 0.6)))
        found = trials_of(made.panel)
        errors.extend(found.change - made.truth)
        spread.extend(found.standard_error)
    assert abs(float(np.mean(errors))) < 0.08
    assert float(np.std(errors)) == pytest.approx(float(np.mean(spread)), rel=0.4)


def test_changes_are_told_apart_and_the_alternative_is_shown() -> None:
    made = scenario_panel("none", 3, people=500, effects=(0.9, -0.9))
    found = trials_of(made.panel)
    assert found.change == pytest.approx(made.truth, abs=0.3)
    shown = [
        next(other for other in effect.alternatives if other.name == SEQUENTIAL)
        for effect in estimate(made.panel, use_prompts=False).interventions
    ]
    assert [other.change for other in shown] == pytest.approx(found.change)


def test_the_lot_is_always_the_same() -> None:
    panel = small_panel().panel
    assert (trials_of(panel).change == trials_of(panel).change).all()


def test_nothing_is_said_where_trials_cannot_tell() -> None:
    rng = np.random.default_rng(2)
    person, week = np.repeat(np.arange(30), 20), np.tile(np.arange(20), 30)
    score = rng.normal(5, 1, 600)
    for starts in ({}, dict.fromkeys(range(30), 9), {0: 1}, {0: 40}, {0: 9}):
        assert np.isnan(trials_of(panel_of(person, week, score, starts, 30)).change).all()
    panel = small_panel().panel
    first = panel.sessions.intervention == 0
    twin = Panel(
        panel.check_ins,
        Sessions(
            np.concatenate([panel.sessions.person, panel.sessions.person[first]]),
            np.concatenate([panel.sessions.intervention, np.full(int(first.sum()), 2)]),
            np.concatenate([panel.sessions.time, panel.sessions.time[first]]),
        ),
        ("art", "boxing", "art again"),
        panel.people,
    )
    assert np.isnan(trials_of(twin).change).tolist() == [True, False, True]


def test_more_first_sessions_than_are_needed_are_thinned_evenly() -> None:
    rng = np.random.default_rng(4)
    people, weeks = 2 * MOST_TRIALS + 400, 24
    person, week = np.repeat(np.arange(people), weeks), np.tile(np.arange(weeks), people)
    starts = {who: int(rng.integers(6, 18)) for who in range(2 * MOST_TRIALS)}
    start = np.array([starts.get(who, 99) for who in range(people)])
    score = 5 + rng.normal(0, 1, people)[person] + 0.5 * (week >= start[person]) + rng.normal(0, 1, person.size)
    found = trials_of(panel_of(person, week, score, starts, people))
    assert found.change[0] == pytest.approx(0.5, abs=3 * float(found.standard_error[0]))
    assert 0.01 < found.standard_error[0] < 0.06
