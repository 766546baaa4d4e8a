"""The methods that the benches measure against say what they should, and the accuracy bench judges as it claims."""

from pathlib import Path

import numpy as np
import pytest

from app.impact.baselines import steps, two_way_fixed_effects
from app.impact.design import blocks
from app.impact.event_time import ONE_STEP, event_terms
from app.impact.least_squares import Size, accumulate, basis_of, solve
from app.impact.panel import Onsets, PersonWeeks, onsets, person_weeks
from app.impact.state_space import Mood
from app.impact.values import CheckIns
from bench.impact_accuracy import Requirement, Share, misses
from bench.large_panel import INTERVENTIONS, WEEKS, large_panel, read, write
from bench.numpy_peers import kalman, two_way

PEOPLE = 60


@pytest.fixture(scope="module")
def panel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("panel") / "panel.npz"
    write(large_panel(100 * PEOPLE, PEOPLE), path)
    return path


@pytest.fixture(scope="module")
def held(panel_file: Path) -> dict[str, np.ndarray]:
    with np.load(panel_file) as file:
        found = {name: file[name] for name in ("person", "time", "score", "start", "kind")}
    found["week"] = found.pop("time") // 7
    return found


@pytest.fixture(scope="module")
def laid(panel_file: Path) -> tuple[PersonWeeks, Onsets]:
    """Cells without the engine's weekday means, which the peers do not take off: every check-in on a Monday."""
    panel = read(panel_file, prompts=False)
    entries = panel.check_ins
    monday = CheckIns(entries.person, 7 * (np.asarray(entries.time, np.int64) // 7), entries.score)
    return person_weeks(monday, panel.people), onsets(panel.sessions, INTERVENTIONS)


def test_a_large_panel_has_exactly_the_check_ins_asked_for_and_a_prompt_for_each(panel_file: Path) -> None:
    panel = read(panel_file, prompts=True)
    assert panel.check_ins.person.size == 100 * PEOPLE
    assert panel.prompts is not None
    assert panel.prompts.answered.sum() == 100 * PEOPLE
    assert panel.prompts.answered.mean() < 0.9


def test_two_way_by_suffix_sums_agrees_with_the_engines_own(
    held: dict[str, np.ndarray], laid: tuple[PersonWeeks, Onsets]
) -> None:
    cells, begun = laid
    treatment = steps(cells, begun, INTERVENTIONS).toarray()
    expected = two_way_fixed_effects(
        cells.person, cells.week, cells.mean, treatment, cluster=cells.person, weight=cells.count
    )
    change, error = two_way(**held, kinds=INTERVENTIONS, weeks=WEEKS)
    assert change == pytest.approx(expected.change, rel=1e-6, abs=1e-8)
    assert error == pytest.approx(expected.standard_error, rel=1e-6)


def test_the_kalman_filter_agrees_with_the_engines_solve_to_six_figures(
    held: dict[str, np.ndarray], laid: tuple[PersonWeeks, Onsets]
) -> None:
    cells, begun = laid
    size = Size(cells.weeks.size, INTERVENTIONS)
    made = blocks(cells, [event_terms(begun, begun.intervention, ONE_STEP)])
    equations = accumulate(made, Mood(1.0 / 1.44, 0.5), size)
    fit = solve(equations, basis_of(equations))
    change, error = kalman(**held, kinds=INTERVENTIONS, weeks=WEEKS, mood=1.0, check_in=1.44, rho=0.5)
    assert change == pytest.approx(fit.value[size.weeks :], rel=1e-6, abs=1e-8)
    assert error == pytest.approx(1.2 * np.sqrt(np.diag(fit.inverse)[size.weeks :]), rel=1e-6)


def test_noise_is_counted_by_seed_and_missing_entries_take_no_part() -> None:
    # Two entries of a seed that always agree are one observation: the error is that of four, not of eight.
    share = Share.of(np.repeat([[0.0], [1.0], [1.0], [0.0]], 2, axis=1))
    assert share.value == 0.5
    assert share.error == pytest.approx(np.std([0, 1, 1, 0], ddof=1) / 2)
    assert Share.of(np.array([[1.0, np.nan], [0.0, np.nan]])).value == 0.5
    assert np.isnan(Share.of(np.full((2, 2), np.nan)).value)


def test_a_requirement_is_missed_only_beyond_two_standard_errors() -> None:
    effects, limit = np.array([0.0, 0.5]), Requirement(0.02, 0.93, 0.07)
    good = np.zeros((100, 2, 3))
    good[:, :, 1] = 1.0
    assert not list(misses(good, effects, limit))
    noisy = good.copy()
    noisy[:, :, 0] = 0.03 + np.where(np.arange(100) % 2, 0.1, -0.1)[:, None]
    assert not list(misses(noisy, effects, limit))
    bad = good.copy()
    bad[:, :, 0], bad[:20, :, 1], bad[:20, 0, 2] = 0.03, 0.0, 1.0
    assert [text.split()[0] for text in misses(bad, effects, limit)] == ["bias", "coverage", "false"]
