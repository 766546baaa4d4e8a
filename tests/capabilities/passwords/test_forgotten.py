"""A forgotten password: asked for without telling who has an account, sent by e-mail, chosen anew once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import clock
from app.accounts.models import Account, PasswordReset, SignedInSession
from app.accounts.passwords import hash_token, matches
from app.accounts.services import set_active
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.notifications.models import Notice
from app.notifications.services import choose_channel
from app.notifications.values import Channel, Kind, Outcome
from tests.capabilities.notifications.conftest import mailing
from tests.capabilities.notifications.services_of_the_world import MailServer
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

ASK, CHOOSE, SIGN_IN = "/c/derwent/forgotten-password", "/c/derwent/new-password", "/c/derwent/sign-in"
NEW = "seven herons over the weir"
LINK = re.compile(r"https://tidemark\.example(/c/derwent/new-password)#([a-z0-9]+)")
JO = "jo@derwent.example"


@pytest.fixture
def mails(app: Flask) -> Iterator[MailServer]:
    with mailing(app) as server:
        yield server


def ask(app: Flask, email: str = JO) -> TestResponse:
    return app.test_client().post(ASK, data={"email": email})


def send(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["prompts", "send"])
    assert done.exit_code == 0, done.output


def code_of(mails: MailServer) -> str:
    """Return the code in the newest letter."""
    found = LINK.search(mails.letters[-1][1].get_payload(decode=True).decode())  # type: ignore[union-attr]
    assert found is not None
    assert found[1] == CHOOSE
    return found[2]


def choose(app: Flask, code: str, new: str = NEW, **change: str) -> TestResponse:
    sent = {"code": code, "new_password": new, "new_password_again": new, **change}
    return app.test_client().post(CHOOSE, data=sent)


def opens(viewer: Viewer, password: str) -> bool:
    db.session.rollback()
    return matches(db.session.get_one(Account, viewer.account_id).password_hash, password)


def actions(account_id: object = None) -> list[str]:
    db.session.rollback()
    query = select(AuditEntry.action).where(AuditEntry.action.like("password%")).order_by(AuditEntry.sequence)
    return list(db.session.execute(query.where(AuditEntry.record_id == account_id)).scalars())


def test_the_letter_lets_its_reader_choose_a_new_password_once(
    app: Flask, cast: Cast, sign_in: SignIn, mails: MailServer
) -> None:
    elsewhere = sign_in(cast.mentor)
    assert "an e-mail is on its way" in ask(app).text
    send(app)
    assert [to for to, _ in mails.letters] == [JO]
    code = code_of(mails)
    assert len(code) == 28
    answer = choose(app, code)
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert (opens(cast.mentor, NEW), opens(cast.mentor, PASSWORD)) == (True, False)
    assert elsewhere.get("/caseload").headers["Location"] == "/"
    again = choose(app, code, "eight herons over the weir")
    assert (again.status_code, "That code does not work now." in again.text) == (422, True)
    assert opens(cast.mentor, NEW)
    assert actions(cast.mentor.account_id) == ["password_reset:asked", "password_reset:sent", "password:reset"]
    send(app)
    told = mails.letters[-1][1].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "How you sign in has changed." in told


def test_the_answer_and_the_trail_s_length_are_the_same_whether_or_not_there_is_an_account(
    app: Flask, cast: Cast, mails: MailServer
) -> None:
    known, unknown = ask(app), ask(app, "nobody@derwent.example")
    pages = [re.sub(r"\"[\w-]{50,}\.[\w.-]+\"", "", one.text) for one in (known, unknown)]
    assert (known.status_code, pages[0]) == (unknown.status_code, pages[1])
    asked = db.session.execute(select(AuditEntry).where(AuditEntry.action == "password_reset:asked")).scalars().all()
    assert [one.record_id for one in asked] == [cast.mentor.account_id, None]
    send(app)
    assert [to for to, _ in mails.letters] == [JO]


def test_who_has_no_password_here_gets_no_letter(app: Flask, cast: Cast, mails: MailServer) -> None:
    """Their council's sign-in, or a passkey, opens their account; and a closed one nothing opens."""
    ask(app, "uma@derwent.example")
    with transaction():
        account = db.session.get_one(Account, cast.mentor.account_id)
        set_active(account=account, is_active=False, actor=cast.administrator)
    ask(app)
    send(app)
    assert mails.letters == []
    assert db.session.execute(select(PasswordReset)).scalars().all() == []


def test_only_the_hash_is_kept_and_the_code_is_in_no_address(app: Flask, cast: Cast, mails: MailServer) -> None:
    ask(app)
    assert db.session.execute(select(PasswordReset.token_hash)).scalar_one() is None
    send(app)
    code = code_of(mails)
    assert db.session.execute(select(PasswordReset.token_hash)).scalar_one() == hash_token(code)
    page = app.test_client().get(CHOOSE)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "js/card.js" in page.text
    assert cast.mentor.account_id


def test_half_an_hour_later_or_after_another_letter_it_opens_nothing(
    app: Flask, cast: Cast, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(app)
    send(app)
    first = code_of(mails)
    ask(app)
    assert choose(app, first).status_code == 422
    send(app)
    second = code_of(mails)
    for minutes, works in ((31, False), (-6, False), (29, True)):
        moment = clock.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda moment=moment: moment)
            assert choose(app, second).status_code == (303 if works else 422), minutes
    assert opens(cast.mentor, NEW)


