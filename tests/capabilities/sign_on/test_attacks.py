"""What an attacker tries with single sign-on, and that it opens nothing."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account, SignInAttempt
from app.accounts.passwords import hash_secret
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.settings import SignOnSettings
from app.sign_on.models import SignOnProvider, SignOnSubject
from app.sign_on.openid import refuse_address
from app.sign_on.services import set_up
from app.sign_on.values import NotAProviderError
from tests.capabilities.sign_on.conftest import come_back, details_of, go_there, visit
from tests.capabilities.sign_on.test_signing_on import ACCOUNT, START, TWO_STEPS, actions, bound
from tests.people import PASSWORD, Cast
from tests.provider import Person, Provider, new_key, serving

pytestmark = pytest.mark.any_database

NOT_TRUSTED = "cannot be trusted"
NOT_FROM_HERE = "begun somewhere else"


LIES: tuple[tuple[str, object], ...] = (
    ("iss", "https://login.elsewhere.example"),
    ("aud", "another-client"),
    ("aud", ["tidemark", "another-client"]),
    ("azp", "another-client"),
    ("nonce", "one-of-another-visit"),
    ("nonce", None),
    ("exp", int(time.time()) - 300),
    ("exp", None),
    ("iat", int(time.time()) + 3600),
    ("nbf", int(time.time()) + 3600),
    ("sub", None),
    ("sub", ""),
    ("at_hash", "bm90IHRoZSBoYXNo"),
    ("amr", "mfa"),
)


def test_a_token_that_is_not_for_us_now_is_refused(app: Flask, cast: Cast, provider: Provider) -> None:
    assert cast
    client = app.test_client()
    for lie, value in LIES:
        provider.claims = {lie: value}
        refused = visit(client)
        assert (refused.status_code, NOT_TRUSTED in refused.text) == (422, True), (lie, value)
        assert client.get(ACCOUNT).headers["Location"] == "/c/derwent/sign-in", (lie, value)
    assert actions().count("sign_on:refused") == len(LIES)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_nobody_or_anybody_could_have_signed_is_refused(
    app: Flask, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert NOT_TRUSTED in visit(app.test_client()).text


def test_a_token_of_another_key_is_refused_and_a_changed_key_is_found(app: Flask, provider: Provider) -> None:
    assert visit(app.test_client()).headers["Location"] == ACCOUNT
    provider.signs_with = new_key(3)
    assert NOT_TRUSTED in visit(app.test_client()).text
    provider.signs_with = None
    provider.change_key()
    assert visit(app.test_client()).headers["Location"] == ACCOUNT


@pytest.mark.parametrize(("seconds", "is_let_in"), [(-100, True), (-140, False)])
def test_clocks_may_differ_by_two_minutes(app: Flask, provider: Provider, seconds: int, *, is_let_in: bool) -> None:
    provider.claims = {"exp": int(time.time()) + seconds}
    assert (visit(app.test_client()).status_code == 303) is is_let_in


def test_an_answer_works_once_even_where_the_provider_takes_its_code_twice(app: Flask, provider: Provider) -> None:
    provider.keeps_codes = True
    client = app.test_client()
    address = go_there(client)
    with client.session_transaction() as session:
        kept = dict(session)
    assert come_back(client, address).headers["Location"] == ACCOUNT
    again = come_back(client, address)
    assert NOT_FROM_HERE in again.text
    with client.session_transaction() as session:
        session.clear()
        session.update(kept)
    replayed = come_back(client, address)
    assert (replayed.status_code, NOT_FROM_HERE in replayed.text) == (422, True)


def test_a_provider_that_spends_codes_refuses_one_that_was_used(app: Flask, provider: Provider) -> None:
    assert provider.url
    client = app.test_client()
    first = go_there(client)
    come_back(client, first)
    second = go_there(client)
    code = parse_qs(urlsplit(first).query)["code"][0]
    state = parse_qs(urlsplit(second).query)["state"][0]
    mixed = client.get(f"{START}/answer?{urlencode({'code': code, 'state': state})}")
    assert NOT_TRUSTED in mixed.text


def test_an_answer_of_another_browser_or_state_is_refused(app: Flask, provider: Provider) -> None:
    assert provider.url
    attacker, victim = app.test_client(), app.test_client()
    address = go_there(attacker)
    assert NOT_FROM_HERE in come_back(victim, address).text
    go_there(victim)
    assert NOT_FROM_HERE in come_back(victim, address).text
    assert victim.get("/caseload").headers["Location"] == "/"


def test_a_stolen_code_needs_the_browser_that_began(app: Flask, provider: Provider) -> None:
    assert provider.url
    victim, attacker = app.test_client(), app.test_client()
    stolen = parse_qs(urlsplit(go_there(victim)).query)["code"][0]
    own = parse_qs(urlsplit(go_there(attacker)).query)["state"][0]
    refused = attacker.get(f"{START}/answer?{urlencode({'code': stolen, 'state': own})}")
    assert NOT_TRUSTED in refused.text


def test_an_answer_that_says_it_comes_from_another_issuer_is_refused(app: Flask, provider: Provider) -> None:
    assert provider.url
    client = app.test_client()
    address = go_there(client)
    assert come_back(client, f"{address}&iss=https://login.elsewhere.example").status_code == 422
    assert client.get(ACCOUNT).status_code == 303


def test_another_council_s_provider_opens_nothing_here_though_it_says_the_same_subject(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    bound(app.test_client(), provider)
    with serving() as theirs:
        theirs.person, theirs.claims = provider.person, TWO_STEPS
        with transaction():
            set_up(council_id=cast.other_council_id, details=details_of(theirs), actor=None)
        client = app.test_client()
        assert visit(client, "/c/trent/single-sign-on").headers["Location"] == "/c/trent/single-sign-on/account"
        assert client.get(ACCOUNT).headers["Location"] == "/c/derwent/sign-in"
        typed = {"email": "jo@derwent.example", "password": PASSWORD}
        assert client.post("/c/trent/single-sign-on/account", data=typed).status_code == 422
        crossed = go_there(client, "/c/trent/single-sign-on").replace("/c/trent/", "/c/derwent/")
        assert NOT_FROM_HERE in come_back(client, crossed).text
        assert client.get("/caseload").headers["Location"] == "/"
    assert len(db.session.execute(select(SignOnSubject)).all()) == 1


def test_the_same_provider_at_two_councils_opens_each_one_s_own_account(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    provider.claims = TWO_STEPS
    with transaction():
        set_up(council_id=cast.other_council_id, details=details_of(provider), actor=None)
        db.session.get_one(Account, cast.other_council_staff.account_id).password_hash = hash_secret(PASSWORD)
        audit.record(council_id=cast.other_council_id, actor_id=None, action="test:prepared")
    bound(app.test_client(), provider)
    client = app.test_client()
    assert visit(client, "/c/trent/single-sign-on").headers["Location"] == "/c/trent/single-sign-on/account"
    typed = {"email": "olive@trent.example", "password": PASSWORD}
    assert client.post("/c/trent/single-sign-on/account", data=typed).headers["Location"] == "/"
    assert client.get(f"/young-people/{cast.amina}").status_code == 404


def test_a_provider_that_a_council_changed_to_knows_nobody_yet(app: Flask, cast: Cast, provider: Provider) -> None:
    provider.claims = TWO_STEPS
    bound(app.test_client(), provider)
    with serving() as new:
        new.claims = TWO_STEPS
        with transaction():
            set_up(council_id=cast.council_id, details=details_of(new), actor=cast.administrator)
        assert visit(app.test_client()).headers["Location"] == ACCOUNT


def test_a_subject_in_other_letters_is_somebody_else(app: Flask, provider: Provider) -> None:
    bound(app.test_client(), provider)
    provider.person = Person("JO-at-the-council")
    assert visit(app.test_client()).headers["Location"] == ACCOUNT


def test_trying_tokens_is_stopped_by_address(app: Flask, provider: Provider) -> None:
    provider.claims = {"nonce": "wrong"}
    client = app.test_client()
    for _ in range(30):
        assert visit(client).status_code == 422
    stopped = visit(client)
    assert (stopped.status_code, "Wait 15 minutes" in stopped.text) == (429, True)
    assert db.session.execute(select(SignInAttempt)).all()


def test_where_somebody_is_sent_is_the_provider_that_is_set_up_and_nowhere_else(app: Flask, provider: Provider) -> None:
    for more in ("?next=https://elsewhere.example", "?redirect_uri=https://elsewhere.example"):
        sent = app.test_client().get(f"{START}{more}").headers["Location"]
        assert sent.startswith(f"{provider.url}/authorize?")
        assert "elsewhere" not in sent
    client = app.test_client()
    address = go_there(client) + "&next=https://elsewhere.example&going_on_to=//elsewhere.example"
    assert come_back(client, address).headers["Location"] == ACCOUNT


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest",
        "https://user:word@login.example/",
        "file:///etc/passwd",
        "https://",
    ],
)
def test_the_server_asks_nobody_within_its_own_network(address: str) -> None:
    with pytest.raises(NotAProviderError):
        refuse_address(address, SignOnSettings())


def test_a_host_within_the_network_is_asked_where_the_settings_name_it() -> None:
    refuse_address("https://10.0.0.8/", SignOnSettings(hosts=("10.0.0.8",)))


def test_the_secret_is_sealed_and_on_no_page(app: Flask, cast: Cast, provider: Provider) -> None:
    assert provider.url
    assert app
    kept = db.session.execute(select(SignOnProvider)).scalar_one()
    assert kept.secret == "driftwood-secret"
    assert b"driftwood" not in kept.sealed_secret  # type: ignore[attr-defined]
    assert replace(kept.details).secret is None
    assert cast
    assert "driftwood" not in repr(db.session.execute(select(AuditEntry.action)).all())
