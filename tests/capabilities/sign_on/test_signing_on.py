"""Signing in at a council's own provider: once an account is bound, and only as far as the provider's proof goes."""

import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock
from app.accounts.models import Account, SignedInSession
from app.accounts.passwords import hash_secret
from app.accounts.services import create_account, set_active
from app.accounts.sessions import viewer_of
from app.accounts.values import Proof, Role, Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.notifications.models import Notice
from app.notifications.values import Channel, Kind
from app.settings import MailSettings
from app.sign_on.models import SignOnSubject
from app.sign_on.services import invite
from tests.capabilities.accounts.test_second_step import give_authenticator, grow_old
from tests.capabilities.sign_on.conftest import come_back, go_there, visit
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast
from tests.provider import Person, Provider

START = "/c/derwent/single-sign-on"
ACCOUNT = f"{START}/account"
MINE = {"email": "jo@derwent.example", "password": PASSWORD}
TWO_STEPS = {"amr": ["pwd", "mfa"]}


def bound(client: FlaskClient, provider: Provider, **also: str) -> None:
    """Let Jo say once that the account is theirs."""
    assert provider.url
    assert visit(client).headers["Location"] == ACCOUNT
    answer = client.post(ACCOUNT, data={**MINE, **also})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def last_session(viewer: Viewer) -> SignedInSession:
    query = select(SignedInSession).where(SignedInSession.account_id == viewer.account_id)
    return db.session.execute(query.order_by(SignedInSession.last_seen_at.desc())).scalars().first()  # type: ignore[return-value]


def actions() -> list[str]:
    return list(db.session.execute(select(AuditEntry.action).order_by(AuditEntry.sequence)).scalars())


def test_whoever_proves_the_account_once_is_signed_in_from_then_on(app: Flask, cast: Cast, provider: Provider) -> None:
    provider.claims = TWO_STEPS
    mail = MailSettings(host="127.0.0.1", sender="tidemark@derwent.example")
    app.extensions["settings"] = replace(app.extensions["settings"], mail=mail)
    bound(app.test_client(), provider)
    again = app.test_client()
    assert visit(again).headers["Location"] == "/"
    assert again.get("/caseload").status_code == 200
    assert last_session(cast.mentor).proof is Proof.SIGN_ON_IN_TWO_STEPS
    assert "sign_on:bound" in actions()
    told = db.session.execute(select(Notice.kind, Notice.channel).where(Notice.account_id == cast.mentor.account_id))
    assert [tuple(row) for row in told] == [(Kind.SIGN_IN, Channel.EMAIL)]
    assert again.post("/sign-out").status_code == 303
    assert again.get("/caseload").status_code == 303


def test_the_way_there_has_pkce_a_state_and_a_nonce_and_names_nobody(app: Flask, provider: Provider) -> None:
    sent = app.test_client().get(START)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert asked["redirect_uri"] == f"http://localhost{START}/answer"
    assert asked["response_type"] == "code"
    assert set(asked) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert provider.asked == []


