"""What a mentor reads out never says that something worked for somebody."""

from dataclasses import replace

import numpy as np

from app.impact.person import person_effects
from app.impact.person_words import OnePerson, no_proof, one_person, person_basis, person_finding
from tests.capabilities.impact.made import small_panel

LIKELY = OnePerson(
    name="Amina",
    intervention="Climbing club",
    withheld=False,
    people="95",
    whole=0.7,
    change=0.8,
    standard_error=0.3,
    own_change=1.6,
    own_standard_error=0.9,
    shrinkage=0.85,
    allowance=0.1,
)


def test_a_likely_change_comes_with_its_interval_and_what_it_rests_on() -> None:
    assert person_finding(LIKELY) == (
        "Since Climbing club began, Amina’s weekly wellbeing has probably been 0.8 points higher than expected, likely "
        "between +0.2 and +1.4."
    )
    assert person_basis(LIKELY) == (
        "Most of this is what followed for the 95 young people who came; the rest is Amina’s own check-ins. On their "
        "own, these would say +1.6, anything between \u22120.2 and +3.4."
    )
    assert "no proof that Climbing club worked for Amina, or that it did not" in no_proof(LIKELY)


def test_an_interval_that_reaches_zero_says_we_cannot_tell() -> None:
    said = person_finding(replace(LIKELY, change=0.5))
    assert "We cannot tell" in said
    assert "higher" not in said


def test_the_allowance_for_recovery_counts() -> None:
    assert "We cannot tell" in person_finding(replace(LIKELY, change=0.7, allowance=0.2))
    assert "probably" in person_finding(replace(LIKELY, change=0.7, allowance=0.0))
    assert "We cannot tell" in person_finding(replace(LIKELY, change=0.6, allowance=0.0))


def test_how_much_is_the_person_s_own_is_said_in_words() -> None:
    said = {share: person_basis(replace(LIKELY, shrinkage=share)) for share in (0.95, 0.7, 0.5, 0.2)}
    assert said[0.95].startswith("Nearly all of this is what followed for the 95")
    assert said[0.7].startswith("Most of this is what followed for the 95")
    assert said[0.5].startswith("About half of this is what followed for the 95")
    assert said[0.2].startswith("Most of this is Amina’s own check-ins")


def test_little_or_nothing_to_go_by_says_so() -> None:
    assert "too few check-ins before and after" in person_finding(replace(LIKELY, own_change=np.nan))
    assert "about what was expected" in person_finding(replace(LIKELY, own_change=np.nan, whole=0.0))
    assert not person_basis(replace(LIKELY, own_change=np.nan))
    withheld = person_finding(replace(LIKELY, withheld=True, people="4", whole=np.nan, change=np.nan))
    assert withheld == "There is too little to go by to say anything of one young person after Climbing club."


def test_every_entry_of_a_panel_can_be_read_out_and_none_claims_a_cause() -> None:
    panel = small_panel(6).panel
    found = person_effects(panel)
    for at in range(found.person.size):
        one = one_person(found, at, name="Amina", intervention=panel.interventions[int(found.intervention[at])])
        said = person_finding(one) + person_basis(one)
        assert "break-" in said
        assert "nan" not in said.lower()
        assert not any(word in said for word in ("worked", "helped", "because"))
