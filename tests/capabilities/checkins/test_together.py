"""Words for feelings, who somebody was with, and what a young person says while their mentor types."""

from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.checkins.models import CheckIn
from app.checkins.values import ALL_FEELINGS, FEELINGS, FINER_FEELINGS
from app.database import db, transaction
from app.young_people.services import choose_sharing
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

SAID = "The bus was loud and I still got on"


def told(**more: object) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "answer": "4",
        "audience": "mentor",
        "feelings": ["brave"],
        "who_with": ["mentor"],
        "words": SAID,
        **more,
    }


@pytest.fixture
def mentor(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.mentor)


def page_of(cast: Cast) -> str:
    return f"/young-people/{cast.amina}/check-in-together"


def only_one() -> CheckIn:
    db.session.rollback()
    return db.session.execute(select(CheckIn)).scalar_one()


def test_there_are_twelve_words_and_more_under_each() -> None:
    assert len(FEELINGS) == 12
    assert set(FINER_FEELINGS) == set(FEELINGS)
    assert len(ALL_FEELINGS) == 12 + sum(len(finer) for finer in FINER_FEELINGS.values())


def test_a_finer_word_and_who_with_are_kept_and_read_back(cast: Cast, sign_in: SignIn) -> None:
    phone, one_id = sign_in(cast.young_person), uuid4()
    phone.post("/check-ins", data={"id": str(one_id), "measure": "faces", "answer": "4"})
    sent = {"answer": "4", "audience": "mentor", "feelings": ["proud", "brave"], "who_with": ["pet"]}
    assert phone.post(f"/check-ins/{one_id}", data=sent).status_code == 303
    page = phone.get(f"/check-ins/{one_id}").text
    assert 'name="feelings" value="brave" checked' in page
    assert 'name="who_with" value="pet" checked' in page
    assert "Proud, Brave, With: a pet" in phone.get("/check-ins").text
    assert "With: a pet" in sign_in(cast.mentor).get(f"/young-people/{cast.amina}").text
    assert phone.post(f"/check-ins/{one_id}", data={**sent, "who_with": ["dragon"]}).status_code == 422


def test_who_said_and_who_typed_are_recorded_and_shown_to_both(
    cast: Cast, mentor: FlaskClient, sign_in: SignIn
) -> None:
    answer = mentor.post(page_of(cast), data=told())
    assert answer.status_code == 303, answer.text
    made = only_one()
    assert (made.author_id, made.typed_by) == (cast.young_person.account_id, cast.mentor.account_id)
    assert (made.feelings, made.who_with, made.words) == (["brave"], ["mentor"], SAID)
    assert "Said by Amina, typed by you" in mentor.get(answer.location).text
    assert "Said by Amina, typed by you. Shared with you" in mentor.get(f"/young-people/{cast.amina}").text
    phone = sign_in(cast.young_person)
    assert "You said it, Jo typed it." in phone.get("/check-ins").text
    assert "You said it, Jo typed it." in phone.get(f"/check-ins/{made.id}").text
    actions = db.session.execute(select(AuditEntry.action, AuditEntry.actor_id)).all()
    assert ("check_in:recorded_together", cast.mentor.account_id) in [tuple(one) for one in actions]


def test_the_same_form_sent_twice_is_one(cast: Cast, mentor: FlaskClient) -> None:
    sent = told()
    assert mentor.post(page_of(cast), data=sent).location == mentor.post(page_of(cast), data=sent).location
    assert only_one().words == SAID


def test_both_can_take_it_back_and_nobody_else_s_can_be(cast: Cast, mentor: FlaskClient, sign_in: SignIn) -> None:
    phone, own = sign_in(cast.young_person), uuid4()
    phone.post("/check-ins", data={"id": str(own), "measure": "faces", "answer": "2"})
    taken_back = f"/young-people/{cast.amina}/check-ins/{{}}/take-back"
    assert mentor.post(taken_back.format(own)).status_code == 404
    sent = told()
    mentor.post(page_of(cast), data=sent)
    assert mentor.post(taken_back.format(sent["id"])).status_code == 303
    db.session.rollback()
    assert db.session.get_one(CheckIn, UUID(str(sent["id"]))).undone_at is not None
    again = told()
    mentor.post(page_of(cast), data=again)
    assert phone.post(f"/check-ins/{again['id']}/undo").status_code == 303
    assert mentor.get(f"/young-people/{cast.amina}/check-ins/{again['id']}/saved").status_code == 404


def test_it_is_seen_by_both_whatever_the_usual_is(cast: Cast, mentor: FlaskClient) -> None:
    with transaction():
        choose_sharing(
            viewer=cast.young_person,
            default_audience=Audience.ONLY_ME,
            profile_audience=Audience.TEAM,
            shares_profile_with_providers=False,
            in_group_figures=True,
        )
    page = mentor.get(page_of(cast)).text
    assert 'value="only_me"' not in page
    assert 'value="mentor" checked' in page
    refused = mentor.post(page_of(cast), data=told(audience="only_me"))
    assert refused.status_code == 422
    assert SAID in refused.text


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(cast: Cast, mentor: FlaskClient) -> None:
    refused = mentor.post(page_of(cast), data=told(answer=""))
    assert refused.status_code == 422
    assert "Choose one of the answers." in refused.text
    assert SAID in refused.text
    assert 'value="brave" checked' in refused.text


def test_only_a_mentor_of_theirs_may(cast: Cast, sign_in: SignIn) -> None:
    for viewer in (cast.unrelated_mentor, cast.parent_carer, cast.council_staff, cast.young_person):
        assert sign_in(viewer).get(page_of(cast)).status_code == 404
        assert sign_in(viewer).post(page_of(cast), data=told()).status_code == 404
