from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts.values import Viewer
from app.checkins.models import CheckIn
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

pytestmark = pytest.mark.any_database

HTMX = {"HX-Request": "true"}


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def tap(answer: object = 4, **more: object) -> dict[str, object]:
    return {"id": str(uuid4()), "measure": "faces", "answer": str(answer), **more}


def recorded(viewer: Viewer, **more: object) -> CheckIn:
    new = NewCheckIn(**{"id": uuid4(), "measure": "faces", "answer": 4, **more})  # type: ignore[arg-type]
    with transaction():
        return record_check_in(viewer=viewer, access=own_access(viewer), new=new)


def how_many() -> int:
    query = select(func.count()).select_from(CheckIn).where(CheckIn.undone_at.is_(None))
    return db.session.execute(query).scalar_one()


def test_home_asks_with_five_named_faces_each_with_an_id_of_its_own(phone: FlaskClient) -> None:
    text = phone.get("/home").text
    for words in ("How are you right now?", "Really hard", "Not great", "Okay", "Good", "Really good"):
        assert words in text
    ids = [part.split('"')[0] for part in text.split('name="id" value="')[1:6]]
    assert len(set(ids)) == 5


def test_one_tap_saves_and_a_second_send_of_it_changes_nothing(phone: FlaskClient) -> None:
    sent = tap()
    first = phone.post("/check-ins", data=sent)
    again = phone.post("/check-ins", data=sent)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location == f"/check-ins/{sent['id']}"
    assert "Saved." in phone.get(first.location).text
    assert how_many() == 1


def test_htmx_gets_the_saved_panel_and_not_a_page(phone: FlaskClient) -> None:
    answer = phone.post("/check-ins", data=tap(), headers=HTMX)
    assert answer.status_code == 200
    assert "Saved: Good" in answer.text
    assert "Say more if you want" in answer.text
    assert "<html" not in answer.text


def test_who_sees_what_is_told_before_the_first_check_in_and_not_after(cast: Cast, phone: FlaskClient) -> None:
    before = phone.get("/home").text
    assert "Who sees it" in before
    assert "One exception" in before
    phone.post("/check-ins", data=tap())
    assert db.session.get_one(YoungPerson, cast.amina).told_who_sees_at is not None
    assert "One exception" not in phone.get("/home").text


@pytest.mark.parametrize("answer", ["6", "0", "happy", "", "nan", "inf"])
def test_an_unknown_answer_is_refused_in_words(phone: FlaskClient, answer: str) -> None:
    for headers in ({}, HTMX):
        response = phone.post("/check-ins", data=tap(answer), headers=headers)
        assert response.status_code == 422
        assert "That is not one of the answers" in response.text
    assert how_many() == 0


def test_a_tap_without_an_id_is_refused(phone: FlaskClient) -> None:
    assert phone.post("/check-ins", data={"answer": "4"}).status_code == 422


def test_undo_takes_it_back_and_asks_again(phone: FlaskClient, cast: Cast) -> None:
    made = recorded(cast.young_person)
    response = phone.post(f"/check-ins/{made.id}/undo", headers=HTMX)
    assert "Taken back" in response.text
    assert "How are you right now?" in response.text
    assert how_many() == 0
    assert phone.get(f"/check-ins/{made.id}").status_code == 404


def test_more_is_added_and_what_it_said_before_can_be_read(phone: FlaskClient, cast: Cast) -> None:
    made = recorded(cast.young_person, words="too loud")
    sent = {"answer": "2", "words": "quieter now", "feelings": ["calm", "tired"], "going_on": "school"}
    response = phone.post(f"/check-ins/{made.id}", data={**sent, "audience": "parent_carer"})
    assert response.status_code == 303
    text = phone.get(f"/check-ins/{made.id}").text
    assert "quieter now" in text
    assert "What it said before" in text
    assert "too loud" in text
    changed = db.session.get_one(CheckIn, made.id)
    assert (changed.answer, changed.audience, changed.feelings) == (2, Audience.PARENT_CARER, ["calm", "tired"])


def test_what_was_typed_stays_when_something_is_wrong(phone: FlaskClient, cast: Cast) -> None:
    made = recorded(cast.young_person)
    tomorrow = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    sent = {"answer": "2", "words": "it was fine", "feelings": "proud", "audience": "only_me", "at": tomorrow}
    response = phone.post(f"/check-ins/{made.id}", data=sent)
    assert response.status_code == 422
    assert "That time has not come yet" in response.text
    for kept in ("it was fine", 'value="proud" checked', 'value="only_me" checked', tomorrow):
        assert kept in response.text
    too_long = phone.post(f"/check-ins/{made.id}", data={**sent, "at": "", "words": "w" * 2001})
    assert too_long.status_code == 422
    assert "room for 2,000" in too_long.text
    assert "w" * 2001 in too_long.text
    odd = phone.post(f"/check-ins/{made.id}", data={**sent, "at": "", "feelings": "furious"})
    assert odd.status_code == 422
    assert db.session.get_one(CheckIn, made.id).answer == 4


def test_numbers_are_asked_of_somebody_who_prefers_them(phone: FlaskClient) -> None:
    assert phone.post("/how-i-answer", data={"measure": "ons4_anxious"}).status_code == 422
    assert phone.post("/how-i-answer", data={"measure": "scale"}).status_code == 303
    text = phone.get("/home").text
    assert "10 out of 10" in text
    assert "Really hard" not in text
    response = phone.post("/check-ins", data=tap(7, measure="scale"), headers=HTMX)
    assert "Saved: 7 out of 10" in response.text


def test_the_list_goes_on_page_by_page_to_the_first_one(phone: FlaskClient, cast: Cast) -> None:
    moment = clock.now() - timedelta(days=3)
    for number in range(23):
        recorded(cast.young_person, at=moment - timedelta(minutes=number), words=f"entry {number}.")
    first = phone.get("/check-ins").text
    assert "entry 19." in first
    assert "entry 20." not in first
    older = first.split('href="/check-ins?before=')[1].split('"')[0]
    rest = phone.get(f"/check-ins?before={older}", headers=HTMX).text
    assert "<html" not in rest
    assert [f"entry {n}." in rest for n in (19, 20, 22)] == [False, True, True]
    assert phone.get("/check-ins?before=nonsense").status_code == 200


def test_nobody_else_has_a_page_of_them(cast: Cast, sign_in: SignIn) -> None:
    made = recorded(cast.young_person)
    for viewer in cast.everybody.values():
        if viewer == cast.young_person:
            continue
        client = sign_in(viewer)
        for path in (f"/check-ins/{made.id}", f"/check-ins/{made.id}/undo"):
            assert client.post(path, data={"answer": "1", "audience": "team"}).status_code == 404
        assert client.get(f"/check-ins/{made.id}").status_code == 404
    assert db.session.get_one(CheckIn, made.id).undone_at is None


def test_home_counts_this_term_and_draws_ten_weeks_with_words(phone: FlaskClient, cast: Cast) -> None:
    recorded(cast.young_person, answer=5)
    text = phone.get("/home").text
    assert "One check-in this term." in text
    assert 'role="img" aria-label="Your last ten weeks' in text
    assert "really good." in text
    assert "streak" not in text


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "1989-12-31T23:59"])
def test_a_check_in_cannot_be_moved_to_another_age(cast: Cast, phone: FlaskClient, at: str) -> None:
    check_in_id = recorded(cast.young_person).id
    response = phone.post(f"/check-ins/{check_in_id}", data={"answer": "4", "audience": "mentor", "at": at})
    assert response.status_code == 422
    assert "That is too long ago" in response.text
