"""A password that somebody else typed: it opens for a week, and nothing but the page to choose another."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import Account, PasswordReset
from app.accounts.reset_services import begin_reset, fresh_code
from app.audit import services as audit
from app.database import db, transaction
from app.passwords.services import choose_new_password
from tests.conftest import SignIn
from tests.people import Cast

PAGE = "/c/derwent/sign-in"
GIVEN, NEW = "long enough words", "seven herons over the weir"
TYPED = {"name": "New Adult", "email": "new@derwent.example", "role": "mentor", "password": GIVEN}
OPENS = {"email": TYPED["email"], "password": GIVEN}


@pytest.mark.parametrize("role", ["mentor", "parent_carer"])
def test_a_first_password_opens_nothing_but_the_page_to_choose_another(
    app: Flask, cast: Cast, sign_in: SignIn, role: str
) -> None:
    sign_in(cast.administrator).post("/accounts", data=TYPED | {"role": role})
    client = app.test_client()
    client.post(PAGE, data=OPENS)
    for path in ("/caseload", "/my-children", "/data-requests"):
        assert client.get(path).headers.get("Location") in {"/my-sign-in", None}
        assert client.get(path).status_code in {303, 404}
    held = client.get("/my-sign-in").text
    assert ("Choose a password of your own first." in held, "Set up one of these two" in held) == (True, False)
    assert ("After that comes a passkey" in held) == (role == "mentor")
    assert "Type the one that you were given" in client.get("/my-sign-in/password").text
    chosen = {"password": GIVEN, "new_password": NEW, "new_password_again": NEW}
    assert client.post("/my-sign-in/password", data=dict.fromkeys(chosen, GIVEN)).status_code == 422
    answer = client.post("/my-sign-in/password", data=chosen, follow_redirects=True)
    assert answer.request.path == ("/my-sign-in" if role == "mentor" else "/caseload")
    assert "Your password is changed." in answer.text
    assert "Type the one that you were given" not in client.get("/my-sign-in/password").text
    shown = client.get("/my-sign-in").text
    assert ("Choose a password of your own first." in shown, "Set up one of these two" in shown) == (
        False,
        role == "mentor",
    )


def test_a_first_password_stops_after_a_week_and_a_new_one_can_be_asked_for(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.administrator).post("/accounts", data=TYPED)
    given = select(Account).where(Account.password_given_at.is_not(None))
    for ago, status in ((timedelta(days=7, minutes=-1), 303), (timedelta(days=7, minutes=1), 422)):
        with transaction():
            account = db.session.execute(given).scalar_one()
            account.password_given_at = clock.now() - ago
            audit.record(council_id=cast.council_id, actor_id=None, action="test:later")
        answer = app.test_client().post(PAGE, data=OPENS)
        assert answer.status_code == status
    assert "A first password stops after 7 days" in answer.text
    with transaction():
        begin_reset(db.session.execute(given).scalar_one())
        found = fresh_code(db.session.execute(select(PasswordReset)).scalar_one().id)
        assert found is not None
        assert choose_new_password(council_id=cast.council_id, code=found[1], new=NEW, address="")
    answer = app.test_client().post(PAGE, data=OPENS | {"password": NEW})
    assert answer.status_code == 303