def test_a_letter_that_did_not_go_through_goes_again_with_another_code(
    app: Flask, cast: Cast, mails: MailServer
) -> None:
    mails.answers.append("451 try again")
    ask(app)
    send(app)
    assert mails.letters == []
    before = db.session.execute(select(PasswordReset.token_hash)).scalar_one()
    with transaction():
        db.session.execute(update(Notice).values(next_try_at=clock.now()))
    send(app)
    assert hash_token(code_of(mails)) != before
    assert choose(app, code_of(mails)).status_code == 303
    assert opens(cast.mentor, NEW)


def test_it_goes_to_who_wants_no_other_letters_too_and_apart_from_them(
    app: Flask, cast: Cast, mails: MailServer
) -> None:
    with transaction():
        choose_channel(viewer=cast.mentor, channel=Channel.EMAIL, wanted=False)
    ask(app)
    send(app)
    said = mails.letters[-1][1].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "switch it off" not in said
    assert "do nothing" in said
    query = select(Notice.kind, Notice.channel, Notice.outcome)
    assert db.session.execute(query).all() == [(Kind.NEW_PASSWORD, Channel.EMAIL, Outcome.SENT)]


def test_asking_is_stopped_by_account_and_by_address_the_same_for_an_account_that_is_none(
    app: Flask, cast: Cast, mails: MailServer
) -> None:
    for email in (JO, "nobody@derwent.example"):
        answers = [ask(app, email).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429], email
    others = [ask(app, f"somebody{number}@derwent.example").status_code for number in range(15)]
    assert others == [200] * 14 + [429]
    send(app)
    assert [to for to, _ in mails.letters] == [JO]
    assert cast


def test_guessing_codes_is_stopped_and_written_down(app: Flask, cast: Cast, mails: MailServer) -> None:
    ask(app)
    send(app)
    answers = [choose(app, f"{number:028}").status_code for number in range(21)]
    assert answers == [422] * 20 + [429]
    assert choose(app, code_of(mails)).status_code == 429
    assert opens(cast.mentor, PASSWORD)


REFUSED = (
    ({"new_password": "short", "new_password_again": "short"}, "Use 12 to 200 characters."),
    ({"new_password_again": "something else again"}, "These two are not the same."),
    ({"new_password": "the best mentor here", "new_password_again": "the best mentor here"}, "Leave “mentor” out"),
    ({"code": ""}, "Type the code out of the e-mail."),
)


def test_what_cannot_be_the_password_is_said_and_the_code_is_still_good(
    app: Flask, cast: Cast, mails: MailServer
) -> None:
    ask(app)
    send(app)
    code = code_of(mails)
    for change, sentence in REFUSED:
        answer = choose(app, **{"code": code, **change})
        assert (answer.status_code, sentence in answer.text) == (422, True), change
        assert NEW not in answer.text
    assert choose(app, f" {code[:14].upper()}-{code[14:]} ").status_code == 303
    assert opens(cast.mentor, NEW)


def test_the_second_step_is_still_asked_and_wrong_tries_are_forgiven(app: Flask, cast: Cast, mails: MailServer) -> None:
    client: FlaskClient = app.test_client()
    for _ in range(10):
        client.post(SIGN_IN, data={"email": JO, "password": "a wrong guess"})
    assert client.post(SIGN_IN, data={"email": JO, "password": PASSWORD}).status_code == 429
    ask(app)
    send(app)
    choose(app, code_of(mails))
    assert db.session.execute(select(SignedInSession).where(SignedInSession.ended_at.is_(None))).first() is None
    assert client.post(SIGN_IN, data={"email": JO, "password": NEW}).status_code == 303
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"
    assert cast


def test_a_code_of_one_council_opens_nothing_at_another(app: Flask, cast: Cast, mails: MailServer) -> None:
    ask(app)
    send(app)
    sent = {"code": code_of(mails), "new_password": NEW, "new_password_again": NEW}
    assert app.test_client().post("/c/trent/new-password", data=sent).status_code == 422
    assert app.test_client().get("/c/nowhere/new-password").status_code == 404
    assert app.test_client().get("/c/nowhere/forgotten-password").status_code == 404
    assert opens(cast.mentor, PASSWORD)


def test_where_no_e_mail_goes_out_the_page_says_whom_to_ask_and_they_have_a_code_made(app: Flask, cast: Cast) -> None:
    assert "Ask Derwent Council’s administrator" in app.test_client().get(ASK).text
    assert ask(app).status_code == 422
    assert actions() == []
    run = app.test_cli_runner().invoke
    done = run(args=["passwords", "code", "derwent", "--email", JO])
    assert done.exit_code == 0, done.output
    assert choose(app, done.output.splitlines()[0]).status_code == 303
    assert opens(cast.mentor, NEW)
    for slug, email, sentence in (("derwent", "uma@derwent.example", "No open account"), ("x", JO, "no council")):
        refused = run(args=["passwords", "code", slug, "--email", email])
        assert (refused.exit_code, sentence in refused.output) == (1, True)
