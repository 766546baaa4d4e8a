"""Changing an adult's password: the old one is asked, the new one is looked at, and every other session ends."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import throttle
from app.accounts.models import Account
from app.accounts.password_rules import COMMON, PREFIX, is_common, why_refused
from app.accounts.passwords import matches
from app.accounts.throttle import Bucket
from app.accounts.values import Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.notifications.models import Notice
from app.notifications.values import Kind
from app.settings import MailSettings
from tests.capabilities.accounts.test_second_step import grow_old
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

PAGE = "/my-sign-in/password"
NEW = "seven herons over the weir"
SIGN_IN = "/c/derwent/sign-in"
LEAST = 3_000
"""OWASP ASVS 6.2.4."""


def sent(**change: str) -> dict[str, str]:
    return {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW, **change}


def opens(viewer: Viewer, password: str) -> bool:
    db.session.rollback()
    return matches(db.session.get_one(Account, viewer.account_id).password_hash, password)


def test_the_new_password_opens_the_account_and_every_other_session_ends(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    mail = MailSettings(host="127.0.0.1", sender="tidemark@derwent.example")
    app.extensions["settings"] = replace(app.extensions["settings"], mail=mail)
    here, elsewhere = sign_in(cast.mentor), sign_in(cast.mentor)
    with here.session_transaction() as session:
        token = session["_user_id"]
    answer = here.post(PAGE, data=sent())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-sign-in")
    assert "Your password is changed" in here.get("/my-sign-in").text
    assert elsewhere.get("/caseload").headers["Location"] == "/"
    assert here.get("/caseload").status_code == 200
    with here.session_transaction() as session:
        assert session["_user_id"] != token
    assert (opens(cast.mentor, NEW), opens(cast.mentor, PASSWORD)) == (True, False)
    assert app.test_client().post(SIGN_IN, data={"email": "jo@derwent.example", "password": NEW}).status_code == 303
    said = db.session.execute(select(AuditEntry.action)).scalars().all()
    assert "password:changed" in said
    told = db.session.execute(select(Notice.kind).where(Notice.account_id == cast.mentor.account_id)).scalars().all()
    assert told == [Kind.SIGN_IN]


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"password": "not it"}, "That is not your password."),
    ({"password": ""}, "Type your password."),
    ({"new_password_again": "seven herons over a weir"}, "These two are not the same."),
    ({"new_password": "short", "new_password_again": "short"}, "Use 12 to 200 characters."),
    ({"new_password": "Qwerty123456", "new_password_again": "Qwerty123456"}, "among those that are tried first"),
    (
        {"new_password": "my dear derwent walks", "new_password_again": "my dear derwent walks"},
        "Leave “derwent” out",
    ),
    ({"new_password": "the best mentor here", "new_password_again": "the best mentor here"}, "Leave “mentor” out"),
    ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "That is the one you have."),
)


def test_what_cannot_be_the_new_password_is_said_beside_its_field(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    for change, sentence in REFUSED:
        answer = client.post(PAGE, data=sent(**change))
        assert (answer.status_code, sentence in answer.text) == (422, True), change
        for secret in (NEW, PASSWORD):
            assert secret not in answer.text
    assert opens(cast.mentor, PASSWORD)
    assert client.get("/caseload").status_code == 200


def test_guessing_the_old_one_is_stopped(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    with transaction():
        for _ in range(9):
            throttle.count_failure([Bucket(cast.council_id, "email", "jo@derwent.example", 10)])
    assert client.post(PAGE, data=sent(password="a guess of mine")).status_code == 422
    stopped = client.post(PAGE, data=sent())
    assert (stopped.status_code, "Wait 15 minutes" in stopped.text) == (429, True)


def test_an_old_session_says_again_who_it_is_and_a_child_has_no_such_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    grow_old(cast.mentor, 11)
    typed = client.post(PAGE, data=sent(), headers={"Sec-Fetch-Site": "same-origin"})
    assert typed.headers["Location"] == "/sign-in-again"
    assert opens(cast.mentor, PASSWORD)
    assert sign_in(cast.young_person).get(PAGE).status_code == 404


def test_who_has_no_password_yet_sets_one(cast: Cast, sign_in: SignIn) -> None:
    client: FlaskClient = sign_in(cast.unrelated_mentor)
    assert "Your password now" not in client.get(PAGE).text
    assert client.post(PAGE, data={"new_password": NEW, "new_password_again": NEW}).status_code == 303
    assert opens(cast.unrelated_mentor, NEW)


def test_a_password_set_for_somebody_else_follows_the_same_rules(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    typed = {"name": "Nia Newcomer", "email": "nia@derwent.example", "role": "mentor"}
    for password, sentence in (("qwertyqwerty", "tried first"), ("our newcomer nia", "Leave “newcomer” out")):
        answer = sign_in(cast.administrator).post("/accounts", data={**typed, "password": password})
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert 'value="Nia Newcomer"' in answer.text
    run = app.test_cli_runner().invoke
    words = ["accounts", "new", "derwent", "auditor", "--name", "Al", "--email", "al@derwent.example"]
    refused = run(args=[*words, "--password", "qwertyqwerty"])
    assert (refused.exit_code != 0, "tried first" in refused.output) == (True, True)
    with transaction():
        audit.record(council_id=cast.council_id, actor_id=None, action="test:done")


@pytest.mark.parametrize("common", ["qwertyqwerty", "QWERTYqwerty", "1qaz2wsx3edc", "leavemealone", "123456654321"])
def test_common_passwords_are_known_in_any_case(common: str) -> None:
    assert is_common(common)
    assert why_refused(common) is not None


def test_the_list_is_long_enough_in_order_and_says_where_it_comes_from() -> None:
    contents = COMMON.read_bytes()
    found = [contents[start : start + PREFIX] for start in range(0, len(contents), PREFIX)]
    assert len(found) == len(set(found)) >= LEAST
    assert found == sorted(found)
    assert f"{len(found):,}" in (COMMON.parent / "README.md").read_text()
    assert "MIT License" in (COMMON.parent / "LICENSE").read_text()
    for fine in (PASSWORD, NEW, "long enough words"):
        assert why_refused(fine) is None