def test_one_step_there_and_none_here_opens_only_the_page_to_set_one_up(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    client = app.test_client()
    bound(client, provider)
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"
    assert visit(client).headers["Location"] == "/"
    assert client.get("/caseload").headers["Location"] == "/my-sign-in"
    assert last_session(cast.mentor).proof is Proof.SIGN_ON


def test_one_step_there_is_followed_by_the_second_step_here(app: Flask, cast: Cast, provider: Provider) -> None:
    codes = give_authenticator(cast.mentor)
    client = app.test_client()
    assert visit(client).headers["Location"] == ACCOUNT
    assert client.post(ACCOUNT, data=MINE).status_code == 422
    assert client.post(ACCOUNT, data={**MINE, "code": "000000"}).status_code == 422
    assert client.post(ACCOUNT, data={**MINE, "code": codes[0]}).status_code == 303
    other = app.test_client()
    assert visit(other).headers["Location"] == "/second-step"
    assert other.get("/caseload").headers["Location"] == "/"
    assert other.post("/second-step", data={"code": codes[1]}).status_code == 303
    assert other.get("/caseload").status_code == 200
    provider.claims = {"acr": "mfa"}
    third = app.test_client()
    assert visit(third).headers["Location"] == "/"
    assert third.get("/caseload").status_code == 200


def test_a_wrong_password_binds_nothing_and_sounds_like_an_unknown_address(app: Flask, provider: Provider) -> None:
    client = app.test_client()
    visit(client)
    for typed in ({**MINE, "password": "no"}, {**MINE, "email": "nobody@derwent.example"}):
        answer = client.post(ACCOUNT, data=typed)
        assert (answer.status_code, "go together" in answer.text) == (422, True)
        assert f'value="{typed["email"]}"' in answer.text
    assert db.session.execute(select(SignOnSubject)).all() == []
    assert provider.asked


def test_an_e_mail_address_alone_opens_nothing_however_well_it_is_vouched_for(app: Flask, provider: Provider) -> None:
    client = app.test_client()
    provider.claims = TWO_STEPS
    assert visit(client).headers["Location"] == ACCOUNT
    assert client.post(f"{START}/invited").headers["Location"] == "/c/derwent/sign-in"
    assert client.get("/caseload").headers["Location"] == "/"
    assert "Open my account" not in client.get(ACCOUNT).text


@pytest.fixture
def newcomer(cast: Cast) -> Viewer:
    """A mentor whose account nobody has used, and whom the administrator invites."""
    with transaction():
        account = create_account(
            council_id=cast.council_id,
            role=Role.MENTOR,
            name="Nia New",
            email="nia@derwent.example",
            password=None,
            actor=cast.administrator,
        )
        invite(account=account, actor=cast.administrator)
        return viewer_of(account)


def test_an_invitation_is_taken_up_once_by_whom_the_provider_vouches_for(
    app: Flask, newcomer: Viewer, provider: Provider
) -> None:
    provider.person, provider.claims = Person("nia", "nia@derwent.example", is_verified=False), TWO_STEPS
    client = app.test_client()
    visit(client)
    assert "Open my account" not in client.get(ACCOUNT).text
    provider.person.is_verified = True
    visit(client)
    assert "Open my account" in client.get(ACCOUNT).text
    assert client.post(f"{START}/invited").headers["Location"] == "/"
    assert client.get("/caseload").status_code == 200
    assert last_session(newcomer).proof is Proof.SIGN_ON_IN_TWO_STEPS
    provider.person = Person("somebody-else", "nia@derwent.example")
    other = app.test_client()
    visit(other)
    assert "Open my account" not in other.get(ACCOUNT).text


def test_an_invitation_ends_after_two_weeks(
    app: Flask, newcomer: Viewer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert newcomer
    provider.person = Person("nia", "nia@derwent.example")
    later = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    provider.claims = {"iat": int(later.timestamp()), "exp": int(later.timestamp()) + 300}
    client = app.test_client()
    visit(client)
    assert "Open my account" not in client.get(ACCOUNT).text


@pytest.mark.parametrize("change", ["closed", "role", "young"])
def test_a_closed_account_another_role_and_a_young_person_are_not_let_in(
    app: Flask, cast: Cast, provider: Provider, change: str
) -> None:
    bound(app.test_client(), provider)
    with transaction():
        account = db.session.get_one(Account, cast.mentor.account_id)
        if change == "closed":
            set_active(account=account, is_active=False, actor=cast.administrator)
        else:
            account.role = Role.PARENT_CARER if change == "role" else Role.YOUNG_PERSON
        audit.record(council_id=cast.council_id, actor_id=None, action="test:changed")
    client = app.test_client()
    refused = visit(client)
    assert (refused.status_code, "opens nothing here" in refused.text) == (422, True)
    assert client.get("/caseload").headers["Location"] == "/"


@pytest.mark.usefixtures("cast")
def test_what_asks_again_counts_from_when_the_provider_asked(app: Flask, provider: Provider) -> None:
    provider.claims = TWO_STEPS
    client = app.test_client()
    bound(client, provider)
    visit(client)
    assert client.get("/emergency-access").status_code == 200
    for said in (int(time.time()) - 660, None):
        provider.claims = {**TWO_STEPS, "auth_time": said}
        visit(client)
        assert client.get("/caseload").status_code == 200
        assert client.get("/emergency-access").headers["Location"] == "/sign-in-again"
    assert "Use Derwent account" in client.get("/sign-in-again").text
    refused = visit(client, "/single-sign-on/again")
    assert (refused.status_code, "did not ask who you are" in refused.text) == (422, True)
    assert provider.asked[-1].items() >= {"prompt": "login", "max_age": "0"}.items()
    client.get("/emergency-access")
    provider.claims = TWO_STEPS
    assert visit(client, "/single-sign-on/again").headers["Location"] == "/emergency-access"
    assert client.get("/emergency-access").status_code == 200


def test_somebody_else_at_the_provider_proves_nothing_for_who_is_signed_in(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    provider.claims = TWO_STEPS
    client = app.test_client()
    bound(client, provider)
    grow_old(cast.mentor, 11)
    provider.person = Person("uma", "uma@derwent.example")
    assert visit(client, "/single-sign-on/again").status_code == 422
    assert client.get("/emergency-access").headers["Location"] == "/sign-in-again"


def test_whoever_is_signed_in_connects_and_disconnects_by_themselves(
    app: Flask, cast: Cast, provider: Provider, sign_in: SignIn
) -> None:
    assert provider
    client = sign_in(cast.mentor)
    assert "Connect it" in client.get("/my-sign-in").text
    assert visit(client, "/single-sign-on/connect").headers["Location"] == ACCOUNT
    assert "signed in to here" in client.get(ACCOUNT).text
    assert client.post("/single-sign-on/connect").headers["Location"] == "/my-sign-in"
    assert "is connected" in client.get("/my-sign-in").text
    assert visit(app.test_client()).headers["Location"] == "/"
    taken = sign_in(cast.unrelated_mentor)
    assert visit(taken, "/single-sign-on/connect").headers["Location"] == "/"
    assert client.post("/single-sign-on/disconnect").status_code == 303
    assert "Disconnected" in client.get("/my-sign-in").text
    assert visit(app.test_client()).headers["Location"] == ACCOUNT
    grow_old(cast.mentor, 11)
    for path in ("/single-sign-on/connect", "/single-sign-on/disconnect"):
        assert client.post(path).headers["Location"] == "/sign-in-again"


def test_nobody_is_left_without_a_way_to_sign_in(cast: Cast, provider: Provider, sign_in: SignIn) -> None:
    client = sign_in(cast.unrelated_mentor)
    visit(client, "/single-sign-on/connect")
    client.post("/single-sign-on/connect")
    client.post("/single-sign-on/disconnect")
    assert "only way to sign in" in client.get("/my-sign-in").text
    assert provider.asked
    assert db.session.execute(select(SignOnSubject)).all()


def test_another_site_cannot_begin_it_and_a_stopped_one_says_so(app: Flask, provider: Provider) -> None:
    client = app.test_client()
    sent = client.get(START, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.headers["Location"] == "/c/derwent/sign-in"
    provider.refuses = True
    stopped = visit(client)
    assert (stopped.status_code, "not signed in at your council" in stopped.text) == (422, True)


def test_a_provider_that_is_down_says_so_and_other_ways_stay(app: Flask, cast: Cast, provider: Provider) -> None:
    assert cast
    client = app.test_client()
    address = go_there(client)
    app.extensions["sign_on"].clear()
    provider.calls_itself = "https://elsewhere.example"
    down = come_back(client, address)
    assert (down.status_code, "does not answer" in down.text) == (503, True)
    assert client.get(START).status_code == 503
    assert client.post("/c/derwent/sign-in", data=MINE).status_code == 303


def test_behind_a_proxy_people_come_back_to_the_host_that_they_see(app: Flask, provider: Provider) -> None:
    assert provider
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    seen = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tidemark.example", "X-Forwarded-For": "192.0.2.7"}
    sent = app.test_client().get(START, headers=seen)
    back = parse_qs(urlsplit(sent.headers["Location"]).query)["redirect_uri"]
    assert back == [f"https://tidemark.example{START}/answer"]


def test_a_council_without_a_provider_has_no_such_page(app: Flask, provider: Provider) -> None:
    assert provider
    for path in ("", "/answer", "/account"):
        assert app.test_client().get(f"/c/trent/single-sign-on{path}").status_code == 404
    assert "single-sign-on" not in app.test_client().get("/c/trent/sign-in").text
    assert "Sign in with Derwent account" in app.test_client().get("/c/derwent/sign-in").text


def test_ten_minutes_after_they_came_they_come_once_more(
    app: Flask, cast: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert provider
    with transaction():
        db.session.execute(update(Account).where(Account.id == cast.mentor.account_id).values(is_active=True))
        db.session.get_one(Account, cast.mentor.account_id).password_hash = hash_secret(PASSWORD)
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
    client = app.test_client()
    visit(client)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post(ACCOUNT, data=MINE).headers["Location"] == "/c/derwent/sign-in"
