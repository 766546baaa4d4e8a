"""Letting a new phone in by the numbers that it shows: who may, once, for ten minutes, and what nobody learns."""

import re
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.accounts.letting_in_services import MOST_ASKED, MOST_WRONG_CODES, MOST_WRONG_PICTURES, code_of
from app.accounts.letting_in_views import ASKING_COOKIE
from app.accounts.models import Account, DeviceRequest, EnrolledDevice, SignedInSession
from app.accounts.services import revoke_devices, set_active
from app.accounts.session_services import end_all_sessions
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.young_people.models import Relationship
from app.young_people.services import end_relationship
from tests.capabilities.accounts.test_cards_and_phones import PICTURES, card_code
from tests.conftest import SignIn
from tests.people import Cast

ASK = "/c/derwent/let-me-in"
NEWS = f"{ASK}/news"
LET_IN = "/let-a-phone-in"
NO_PHONE = "No phone shows these numbers now."


def asking(app: Flask) -> tuple[FlaskClient, str]:
    """Return a phone that asks, and the numbers on it."""
    phone = app.test_client()
    assert phone.post(ASK).location == ASK
    return phone, numbers_on(phone)


def numbers_on(phone: FlaskClient) -> str:
    (shown,) = re.findall(r'class="let-in-code"[^>]*>(\d{3} \d{3})<', phone.get(ASK).text)
    return str(shown)


def let_in(mentor: FlaskClient, cast: Cast, code: str, **more: str) -> int:
    sent = {"code": code, "whose": str(cast.amina), "do": "let-in", **more}
    return mentor.post(LET_IN, data=sent).status_code


def move_on(minutes: int) -> None:
    """Let every phone have asked so much longer ago."""
    with transaction():
        for one in db.session.execute(select(DeviceRequest)).scalars().all():
            earlier = one.made_at - timedelta(minutes=minutes)
            db.session.execute(update(DeviceRequest).where(DeviceRequest.id == one.id).values(made_at=earlier))


@pytest.fixture
def mentor(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.mentor)


def test_a_phone_asks_the_mentor_says_whose_and_the_pictures_chosen_there_open_it(
    app: Flask, cast: Cast, mentor: FlaskClient
) -> None:
    phone, code = asking(app)
    assert phone.get(NEWS).headers.get("HX-Redirect") is None
    found = mentor.post(LET_IN, data={"code": code, "do": "look"})
    assert "Amina" in found.text
    assert "Ben" not in found.text
    assert let_in(mentor, cast, code) == 303
    assert phone.get(NEWS).headers["HX-Redirect"] == ASK
    page = phone.get(ASK).text
    assert "Choose 4 pictures" in page
    assert "Amina" not in page
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 303
    assert phone.get("/home").status_code == 200
    phone.post("/sign-out")
    assert phone.post("/my-pictures", data={"picture": PICTURES}).status_code == 303
    assert "Jo Mentor let it in." in phone.get("/me").text
    db.session.rollback()
    trail = select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.action.like("device:%"))
    assert list(map(tuple, db.session.execute(trail.order_by(AuditEntry.sequence)))) == [
        ("device:asked", None),
        ("device:let_in", cast.mentor.account_id),
        ("device:enrolled", cast.young_person.account_id),
    ]


