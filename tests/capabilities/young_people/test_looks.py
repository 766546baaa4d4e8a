"""How Tidemark looks and reads: chosen once, there on every page of the young person, and on nobody else's."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import db
from app.young_people.looks import USUAL, Colours, Letters, Looks, TextSize, from_map, to_map
from app.young_people.models import YoungPerson
from tests.conftest import SignIn
from tests.people import Cast

CHOSEN = {"size": "large", "letters": "lexend", "colours": "dark", "symbols": "y", "aloud": "y"}


@pytest.mark.parametrize(
    "looks", [USUAL, Looks(TextSize.LARGEST, Letters.DYSLEXIC, Colours.LIGHT, calm=True, still=True, big=True)]
)
def test_choices_survive_being_stored(looks: Looks) -> None:
    assert from_map(to_map(looks)) == looks


def test_what_is_not_known_any_more_counts_as_the_usual() -> None:
    assert from_map({"size": "enormous", "letters": "lexend", "sparkles": "yes"}) == Looks(letters=Letters.LEXEND)


@pytest.mark.parametrize(
    ("sent", "goes_to"),
    [
        ("/help-now", "/help-now"),
        ("//help-now", "/help-now"),
        ("help-now", "/help-now"),
        ("/c/derwent/card", "/c/derwent/card#ABCD-1234"),
        ("//c/derwent/card", "/c/derwent/card#ABCD-1234"),
        ("//elsewhere.example/help-now", "/"),
        ("https://elsewhere.example/help-now", "/"),
        ("/goals", "/"),
    ],
)
def test_choosing_a_language_leads_back_to_a_page_of_ours_only(app: Flask, sent: str, goes_to: str) -> None:
    answer = app.test_client().post("/language", data={"language": "cy", "to": sent, "code": "ABCD-1234"})
    assert answer.headers["Location"] == goes_to


def test_what_is_chosen_is_on_every_page_of_theirs_and_on_no_other(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    plain = client.get("/home").text
    assert "looks.css" not in plain
    assert "read-aloud.js" not in plain
    assert client.post("/me/how-it-looks", data=CHOSEN).status_code == 303
    for path in ("/home", "/goals", "/me/how-it-looks"):
        html = client.get(path).text
        assert 'class="size-large letters-lexend colours-dark symbols aloud"' in html
        assert "looks.css" in html
        assert "data-read-aloud" in html
        assert "symbols.svg?" in html
    assert "size-large" not in sign_in(cast.other_young_person).get("/home").text
    assert "size-large" not in sign_in(cast.mentor).get("/caseload").text


def test_it_is_sealed_and_written_down(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.young_person).post("/me/how-it-looks", data=CHOSEN)
    row = (
        db.session.execute(select(YoungPerson.__table__.c.looks).where(YoungPerson.__table__.c.id == cast.amina))
        .scalars()
        .first()
    )
    assert row is not None
    assert b"lexend" not in row
    assert db.session.execute(select(AuditEntry).where(AuditEntry.action == "looks:chosen")).scalar_one()


def test_an_unknown_choice_is_refused_beside_its_question_and_nothing_changes(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    answer = client.post("/me/how-it-looks", data={**CHOSEN, "size": "enormous"})
    assert answer.status_code == 422
    assert 'id="size-problem"' in answer.text
    assert 'value="lexend" checked' in answer.text
    assert "looks.css" not in client.get("/home").text
