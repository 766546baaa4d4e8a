"""A password alone opens no record for staff; codes work once; a lost phone is not the end."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account, Authenticator, RecoveryCode, SignedInSession
from app.accounts.passwords import hash_secret, hash_token, stretched
from app.accounts.second_step_services import begin_authenticator, confirm_authenticator
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db, transaction
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

PAGE = "/c/derwent/sign-in"
RIGHT = {"email": "jo@derwent.example", "password": PASSWORD}
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
At = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOON)
    return set_clock


def code_at(viewer: Viewer, moment: datetime) -> str:
    query = select(Authenticator).where(Authenticator.account_id == viewer.account_id)
    return pyotp.TOTP(db.session.execute(query).scalar_one().secret).at(moment)


def give_authenticator(viewer: Viewer) -> list[str]:
    with transaction():
        account = db.session.get_one(Account, viewer.account_id)
        begin_authenticator(account=account)
        codes = confirm_authenticator(account=account, code=code_at(viewer, clock.now()))
    assert codes is not None
    return codes


def grow_old(viewer: Viewer, minutes: int) -> None:
    """Let the open sessions of an account have begun some minutes earlier than they did."""
    mine = select(SignedInSession).where(
        SignedInSession.account_id == viewer.account_id, SignedInSession.ended_at.is_(None)
    )
    with transaction():
        for one in db.session.execute(mine).scalars().all():
            one.started_at -= timedelta(minutes=minutes)


def after_password(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post(PAGE, data=RIGHT).headers["Location"] == "/second-step"
    return client


def later(seconds: int) -> datetime:
    return datetime.fromtimestamp(NOON.timestamp() + seconds, UTC)


@pytest.mark.usefixtures("at")
def test_without_a_second_step_staff_find_only_the_page_to_set_one_up(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    assert client.post(PAGE, data=RIGHT).status_code == 303
    for path in ("/caseload", f"/young-people/{cast.amina}"):
        assert client.get(path).headers["Location"] == "/my-sign-in"
    assert client.get("/what-helped").status_code == 404
    assert "Set up one of these two first" in client.get("/my-sign-in").text
    shown = client.post("/my-sign-in/authenticator").text
    secret = re.sub(r"\s", "", html.unescape(re.search(r'class="address">([^<]+)<', shown)[1]))  # type: ignore[index]
    wrong = client.post("/my-sign-in/authenticator/confirm", data={"code": "000000"})
    assert (wrong.status_code, "not right" in wrong.text) == (422, True)
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"
    done = client.post("/my-sign-in/authenticator/confirm", data={"code": pyotp.TOTP(secret).at(NOON)})
    assert len(re.findall(r"<code>", done.text)) == 8
    assert client.get("/caseload").status_code == 200


def test_a_parent_carer_may_do_without(app: Flask, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Account, cast.parent_carer.account_id).password_hash = hash_secret(PASSWORD)
        audit.record(council_id=cast.council_id, actor_id=None, action="test:set_password")
    client = app.test_client()
    assert client.post(PAGE, data={**RIGHT, "email": "sana@derwent.example"}).status_code == 303
    assert client.get("/caseload").status_code == 200


def test_the_code_of_the_app_is_the_second_step_and_works_once(app: Flask, cast: Cast, at: At) -> None:
    give_authenticator(cast.mentor)
    at(later(60))
    client = after_password(app)
    assert client.get("/caseload").status_code == 303
    code = code_at(cast.mentor, later(60))
    assert client.post("/second-step", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert client.get("/caseload").status_code == 200
    again = after_password(app)
    assert again.post("/second-step", data={"code": code}).status_code == 422
    at(later(90))
    assert again.post("/second-step", data={"code": code_at(cast.mentor, later(90))}).status_code == 303


@pytest.mark.parametrize("seconds", [-90, 120])
def test_a_code_of_another_minute_is_refused(app: Flask, cast: Cast, at: At, seconds: int) -> None:
    give_authenticator(cast.mentor)
    at(later(300))
    wrong = code_at(cast.mentor, later(300 + seconds))
    assert after_password(app).post("/second-step", data={"code": wrong}).status_code == 422


def test_a_recovery_code_works_once_and_is_kept_as_a_hash(app: Flask, cast: Cast) -> None:
    codes = give_authenticator(cast.mentor)
    kept = {bytes(row) for row in db.session.execute(select(RecoveryCode.code_hash)).scalars()}
    (salt,) = set(db.session.execute(select(RecoveryCode.salt)).scalars())
    assert len(salt) == 16
    assert kept == {stretched(hash_token(code.replace("-", "")), salt) for code in codes}
    assert len(kept) == len(codes) == len(set(codes)) == 8
    assert all(code.encode() not in b"".join(kept) for code in codes)
    assert after_password(app).post("/second-step", data={"code": codes[0].upper()}).status_code == 303
    assert after_password(app).post("/second-step", data={"code": codes[0]}).status_code == 422
    assert after_password(app).post("/second-step", data={"code": codes[1]}).status_code == 303


def test_recovery_codes_of_two_people_have_salts_of_their_own(cast: Cast) -> None:
    for viewer in (cast.mentor, cast.auditor):
        give_authenticator(viewer)
    assert len(set(db.session.execute(select(RecoveryCode.salt)).scalars())) == 2


def test_ten_wrong_codes_stop_the_second_step_even_for_the_right_one(app: Flask, cast: Cast, at: At) -> None:
    codes = give_authenticator(cast.mentor)
    at(later(60))
    client = after_password(app)
    for _ in range(10):
        assert client.post("/second-step", data={"code": "000000"}).status_code == 422
    stopped = client.post("/second-step", data={"code": codes[0]})
    assert (stopped.status_code, "Wait 15 minutes" in stopped.text) == (429, True)


def test_half_way_lasts_ten_minutes_and_opens_nothing(app: Flask, cast: Cast, at: At) -> None:
    codes = give_authenticator(cast.mentor)
    client = after_password(app)
    assert client.get("/my-sign-in").headers["Location"] == "/"
    at(later(601))
    assert client.post("/second-step", data={"code": codes[0]}).headers["Location"] == "/"
    assert client.get("/caseload").headers["Location"] == "/"
    assert app.test_client().get("/second-step").headers["Location"] == "/"


def test_the_administrator_lets_somebody_who_lost_their_phone_set_up_again(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    give_authenticator(cast.mentor)
    signed_in = sign_in(cast.mentor)
    path = f"/accounts/{cast.mentor.account_id}/second-steps/forget"
    assert sign_in(cast.council_staff).post(path).status_code == 404
    at_a_desk_left_open = sign_in(cast.administrator)
    grow_old(cast.administrator, 11)
    assert at_a_desk_left_open.post(path).headers["Location"] == "/sign-in-again"
    admin = sign_in(cast.administrator)
    assert admin.post(f"/accounts/{cast.other_council_staff.account_id}/second-steps/forget").status_code == 404
    shown = admin.get("/accounts").text
    assert (shown.count("/second-steps/forget"), path in shown) == (1, True)
    assert admin.post(path).status_code == 303
    assert signed_in.get("/caseload").headers["Location"] == "/"
    client = app.test_client()
    client.post(PAGE, data=RIGHT)
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"


def test_the_last_second_step_of_staff_cannot_be_dropped_and_stay_in(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    assert app
    give_authenticator(cast.mentor)
    client = sign_in(cast.mentor)
    assert "Stop using the app" not in client.get("/my-sign-in").text
    assert client.post("/my-sign-in/authenticator/forget").status_code == 303
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"


def test_one_sees_where_one_is_signed_in_and_ends_it(cast: Cast, sign_in: SignIn) -> None:
    here, there, stranger = sign_in(cast.mentor), sign_in(cast.mentor), sign_in(cast.unrelated_mentor)
    with transaction():
        db.session.execute(update(SignedInSession).values(browser="Firefox, Windows"))
    text = here.get("/my-sign-in").text
    assert text.count("Firefox, Windows</b>") == 2
    (other,) = re.findall(r"/my-sign-in/sessions/([0-9a-f-]{36})/end", text)
    assert stranger.post(f"/my-sign-in/sessions/{other}/end").status_code == 404
    assert here.post(f"/my-sign-in/sessions/{other}/end").status_code == 303
    assert (here.get("/caseload").status_code, there.get("/caseload").headers["Location"]) == (200, "/")
    third = sign_in(cast.mentor)
    assert here.post("/my-sign-in/sessions/end-all").status_code == 303
    assert {here.get("/caseload").headers["Location"], third.get("/caseload").headers["Location"]} == {"/"}


def test_signing_in_with_a_second_step_makes_a_new_session_token(app: Flask, cast: Cast) -> None:
    codes = give_authenticator(cast.mentor)
    client = after_password(app)
    before = client.get_cookie("tidemark")
    client.post("/second-step", data={"code": codes[0]})
    after = client.get_cookie("tidemark")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_young_person_finds_no_page_of_second_steps(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.young_person).get("/my-sign-in").status_code == 404


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", '{"rawId": 3, "response": {"clientDataJSON": "e30"}}', "x" * 30_000]
)
def test_a_broken_passkey_answer_is_refused_with_a_sentence(app: Flask, cast: Cast, answer: str) -> None:
    assert cast
    refused = app.test_client().post("/passkey", data={"credential": answer})
    assert (refused.status_code, "did not work here" in refused.text) == (422, True)


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_a_code_sent_many_times_at_once_opens_one_session(app: Flask, cast: Cast, at: At, kind: str) -> None:
    on_paper = give_authenticator(cast.mentor)
    at(later(60))
    clients = [after_password(app) for _ in range(8)]
    code = on_paper[0] if kind == "paper" else code_at(cast.mentor, later(60))
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: one.post("/second-step", data={"code": code}).status_code, clients))
    assert sorted(answers) == [303, *[422] * 7]