def test_pictures_that_were_chosen_before_are_asked_for_and_stay(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    old = app.test_client()
    old.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    phone, code = asking(app)
    assert let_in(mentor, cast, code) == 303
    assert "Tap your 4 pictures" in phone.get(ASK).text
    for _ in range(MOST_WRONG_PICTURES):
        assert phone.post(ASK, data={"picture": PICTURES[::-1]}).status_code == 422
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 429
    assert phone.get("/home").status_code == 303
    assert len(db.session.execute(select(EnrolledDevice)).all()) == 1
    again, code = asking(app)
    assert let_in(mentor, cast, code) == 303
    assert again.post(ASK, data={"picture": PICTURES}).status_code == 303
    old.post("/sign-out")
    assert old.post("/my-pictures", data={"picture": PICTURES}).status_code == 303


def test_one_request_works_once_and_only_on_the_phone_that_asked(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    phone, code = asking(app)
    assert let_in(mentor, cast, code) == 303
    assert let_in(mentor, cast, code) == 422
    stranger = app.test_client()
    assert stranger.post(ASK, data={"picture": PICTURES}).status_code == 422
    stranger.set_cookie(ASKING_COOKIE, code.replace(" ", ""))
    assert stranger.post(ASK, data={"picture": PICTURES}).status_code == 422
    secret = phone.get_cookie(ASKING_COOKIE)
    assert secret is not None
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 303
    assert phone.get_cookie(ASKING_COOKIE) is None
    stranger.set_cookie(ASKING_COOKIE, secret.value)
    assert stranger.post(ASK, data={"picture": PICTURES}).status_code == 422
    assert len(db.session.execute(select(EnrolledDevice)).all()) == 1


@pytest.mark.parametrize("when", ["before it is let in", "after"])
def test_it_is_over_after_ten_minutes(app: Flask, cast: Cast, mentor: FlaskClient, when: str) -> None:
    phone, code = asking(app)
    if when == "after":
        assert let_in(mentor, cast, code) == 303
    move_on(11)
    assert phone.get(NEWS).headers["HX-Redirect"] == ASK
    assert "That took too long" in phone.get(ASK).text
    if when != "after":
        answer = mentor.post(LET_IN, data={"code": code, "do": "look"})
        assert (answer.status_code, NO_PHONE in answer.text) == (422, True)
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 422
    assert db.session.execute(select(EnrolledDevice)).first() is None


def test_nobody_but_their_mentor_lets_a_phone_in(app: Flask, cast: Cast, sign_in: SignIn, mentor: FlaskClient) -> None:
    phone, code = asking(app)
    for name, viewer in cast.everybody.items():
        if name not in {"mentor", "unrelated_mentor"}:
            assert let_in(sign_in(viewer), cast, code) == 404, name
    unrelated = sign_in(cast.unrelated_mentor)
    assert let_in(unrelated, cast, code) == 422
    assert "Choose whose phone it is." in unrelated.post(
        LET_IN, data={"code": code, "whose": str(cast.amina), "do": "let-in"}
    ).text.replace("&#39;", "’")
    assert let_in(app.test_client(), cast, code) in {303, 401}
    with transaction():
        tie = db.session.execute(select(Relationship).where(Relationship.account_id == cast.mentor.account_id))
        end_relationship(relationship=tie.scalar_one(), actor=cast.council_staff)
    assert let_in(mentor, cast, code) == 422
    db.session.rollback()
    assert db.session.execute(select(DeviceRequest.account_id)).scalar_one() is None
    assert phone.get("/home").status_code == 303


def test_a_phone_of_another_council_is_not_found(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    phone = app.test_client()
    phone.post("/c/trent/let-me-in")
    (code,) = re.findall(r">(\d{3} \d{3})<", phone.get("/c/trent/let-me-in").text)
    assert let_in(mentor, cast, code) == 422
    assert phone.get(NEWS).headers["HX-Redirect"] == ASK


def test_the_mentor_says_again_who_they_are_first(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    _, code = asking(app)
    with transaction():
        db.session.execute(update(SignedInSession).values(started_at=clock.now() - timedelta(minutes=11)))
    assert mentor.get(LET_IN).location == "/sign-in-again"
    assert mentor.post(LET_IN, data={"code": code, "whose": str(cast.amina), "do": "let-in"}).status_code in {303, 401}
    db.session.rollback()
    assert db.session.execute(select(DeviceRequest.account_id)).scalar_one() is None


def test_two_phones_show_other_numbers_and_each_numbers_finds_its_own(
    app: Flask, cast: Cast, mentor: FlaskClient
) -> None:
    wanted, code = asking(app)
    other, other_code = asking(app)
    assert code != other_code
    assert let_in(mentor, cast, code) == 303
    assert "HX-Redirect" in wanted.get(NEWS).headers
    assert "HX-Redirect" not in other.get(NEWS).headers
    assert other.post(ASK, data={"picture": PICTURES}).status_code == 422


def test_numbers_rest_for_a_day_before_another_phone_may_show_them(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast
    made = iter(["first", "first", "second"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _n: next(made))
    _, code = asking(app)
    move_on(30)
    _, other = asking(app)
    assert (code.replace(" ", ""), other.replace(" ", "")) == (code_of("first"), code_of("second"))


def test_asking_and_guessing_are_throttled(app: Flask, cast: Cast, mentor: FlaskClient, sign_in: SignIn) -> None:
    assert cast
    for n in range(MOST_WRONG_CODES):
        assert mentor.post(LET_IN, data={"code": f"{n:06}", "do": "look"}).status_code == 422
    _, code = asking(app)
    answer = mentor.post(LET_IN, data={"code": code, "do": "look"})
    assert "Too many tries." in answer.text
    assert NO_PHONE not in sign_in(cast.unrelated_mentor).post(LET_IN, data={"code": code, "do": "look"}).text
    for _ in range(MOST_ASKED - 1):
        assert app.test_client().post(ASK).status_code == 303
    assert app.test_client().post(ASK).status_code == 429


def test_asking_twice_on_one_phone_is_one_request(app: Flask, cast: Cast) -> None:
    assert cast
    phone, code = asking(app)
    assert phone.post(ASK).status_code == 200
    assert numbers_on(phone) == code
    assert len(db.session.execute(select(DeviceRequest)).all()) == 1


def test_what_is_kept_and_said_names_nobody(app: Flask, cast: Cast) -> None:
    """The same page for every phone; the secret is in a cookie that scripts do not read, and in no address."""
    assert cast
    phone = app.test_client()
    answer = phone.post(ASK)
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if ASKING_COOKIE in one)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert answer.location == ASK
    app.config["SESSION_COOKIE_SECURE"] = True
    secure = app.test_client().post(ASK, base_url="https://localhost").headers.getlist("Set-Cookie")
    assert any(one.startswith("__Host-tidemark-asking=") and "Secure" in one for one in secure)
    app.config["SESSION_COOKIE_SECURE"] = False
    code = numbers_on(phone).replace(" ", "")
    db.session.rollback()
    row = db.session.execute(select(DeviceRequest)).scalars().first()
    assert row is not None
    assert code.encode() not in row.token_hash + row.code_index
    nobody = app.test_client().get(NEWS)
    phone.set_cookie(ASKING_COOKIE, "made up")
    made_up = phone.get(NEWS)
    assert (nobody.status_code, nobody.data) == (made_up.status_code, made_up.data) == (204, b"")
    assert nobody.headers["HX-Redirect"] == made_up.headers["HX-Redirect"]


def test_the_young_person_is_told_and_both_can_end_it(
    app: Flask, cast: Cast, mentor: FlaskClient, sign_in: SignIn
) -> None:
    own = sign_in(cast.young_person)
    assert "A new phone was let in" not in own.get("/home").text
    phones = []
    for _ in range(2):
        phone, code = asking(app)
        assert let_in(mentor, cast, code) == 303
        assert phone.post(ASK, data={"picture": PICTURES}).status_code == 303
        phones.append(phone)
    assert "A new phone was let in" in own.get("/home").text
    db.session.rollback()
    newest = db.session.execute(select(EnrolledDevice).order_by(EnrolledDevice.enrolled_at.desc())).scalars().first()
    assert newest is not None
    assert own.post(f"/me/phones/{newest.id}/forget").status_code == 303
    assert phones[1].post("/my-pictures", data={"picture": PICTURES}).status_code == 422
    assert phones[0].post("/my-pictures", data={"picture": PICTURES}).status_code == 303
    assert mentor.post(f"/young-people/{cast.amina}/phones/forget").status_code == 303
    assert phones[0].post("/my-pictures", data={"picture": PICTURES}).status_code == 422


def test_forgetting_phones_ends_what_was_let_in_and_not_opened_yet(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    phone, code = asking(app)
    assert let_in(mentor, cast, code) == 303
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        revoke_devices(account=account, actor=cast.mentor)
        end_all_sessions(account_id=account.id)
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 422


def test_a_closed_account_is_not_opened(app: Flask, cast: Cast, mentor: FlaskClient) -> None:
    phone, code = asking(app)
    assert let_in(mentor, cast, code) == 303
    with transaction():
        set_active(
            account=db.session.get_one(Account, cast.young_person.account_id), is_active=False, actor=cast.administrator
        )
    assert phone.post(ASK, data={"picture": PICTURES}).status_code == 422
