from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, transaction
from app.safeguarding import services
from app.safeguarding.concern_words import found_words
from app.safeguarding.models import Concern
from app.safeguarding.queries import concern_for, concerns_of, open_concerns
from app.web.errors import NotFoundError
from app.young_people.models import Relationship
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import end_relationship
from tests.conftest import SignIn
from tests.people import Cast


def test_help_now_is_there_for_everybody_signed_in_or_not(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for client in (app.test_client(), *(sign_in(viewer) for viewer in cast.everybody.values())):
        text = client.get("/help-now").text
        for words in ("999", "0800 1111", "111, then 2"):
            assert words in text
        assert "Nobody is watching" in text


def test_asking_goes_to_the_mentors_list_once(cast: Cast, sign_in: SignIn) -> None:
    phone, sent = sign_in(cast.young_person), {"id": str(uuid4()), "words": "Can we talk"}
    for _ in range(2):
        assert phone.post("/help-now/ask", data=sent).status_code == 303
    assert db.session.execute(select(func.count()).select_from(Concern)).scalar_one() == 1
    for found in (open_concerns(young_person_for(cast.mentor, cast.amina)), open_concerns([cast.amina])):
        assert [one.words for one in found] == ["Can we talk"]
    text = phone.get("/help-now").text
    assert "Nobody has seen it yet." in text
    assert "Ask Jo to get in touch" in text


def test_one_tap_says_that_they_do_not_feel_safe(cast: Cast, sign_in: SignIn) -> None:
    phone, sent = sign_in(cast.young_person), {"id": str(uuid4()), "not_safe": "1"}
    assert "I don’t feel safe" in phone.get("/help-now").text
    for _ in range(2):
        assert phone.post("/help-now/ask", data=sent).status_code == 303
    (concern,) = open_concerns(young_person_for(cast.mentor, cast.amina))
    assert (concern.words, found_words(concern)) == ("", "They tapped “I don’t feel safe”.")
    assert "You said you don’t feel safe" in phone.get("/help-now").text
    mentor = sign_in(cast.mentor)
    page = mentor.get(f"/young-people/{cast.amina}").text
    assert "Amina said “I don’t feel safe”" in page
    assert "They tapped “I don’t feel safe”." in page
    for path in ("/caseload", f"/calls-for-help/{concern.id}"):
        text = mentor.get(path).text.lower()
        assert "said “i don’t feel safe”" in text, path
        assert "wrote words" not in text, path


def test_the_young_person_is_told_who_saw_it_and_the_first_one_stands(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        access = own_access(cast.young_person)
        concern_id = services.raise_concern(viewer=cast.young_person, access=access).id
    access = young_person_for(cast.mentor, cast.amina)
    with transaction():
        first = services.acknowledge(viewer=cast.mentor, access=access, concern_id=concern_id).acknowledged_at
    with transaction():
        again = services.acknowledge(viewer=cast.mentor, access=access, concern_id=concern_id).acknowledged_at
    assert first == again
    assert open_concerns(access) == []
    assert "Jo saw it" in sign_in(cast.young_person).get("/help-now").text


def test_a_concern_is_for_the_young_person_and_their_mentors_alone(cast: Cast) -> None:
    with transaction():
        access = own_access(cast.young_person)
        concern_id = services.raise_concern(viewer=cast.young_person, access=access, words="at home").id
    parent = young_person_for(cast.parent_carer, cast.amina)
    assert open_concerns(parent) == concerns_of(parent) == []
    with pytest.raises(NotFoundError):
        concern_for(parent, concern_id)
    with transaction(), pytest.raises(NotFoundError):
        services.acknowledge(viewer=cast.parent_carer, access=parent, concern_id=concern_id)
    with transaction(), pytest.raises(NotFoundError):
        services.acknowledge(viewer=cast.young_person, access=access, concern_id=concern_id)
    with pytest.raises(NotFoundError):
        concern_for(own_access(cast.other_young_person), concern_id)


def test_too_many_words_stay_in_their_box(cast: Cast, sign_in: SignIn) -> None:
    words = "h" * 2001
    response = sign_in(cast.young_person).post("/help-now/ask", data={"words": words})
    assert response.status_code == 422
    assert "There is room for 2,000" in response.text
    assert words in response.text
    assert "999" in response.text


def test_nobody_is_promised_where_there_is_no_mentor(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        query = select(Relationship).where(Relationship.account_id == cast.mentor.account_id)
        end_relationship(relationship=db.session.execute(query).scalar_one(), actor=cast.mentor)
    text = sign_in(cast.young_person).get("/help-now").text
    assert "You have no mentor on Tidemark right now" in text
    assert "to get in touch</button>" not in text


def test_only_a_young_person_asks(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    assert app.test_client().post("/help-now/ask").status_code == 303
    for viewer in (cast.mentor, cast.parent_carer, cast.council_staff, cast.provider):
        assert sign_in(viewer).post("/help-now/ask").status_code == 404
    assert open_concerns([cast.amina]) == []


def test_a_call_that_was_saved_between_looking_and_writing_is_the_same_call(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, access, concern_id = cast.young_person, own_access(cast.young_person), uuid4()
    with transaction():
        services.raise_concern(viewer=viewer, access=access, concern_id=concern_id)
    db.session.expunge_all()
    monkeypatch.setattr(db.session, "get", lambda *_: None)
    with transaction():
        again = services.raise_concern(viewer=viewer, access=access, concern_id=concern_id)
        assert again.id == concern_id
    assert db.session.execute(select(func.count()).select_from(Concern)).scalar_one() == 1
