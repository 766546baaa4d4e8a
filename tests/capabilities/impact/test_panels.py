"""The generator makes the very panels that its rules say, to the last check-in."""

import hashlib

import numpy as np
import pytest

from app.impact.values import Panel
from bench.panels import SCENARIOS, make_panel, scenario
from tests.capabilities.impact.made import small_panel

# Fixed by an independent implementation of the same rules, seed 3: digest of every record, check-ins, true effects.
EXPECTED = {
    "observed": ("6106fe40beb7147e", 34389, (0.0291, 0.0116, 0.4310, 0.6587, -0.4409)),
    "latent": ("fce4069dea8cdb3e", 34164, (-0.0322, -0.0215, 0.3987, 0.7168, -0.4982)),
    "none": ("0bc9543c0123f005", 34404, (-0.0164, 0.0082, 0.4260, 0.7904, -0.4507)),
    "waiting": ("858a098603308827", 34141, (-0.0564, 0.0286, 0.4170, 0.6792, -0.4551)),
    "sticky": ("55990a83c828ab85", 34559, (0.0490, 0.0287, 0.4009, 0.6642, -0.4273)),
    "fading-in": ("89387bc729ffc7e0", 34203, (0.0455, 0.0634, 0.3719, 0.5724, -0.4351)),
    "few": ("06231aa18ec13aef", 5102, (0.0200, -0.0623, 0.7282, 0.8333, -0.3955)),
}


def digest(panel: Panel) -> str:
    assert panel.prompts is not None
    assert panel.referrals is not None
    columns = [
        panel.check_ins.person, panel.check_ins.time, panel.check_ins.score,
        panel.prompts.person, panel.prompts.time, panel.prompts.answered,
        panel.sessions.person, panel.sessions.intervention, panel.sessions.time,
        panel.referrals.person, panel.referrals.intervention, panel.referrals.time,
    ]  # fmt: skip
    found = hashlib.sha256()
    for column in columns:
        found.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
    return found.hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_is_made_as_its_rules_say(name: str) -> None:
    made = make_panel(3, scenario(name))
    expected, check_ins, truth = EXPECTED[name]
    assert digest(made.panel) == expected
    assert made.panel.check_ins.person.size == check_ins
    assert made.truth == pytest.approx(truth, abs=5e-5)


def test_the_same_seed_makes_the_same_panel_and_another_seed_another() -> None:
    assert digest(small_panel(1).panel) == digest(small_panel(1).panel)
    assert digest(small_panel(1).panel) != digest(small_panel(2).panel)


def test_groups_by_lot_change_only_the_effects_and_the_true_effects_of_each_person_are_told() -> None:
    plain, shifted = small_panel(1), small_panel(1, shifts=(-0.5, 0.5))
    member = np.array(shifted.panel.groups["group"]) == "group-2"
    assert "group" not in plain.panel.groups
    assert shifted.drawn - plain.drawn == pytest.approx(np.where(member, 0.5, -0.5)[:, None] * np.ones((1, 2)))
    assert plain.drawn.std(axis=0) == pytest.approx([0.3, 0.3], abs=0.07)
    assert plain.gained.sum(0) / plain.check_ins_after.sum(0) == pytest.approx(plain.truth)
    truth = shifted.truth_of("group")
    assert (truth["group-2"] - truth["group-1"] > 0.5).all()
