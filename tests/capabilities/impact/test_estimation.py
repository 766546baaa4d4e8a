"""What `estimate` finds in panels with known truth, and what it says where there is nothing to find."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.impact.documents import as_document
from app.impact.estimation import estimate
from app.impact.values import CheckIns, Estimate, Panel, PanelIsMalformed, Prompts, Referrals, Sessions, Times
from bench.panels import make_panel
from tests.capabilities.impact.made import panel_of, scenario_panel, small_panel, small_world


def bare(panel: Panel) -> Panel:
    return replace(panel, groups={}, prompts=None, referrals=None)


def moments(days: Times) -> Times:
    monday = np.datetime64("2025-09-01T09:30", "s")
    return monday + np.asarray(days, np.int64) * np.timedelta64(86_400, "s")


def as_json(found: Estimate) -> str:
    return json.dumps(as_document(found), allow_nan=False)


def test_recovery_after_referral_is_not_counted_and_the_naive_difference_counts_it() -> None:
    errors, naive = [], []
    for seed in range(5):
        made = make_panel(100 + seed, small_world(people=300, weeks=40, effects=(0.0, 0.0, 0.6)))
        found = estimate(bare(made.panel), minimum_group=2)
        for effect, truth in zip(found.interventions, made.truth, strict=True):
            assert effect.change is not None
            assert effect.naive_change is not None
            errors.append(effect.change - truth)
            naive.append(effect.naive_change - truth)
    assert abs(float(np.mean(errors))) < 3 * float(np.std(errors)) / np.sqrt(len(errors))
    assert np.mean(naive) < -0.3


def test_the_model_finds_how_sticky_mood_is() -> None:
    usual = estimate(bare(scenario_panel("none").panel)).model
    sticky = estimate(bare(scenario_panel("sticky").panel)).model
    assert usual.rho == pytest.approx(0.5, abs=0.06)
    assert sticky.rho == pytest.approx(0.8, abs=0.06)
    assert usual.sd_mood == pytest.approx(0.95, abs=0.1)
    assert usual.sd_check_in == pytest.approx(1.2, abs=0.05)
    assert (usual.people, usual.weeks, usual.used_referrals) == (600, 52, False)


def test_an_interval_says_what_its_parts_say() -> None:
    for effect in estimate(bare(small_panel().panel)).interventions:
        assert effect.change is not None
        assert effect.low is not None
        assert effect.high is not None
        assert effect.low_with_referral_allowance is not None
        assert effect.high_with_referral_allowance is not None
        assert effect.low < effect.change < effect.high
        assert effect.low_with_referral_allowance < effect.low
        assert effect.high_with_referral_allowance > effect.high
        assert effect.degrees_of_freedom == effect.people - 1
        assert effect.p is not None
        assert effect.q is not None
        assert effect.p <= effect.q <= 1


def test_the_order_of_rows_makes_no_difference() -> None:
    panel = bare(small_panel().panel)
    rng = np.random.default_rng(1)
    entries, sessions = panel.check_ins, panel.sessions
    rows, attended = rng.permutation(entries.person.size), rng.permutation(sessions.person.size)
    shuffled = replace(
        panel,
        check_ins=CheckIns(entries.person[rows], entries.time[rows], entries.score[rows]),
        sessions=Sessions(sessions.person[attended], sessions.intervention[attended], sessions.time[attended]),
    )
    for one, other in zip(estimate(panel).interventions, estimate(shuffled).interventions, strict=True):
        assert other.change == pytest.approx(one.change, abs=1e-7)
        assert other.standard_error == pytest.approx(one.standard_error, abs=1e-7)


def test_another_scale_gives_the_same_answer_in_its_own_points() -> None:
    panel = bare(small_panel().panel)
    stretched = replace(panel, check_ins=replace(panel.check_ins, score=1000 + 10 * panel.check_ins.score))
    for one, other in zip(estimate(panel).interventions, estimate(stretched).interventions, strict=True):
        assert one.change is not None
        assert one.p is not None
        assert other.change == pytest.approx(10 * one.change, abs=1e-4)
        assert other.p == pytest.approx(one.p, abs=1e-4)
    # The allowance for referral is one hundredth of the scale, whatever the scale.
    wide = estimate(stretched).interventions[0]
    assert wide.low is not None
    assert wide.low_with_referral_allowance is not None
    assert 0.1 < wide.low - wide.low_with_referral_allowance < 2


def test_datetimes_and_days_give_the_same_answer() -> None:
    panel = bare(small_panel().panel)
    dated = replace(
        panel,
        check_ins=replace(panel.check_ins, time=moments(panel.check_ins.time)),
        sessions=replace(panel.sessions, time=moments(panel.sessions.time)),
    )
    for one, other in zip(estimate(panel).interventions, estimate(dated).interventions, strict=True):
        assert other.change == pytest.approx(one.change, abs=1e-9)


def test_weekday_swings_are_taken_off() -> None:
    rng = np.random.default_rng(3)
    person = np.repeat(np.arange(40), 60)
    day = rng.integers(0, 140, person.size)
    swing = np.array([-1.5, 0, 0, 0.5, 1, 0, 0])
    plain = 5 + rng.normal(0, 0.5, person.size)
    sessions = Sessions(np.arange(20), np.zeros(20, np.int64), rng.integers(40, 100, 20))
    panel = Panel(CheckIns(person, day, plain), sessions, ("club",), 40)
    swung = replace(panel, check_ins=CheckIns(person, day, plain + swing[day % 7]))
    one, other = estimate(panel).interventions[0], estimate(swung).interventions[0]
    assert one.change is not None
    assert other.change == pytest.approx(one.change, abs=0.02)
    assert other.standard_error == pytest.approx(one.standard_error, rel=0.1)


def test_too_few_people_have_no_figures_at_all() -> None:
    panel = bare(small_panel().panel)
    people = estimate(panel).interventions[0].people
    shown = estimate(panel, minimum_group=people).interventions[0]
    assert shown.withheld is False
    assert shown.change is not None
    withheld = estimate(panel, minimum_group=people + 1).interventions[0]
    assert withheld.withheld is True
    assert withheld.people == people
    assert withheld.grade == "withheld"
    figures = (withheld.change, withheld.standard_error, withheld.low, withheld.high, withheld.p, withheld.q)
    allowed = (withheld.low_with_referral_allowance, withheld.high_with_referral_allowance)
    assert set(figures + allowed) == {None}
    assert withheld.naive_change is None
    assert withheld.shape == ()
    assert withheld.alternatives == ()


def test_what_everybody_began_in_the_same_week_cannot_be_told_from_the_calendar() -> None:
    rng = np.random.default_rng(2)
    person, week = np.repeat(np.arange(20), 20), np.tile(np.arange(20), 20)
    panel = panel_of(person, week, rng.normal(5, 1, 400), dict.fromkeys(range(20), 9))
    effect = estimate(panel).interventions[0]
    assert effect.change is None
    assert effect.withheld is False
    assert effect.grade == "cannot be estimated"
    assert "same week" in " ".join(effect.warnings)
    as_json(estimate(panel))


def test_two_interventions_that_always_come_together_cannot_be_told_apart() -> None:
    panel = bare(small_panel().panel)
    first = panel.sessions.intervention == 0
    sessions = Sessions(
        np.concatenate([panel.sessions.person, panel.sessions.person[first]]),
        np.concatenate([panel.sessions.intervention, np.full(int(first.sum()), 2)]),
        np.concatenate([panel.sessions.time, panel.sessions.time[first]]),
    )
    twin = replace(panel, sessions=sessions, interventions=("art", "boxing", "art again"))
    art, boxing, again = estimate(twin).interventions
    assert art.change is None
    assert again.change is None
    assert "art again" in " ".join(art.warnings)
    assert boxing.change == pytest.approx(estimate(panel).interventions[1].change, abs=1e-6)


@pytest.mark.parametrize(
    ("people", "weeks", "starts"),
    [
        (1, 20, {0: 8}),
        (30, 1, dict.fromkeys(range(12), 0)),
        (30, 20, dict.fromkeys(range(12), -4)),
        (30, 20, dict.fromkeys(range(12), 400)),
        (30, 20, {}),
        (2, 2, {0: 1}),
    ],
    ids=["one person", "one week", "begun before any check-in", "begun after the last", "nobody attended", "tiny"],
)
def test_strange_panels_give_an_answer_without_a_figure_and_never_an_error(
    people: int, weeks: int, starts: dict[int, int]
) -> None:
    rng = np.random.default_rng(1)
    person, week = np.repeat(np.arange(people), weeks), np.tile(np.arange(weeks), people)
    panel = panel_of(person, week, rng.normal(5, 1, person.size), starts)
    for smallest in (1, 10):
        found = estimate(panel, minimum_group=smallest)
        assert len(found.interventions) == 1
        as_json(found)
    assert found.interventions[0].change is None


def test_a_score_that_never_changes_gives_no_change() -> None:
    person, week = np.repeat(np.arange(30), 20), np.tile(np.arange(20), 30)
    starts = {who: 5 + who % 9 for who in range(15)}
    effect = estimate(panel_of(person, week, np.full(600, 7.0), starts)).interventions[0]
    assert effect.change == pytest.approx(0, abs=1e-9)
    assert effect.grade == "we cannot tell"


def test_people_who_attended_without_check_ins_count_for_nothing_and_are_mentioned() -> None:
    panel = bare(small_panel().panel)
    ghosts = np.arange(panel.people, panel.people + 4)
    sessions = Sessions(
        np.concatenate([panel.sessions.person, ghosts]),
        np.concatenate([panel.sessions.intervention, np.zeros(4, np.int64)]),
        np.concatenate([panel.sessions.time, np.full(4, 70)]),
    )
    one = estimate(panel).interventions[0]
    other = estimate(replace(panel, sessions=sessions, people=panel.people + 4)).interventions[0]
    assert other.people == one.people
    assert other.sessions == one.sessions + 4
    assert other.change == pytest.approx(one.change, abs=1e-9)
    assert "have no check-in" in other.warnings[0]


def test_a_panel_without_check_ins_withholds_everything() -> None:
    none = CheckIns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    found = estimate(replace(bare(small_panel().panel), check_ins=none))
    assert [effect.withheld for effect in found.interventions] == [True, True]
    assert found.model.check_ins == 0
    as_json(found)


def test_decades_between_check_ins_are_no_trouble() -> None:
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(30), 10)
    week = rng.choice([0, 1, 2, 3, 2_000, 2_001, 2_002, 5_000], person.size)
    starts = {who: 2_001 if who % 2 else 2 for who in range(24)}
    as_json(estimate(panel_of(person, week, rng.normal(5, 1, person.size), starts)))


def random_panel(seed: int) -> Panel:
    """A small panel of anything: hardly any check-ins, everybody at once, referrals after the start, no answers."""
    rng = np.random.default_rng(seed)
    people, weeks, kinds = (int(rng.integers(1, most)) for most in (40, 30, 5))
    number, attended, asked = (int(rng.integers(0, most)) for most in (2 * people * weeks, people * kinds + 1, 200))
    sessions = Sessions(
        rng.integers(0, people, attended),
        rng.integers(0, kinds, attended),
        rng.integers(-20, 7 * weeks + 20, attended) if seed % 4 else np.full(attended, 7 * (weeks // 2)),
    )
    return Panel(
        CheckIns(
            rng.integers(0, people, number),
            rng.integers(0, 7 * weeks, number),
            rng.integers(0, 11, number).astype(np.float64),
        ),
        sessions,
        tuple(f"offer {kind}" for kind in range(kinds)),
        people,
        Referrals(sessions.person, sessions.intervention, sessions.time - rng.integers(-5, 60, attended)),
        Prompts(rng.integers(0, people, asked), rng.integers(0, 7 * weeks, asked), rng.random(asked) < rng.random()),
        {"kind": tuple(rng.choice(["x", "y", "z"], people)), "place": tuple(rng.choice(["u", "v"], people))},
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(40))
def test_any_panel_at_all_gives_words_and_finite_figures(seed: int) -> None:
    for smallest in (1, 10):
        found = estimate(random_panel(seed), minimum_group=smallest)
        as_json(found)
        for effect in found.interventions:
            figures = (effect.change, effect.low, effect.high, effect.p, effect.q, effect.naive_change)
            assert all(figure is None or np.isfinite(figure) for figure in figures)
            assert effect.grade
            assert effect.finding
            assert effect.withheld is (effect.people < smallest)


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_scores_that_are_no_numbers_are_refused(score: float) -> None:
    with pytest.raises(PanelIsMalformed, match="finite"):
        estimate(panel_of([0, 1], [0, 1], [1.0, score], {0: 1}))


def test_arrays_that_do_not_fit_are_refused() -> None:
    panel = panel_of([0, 1], [0, 1], [1.0, 2.0], {0: 1})
    with pytest.raises(PanelIsMalformed, match="outside"):
        estimate(replace(panel, people=1))
    with pytest.raises(PanelIsMalformed, match="differ in length"):
        estimate(replace(panel, check_ins=replace(panel.check_ins, score=np.ones(3))))
    with pytest.raises(PanelIsMalformed, match="labels"):
        estimate(replace(panel, groups={"need": ("ASD",)}))
    with pytest.raises(PanelIsMalformed, match="missing"):
        estimate(replace(panel, check_ins=replace(panel.check_ins, time=np.array(["NaT", "2026-01-01"], "M8[s]"))))
