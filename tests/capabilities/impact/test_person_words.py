"""What a mentor reads out never says that something worked for somebody."""

from dataclasses import replace

import numpy as np

from app.impact.person import person_effects
from app.impact.person_words import OnePerson, one_person, person_finding
from tests.capabilities.impact.made import small_panel

LIKELY = OnePerson(
    intervention="climbing",
    withheld=False,
    people=95,
    whole=0.7,
    change=0.8,
    standard_error=0.3,
    own_change=1.6,
    shrinkage=0.85,
    allowance=0.1,
)


def test_a_likely_change_comes_with_its_interval_and_what_it_rests_on() -> None:
    said = person_finding(LIKELY)
    assert "probably 0.8 points higher than expected (likely between +0.2 and +1.4)" in said
    assert "rests mostly on what was seen in the 95 young people who attended, and less on their own check-ins" in said
    assert "does not show what the change is owed to" in said


def test_an_interval_that_reaches_zero_says_we_cannot_tell() -> None:
    said = person_finding(replace(LIKELY, change=0.5))
    assert "we cannot tell" in said
    assert "higher" not in said


def test_the_allowance_for_recovery_counts() -> None:
    assert "we cannot tell" in person_finding(replace(LIKELY, change=0.6, allowance=0.2))
    assert "probably" in person_finding(replace(LIKELY, change=0.6, allowance=0.0))


def test_own_check_ins_come_first_where_they_weigh_more() -> None:
    said = person_finding(replace(LIKELY, shrinkage=0.2, change=-1.0, own_change=-1.2))
    assert "1.0 point lower" in said
    assert "rests mostly on their own check-ins, which alone would say \u22121.2" in said


def test_little_or_nothing_to_go_by_says_so() -> None:
    assert "too few check-ins before and after" in person_finding(replace(LIKELY, own_change=np.nan))
    assert "about what was expected" in person_finding(replace(LIKELY, own_change=np.nan, whole=0.0))
    withheld = person_finding(replace(LIKELY, withheld=True, people=4, whole=np.nan, change=np.nan))
    assert withheld == "climbing: there is too little to go by to say anything of one young person."


def test_every_entry_of_a_panel_can_be_read_out_and_none_claims_a_cause() -> None:
    panel = small_panel(6).panel
    found = person_effects(panel)
    for at in range(found.person.size):
        said = person_finding(one_person(found, at, panel.interventions[int(found.intervention[at])]))
        assert said.startswith("break-")
        assert "nan" not in said.lower()
        assert not any(word in said for word in ("worked", "helped", "because"))
