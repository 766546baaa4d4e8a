"""Links to a one-page profile: what is read through one, for how long, and what the young person is told of it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.profiles import link_services
from app.profiles.link_values import MOST_WORKING, Lasts, NewLink
from app.profiles.models import ProfileLink, ProfileOpening
from app.web.errors import NotFoundError
from app.young_people.queries import own_access, young_person_for
from tests.capabilities.profiles.test_profiles import SECTIONS, save
from tests.conftest import SignIn
from tests.people import Cast

PATH = "/c/derwent/one-page"
GONE = "That link does not work now."
NEW = NewLink("Mrs Khan", ("support", "spoken_to"), Lasts.WEEK)


def link(cast: Cast, new: NewLink = NEW) -> str:
    """Make a link to Amina's profile; return its code."""
    with transaction():
        _, code = link_services.make_link(viewer=cast.young_person, access=own_access(cast.young_person), new=new)
    return code


def move(cast: Cast, by: timedelta) -> None:
    """Let every link of Amina's end sooner."""
    with transaction():
        ends = db.session.execute(select(ProfileLink)).scalars().one().ends_at - by
        db.session.execute(update(ProfileLink).values(ends_at=ends))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:moved", young_person_id=cast.amina)


@pytest.fixture
def stranger(app: Flask, cast: Cast) -> FlaskClient:
    save(cast.young_person)
    return app.test_client()


def test_it_shows_the_chosen_parts_to_somebody_without_an_account(cast: Cast, stranger: FlaskClient) -> None:
    code = link(cast)
    asked = stranger.get(PATH)
    assert "Amina" not in asked.text
    shown = stranger.post(PATH, data={"code": code})
    assert shown.headers["Cache-Control"] == "no-store"
    for expected in ("Amina", SECTIONS["support"], SECTIONS["spoken_to"], "for Mrs Khan"):
        assert expected in shown.text
    for hidden in ("I am funny", "My cat", "What people like and admire about me"):
        assert hidden not in shown.text
    spaced = f" {code[:4].lower()} {code[4:8]}-{code[8:]}"
    assert SECTIONS["support"] in stranger.post(PATH, data={"code": spaced}).text


def test_it_shows_the_profile_as_it_is_now(cast: Cast, stranger: FlaskClient) -> None:
    code = link(cast)
    save(cast.young_person, support="Time and a dark room")
    assert "Time and a dark room" in stranger.post(PATH, data={"code": code}).text


@pytest.mark.parametrize("how", ["stopped", "ended", "unknown", "another council"])
def test_it_opens_nothing_once_it_does_not_work(cast: Cast, stranger: FlaskClient, sign_in: SignIn, how: str) -> None:
    code, path = link(cast), PATH
    if how == "stopped":
        stop = db.session.execute(select(ProfileLink.id)).scalar_one()
        assert sign_in(cast.young_person).post(f"/profile/links/{stop}/stop").status_code == 303
    if how == "ended":
        move(cast, timedelta(days=8))
    if how == "unknown":
        code = "A" * 16
    if how == "another council":
        path = "/c/trent/one-page"
    for way in ("", "pdf"):
        answer = stranger.post(path, data={"code": code, "as": way})
        assert answer.status_code == 422
        assert GONE in answer.text
        assert SECTIONS["support"] not in answer.text
    db.session.rollback()
    assert db.session.execute(select(ProfileOpening)).all() == []


def test_it_works_to_the_last_minute_of_what_was_chosen(cast: Cast, stranger: FlaskClient) -> None:
    code = link(cast, NewLink("Mrs Khan", ("support",), Lasts.DAY))
    found = db.session.execute(select(ProfileLink)).scalars().one()
    assert found.ends_at - found.made_at == timedelta(days=1)
    move(cast, timedelta(days=1) - timedelta(minutes=1))
    assert stranger.post(PATH, data={"code": code}).status_code == 200


def test_the_young_person_is_told_who_opened_it_and_when(cast: Cast, stranger: FlaskClient, sign_in: SignIn) -> None:
    code, phone = link(cast), sign_in(cast.young_person)
    assert "Not opened yet." in phone.get("/profile").text
    stranger.get(PATH)
    assert "Not opened yet." in phone.get("/profile").text
    stranger.post(PATH, data={"code": code})
    text = phone.get("/profile").text
    assert re.search(r"Mrs Khan opened it today at \d+(:\d\d)?[ap]m\.", text)
    stranger.post(PATH, data={"code": code})
    assert "Mrs Khan opened it 2 times. The last time was today" in phone.get("/profile/links").text
    db.session.rollback()
    entries = select(AuditEntry.actor_id).where(AuditEntry.action == "profile_link:opened")
    assert db.session.execute(entries).scalars().all() == [None, None]


def test_neither_code_nor_name_nor_parts_are_in_the_database_in_clear(cast: Cast) -> None:
    save(cast.young_person)
    code = link(cast)
    found = db.session.execute(select(ProfileLink)).scalars().one()
    held = b"".join(value for value in vars(found).values() if isinstance(value, bytes))
    for secret in (code, "Mrs Khan", "support"):
        assert secret.encode() not in held
    assert len(found.code_hash) == 32


def test_only_the_young_person_makes_and_stops_links(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    with pytest.raises(NotFoundError), transaction():
        link_services.make_link(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), new=NEW)
    link(cast)
    found = db.session.execute(select(ProfileLink.id)).scalar_one()
    assert sign_in(cast.other_young_person).post(f"/profile/links/{found}/stop").status_code == 404
    assert sign_in(cast.mentor).get("/profile/links").status_code == 404


def test_what_is_missing_is_said_beside_its_question_and_nothing_is_lost(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    assert "has no words on it yet" in phone.get("/profile/links").text
    save(cast.young_person, admire="")
    assert "What people like and admire about me" not in phone.get("/profile/links").text
    answer = phone.post("/profile/links", data={"for_whom": "a" * 61, "lasts": "week"})
    assert answer.status_code == 422
    for kept in ("a" * 61, "There is room for 60 letters.", "Choose one part or more."):
        assert kept in answer.text
    answer = phone.post("/profile/links", data={"for_whom": "  ", "shown": "admire", "lasts": "for ever"})
    assert answer.status_code == 422
    assert "Write who it is for." in answer.text
    db.session.rollback()
    assert db.session.execute(select(ProfileLink)).all() == []


def test_a_link_is_shown_once_and_there_may_be_ten(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    phone = sign_in(cast.young_person)
    sent = {"for_whom": "Dr Lee", "shown": ["support", "important"], "lasts": "day"}
    made = phone.post("/profile/links", data=sent)
    code = re.search(r"one-page#(\w{16})", made.text)
    assert code is not None
    assert code[1] not in phone.get("/profile/links").text
    for _ in range(MOST_WORKING - 1):
        link(cast)
    answer = phone.post("/profile/links", data=sent)
    assert answer.status_code == 422
    assert "Stop one first." in answer.text
    assert 'value="Dr Lee"' in answer.text


def test_wrong_codes_are_slowed_down_and_a_right_one_still_opens(cast: Cast, stranger: FlaskClient) -> None:
    code = link(cast)
    statuses = [stranger.post(PATH, data={"code": "B" * 16}).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    assert stranger.post(PATH, data={"code": code}).status_code == 200
    assert clock.now() > db.session.execute(select(ProfileOpening.at)).scalar_one()
