"""What must not happen at an unlocked desk is done only by somebody who proves once more who they are."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account, Authenticator, Passkey, RecoveryCode, SignedInSession
from app.accounts.passwords import hash_secret
from app.accounts.second_step_services import begin_authenticator, confirm_authenticator, make_recovery_codes
from app.accounts.services import enrol_device, make_sign_in_card, open_card
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db, transaction
from tests.capabilities.accounts.test_second_step import code_at, grow_old
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

DOWNLOAD = "/audit/entries.csv?area=seen"


@pytest.fixture
def desk(cast: Cast, sign_in: SignIn) -> FlaskClient:
    """An auditor's browser that has been open for a while; it was just asked for the file."""
    client = sign_in(cast.auditor)
    with transaction():
        account = db.session.get_one(Account, cast.auditor.account_id)
        account.password_hash = hash_secret(PASSWORD)
        mine = update(SignedInSession).where(SignedInSession.account_id == account.id)
        db.session.execute(mine.values(started_at=clock.now() - timedelta(minutes=11)))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
    assert client.get(DOWNLOAD).headers["Location"] == "/sign-in-again"
    return client


def test_the_right_password_goes_on_to_what_was_asked_for(desk: FlaskClient, cast: Cast) -> None:
    wrong = desk.post("/sign-in-again", data={"password": "not it"})
    assert (wrong.status_code, "That is not right" in wrong.text) == (422, True)
    assert desk.get(DOWNLOAD).status_code == 303
    with transaction():
        account = db.session.get_one(Account, cast.auditor.account_id)
        begin_authenticator(account=account)
        assert confirm_authenticator(account=account, code=code_at(cast.auditor, clock.now()))
        codes = make_recovery_codes(account=account)
    assert desk.post("/sign-in-again", data={"password": PASSWORD}).status_code == 422
    assert desk.post("/sign-in-again", data={"code": codes[0]}).status_code == 422
    right = desk.post("/sign-in-again", data={"password": PASSWORD, "code": codes[1]})
    assert (right.status_code, right.headers["Location"]) == (303, DOWNLOAD)
    assert desk.get(DOWNLOAD).status_code == 200


def test_signing_in_again_gives_a_new_token_and_ends_the_old(desk: FlaskClient, cast: Cast) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.auditor.account_id)
        begin_authenticator(account=account)
        assert confirm_authenticator(account=account, code=code_at(cast.auditor, clock.now()))
        codes = make_recovery_codes(account=account)
    with desk.session_transaction() as session:
        before = session["_user_id"]
    assert desk.post("/sign-in-again", data={"password": PASSWORD, "code": codes[0]}).status_code == 303
    with desk.session_transaction() as session:
        assert session["_user_id"] != before
    open_now = select(SignedInSession).where(
        SignedInSession.account_id == cast.auditor.account_id, SignedInSession.ended_at.is_(None)
    )
    assert len(db.session.execute(open_now).all()) == 1


def test_guessing_is_stopped(desk: FlaskClient) -> None:
    for _ in range(10):
        assert desk.post("/sign-in-again", data={"password": "not it"}).status_code == 422
    stopped = desk.post("/sign-in-again", data={"password": PASSWORD})
    assert (stopped.status_code, "Too many tries" in stopped.text) == (429, True)


def test_where_to_go_on_is_never_another_site(app: Flask, desk: FlaskClient) -> None:
    assert app
    desk.get("/audit/entries.csv?next=https://elsewhere.example/")
    with desk.session_transaction() as session:
        assert session["going_on_to"].startswith("/audit/entries.csv")


MY_PICTURES = ["cat", "sun", "boat", "star"]


