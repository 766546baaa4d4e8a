"""Who sees what a young person shares, in their words."""

from uuid import uuid4

from app.young_people.sharing import audience_choices, first_names, readers
from app.young_people.values import Audience, Tie

JO, SANA = (uuid4(), "Jo Bradshaw", Tie.MENTOR), (uuid4(), "Sana Rahman", Tie.PARENT_CARER)


def test_people_are_called_by_their_first_names_unless_two_share_one_or_it_is_a_title() -> None:
    names = ["Jo Bradshaw", "Sam Hill", "Sam Ito", "Mr Okoro", "you", ""]
    assert first_names(names) == {
        "Jo Bradshaw": "Jo",
        "Sam Hill": "Sam Hill",
        "Sam Ito": "Sam Ito",
        "Mr Okoro": "Mr Okoro",
        "you": "you",
        "": "",
    }


def test_readers_are_named_as_they_are_called() -> None:
    assert readers(Audience.TEAM, [JO, SANA]) == "Jo and Sana"
    assert readers(Audience.MENTOR, [SANA]) == "nobody yet"
    assert readers(Audience.ONLY_ME, [JO, SANA]) == "just you"


def test_a_choice_says_when_no_parent_or_carer_is_there_yet() -> None:
    who = {choice.value: choice.who for choice in audience_choices([JO])}
    assert who["parent_carer"] == "Jo, and no parent or carer yet"
    assert {choice.value: choice.who for choice in audience_choices([JO, SANA])}["parent_carer"] == "Jo and Sana"
    assert {choice.value: choice.who for choice in audience_choices([])}["parent_carer"] == "nobody yet"