def phone_of(who: Viewer, cast: Cast, client: FlaskClient) -> FlaskClient:
    """Let a browser know the pictures of a young person, and their session there be old."""
    with transaction():
        account = db.session.get_one(Account, who.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
        card = open_card(council_id=cast.council_id, code=code, address="", browser="")
        assert card is not None
        token = enrol_device(card=card, pictures=MY_PICTURES).device_token
        mine = update(SignedInSession).where(SignedInSession.account_id == who.account_id)
        db.session.execute(mine.values(started_at=clock.now() - timedelta(minutes=11)))
    client.set_cookie("tidemark-device", token)
    return client


def test_a_young_person_taps_their_pictures_again(cast: Cast, sign_in: SignIn) -> None:
    phone = phone_of(cast.young_person, cast, sign_in(cast.young_person))
    assert phone.get("/my-copy").headers["Location"] == "/sign-in-again"
    wrong = phone.post("/sign-in-again", data={"picture": ["cat", "sun", "boat", "moon"]})
    assert (wrong.status_code, "Those are not your pictures" in wrong.text) == (422, True)
    assert phone.get("/my-copy").status_code == 303
    right = phone.post("/sign-in-again", data={"picture": MY_PICTURES})
    assert (right.status_code, right.headers["Location"]) == (303, "/my-copy")
    assert phone.get("/my-copy").status_code == 200


def test_pictures_of_another_young_person_prove_nothing(cast: Cast, sign_in: SignIn) -> None:
    phone = phone_of(cast.other_young_person, cast, sign_in(cast.young_person))
    assert phone.post("/sign-in-again", data={"picture": MY_PICTURES}).status_code == 422


def test_a_young_person_s_pictures_cannot_be_guessed(cast: Cast, sign_in: SignIn) -> None:
    phone = phone_of(cast.young_person, cast, sign_in(cast.young_person))
    for _ in range(10):
        assert phone.post("/sign-in-again", data={"picture": ["cat"] * 4}).status_code == 422
    assert phone.post("/sign-in-again", data={"picture": MY_PICTURES}).status_code == 429


def test_a_phone_that_knows_no_pictures_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.young_person).get("/sign-in-again").text
    assert "Ask your mentor for a new card" in text
    assert "data-pictures" not in text


CHANGES = (
    "/my-sign-in/authenticator",
    "/my-sign-in/authenticator/confirm",
    "/my-sign-in/authenticator/forget",
    "/my-sign-in/recovery-codes",
    "/my-sign-in/passkeys/options",
    "/my-sign-in/passkeys",
    f"/my-sign-in/passkeys/{UUID(int=1)}/remove",
)


def ways_in(viewer: Viewer) -> list[object]:
    """Return what an account can be proved with beyond its password: apps, passkeys and recovery codes."""
    kinds = (Authenticator, Passkey, RecoveryCode)
    return [
        row for kind in kinds for row in db.session.execute(select(kind.id).where(kind.account_id == viewer.account_id))
    ]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("who", ["mentor", "young_person"])
def test_an_old_session_changes_no_way_to_sign_in(cast: Cast, sign_in: SignIn, who: str, path: str) -> None:
    viewer: Viewer = getattr(cast, who)
    client, before = sign_in(viewer), ways_in(viewer)
    grow_old(viewer, 11)
    refused = client.post(path, data={"credential": "{}", "code": "123456"})
    assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in-again")
    assert ways_in(viewer) == before
    with client.session_transaction() as session:
        assert session["going_on_to"] == ("/my-sign-in" if who == "mentor" else "/me")


def test_a_new_authenticator_is_no_proof_of_who_somebody_is(cast: Cast, sign_in: SignIn) -> None:
    mentor = sign_in(cast.mentor)
    grow_old(cast.mentor, 9)
    assert mentor.post("/my-sign-in/authenticator").status_code == 200
    code = code_at(cast.mentor, clock.now())
    assert "<code>" in mentor.post("/my-sign-in/authenticator/confirm", data={"code": code}).text
    assert mentor.get("/emergency-access").status_code == 200
    grow_old(cast.mentor, 2)
    assert mentor.get("/emergency-access").headers["Location"] == "/sign-in-again"
    assert mentor.post("/my-sign-in/recovery-codes").headers["Location"] == "/sign-in-again"
    assert mentor.get("/caseload").status_code == 200


def test_after_the_password_a_mentor_is_back_among_their_ways_to_sign_in(cast: Cast, sign_in: SignIn) -> None:
    mentor = sign_in(cast.mentor)
    grow_old(cast.mentor, 11)
    mentor.post("/my-sign-in/authenticator")
    right = mentor.post("/sign-in-again", data={"password": PASSWORD})
    assert (right.status_code, right.headers["Location"]) == (303, "/my-sign-in")
    assert mentor.post("/my-sign-in/authenticator").status_code == 200


def test_a_first_second_step_ends_sessions_that_a_password_alone_began(app: Flask, cast: Cast) -> None:
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        client.post("/c/derwent/sign-in", data={"email": "jo@derwent.example", "password": PASSWORD})
    assert here.post("/my-sign-in/authenticator").status_code == 200
    here.post("/my-sign-in/authenticator/confirm", data={"code": code_at(cast.mentor, clock.now())})
    assert here.get("/caseload").status_code == 200
    assert elsewhere.get("/my-sign-in").headers["Location"] == "/"
