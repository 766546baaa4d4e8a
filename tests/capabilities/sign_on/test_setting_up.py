"""The administrator's page and the command that set single sign-on up."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.settings import SignOnSettings
from app.sign_on import admin_views, queries
from app.sign_on.models import SignOnInvitation, SignOnProvider
from tests.capabilities.accounts.test_second_step import grow_old
from tests.capabilities.sign_on.test_signing_on import actions
from tests.conftest import SignIn
from tests.people import Cast
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.any_database

PAGE = "/single-sign-on"


def typed(provider: Provider, **more: object) -> dict[str, object]:
    return {
        "name": "Derwent account",
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "roles": ["mentor", "council_staff"],
        "second_step": "mfa  urn:two",
        "is_open": "y",
        **more,
    }


def kept() -> SignOnProvider:
    db.session.rollback()
    return db.session.execute(select(SignOnProvider)).scalar_one()


def test_an_administrator_sets_it_up_and_everything_typed_is_kept(
    cast: Cast, provider: Provider, sign_in: SignIn
) -> None:
    admin = sign_in(cast.administrator)
    assert "http://localhost/c/derwent/single-sign-on/answer" in admin.get(PAGE).text
    assert admin.post(PAGE, data=typed(provider)).status_code == 303
    details = kept().details
    assert (sorted(details.roles), details.second_step) == (["council_staff", "mentor"], ("mfa", "urn:two"))
    assert admin.post(PAGE, data=typed(provider, secret="", name="Other")).status_code == 303
    assert (kept().secret, kept().name) == (CLIENT_SECRET, "Other")
    text = admin.get(PAGE).text
    assert "Saved. Your provider answers." in text
    assert CLIENT_SECRET not in text
    assert actions()[-1] == "sign_on:set_up"


REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"issuer": "http://localhost:1"}, "No OpenID Connect provider answers"),
    ({"issuer": "not an address"}, "Type a whole address"),
    ({"client_id": ""}, "Type the client ID."),
    ({"roles": []}, "Choose one or more."),
    ({"roles": ["young_person"]}, "not"),
)


def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, provider: Provider, sign_in: SignIn
) -> None:
    admin = sign_in(cast.administrator)
    for change, sentence in REFUSED:
        answer = admin.post(PAGE, data=typed(provider, **change))
        assert (answer.status_code, sentence in answer.text) == (422, True), change
        assert 'value="mfa  urn:two"' in answer.text
    assert kept().name == "Derwent account"


def test_the_secret_goes_only_to_the_issuer_that_it_was_typed_for(
    app: Flask, cast: Cast, provider: Provider, sign_in: SignIn
) -> None:
    other = provider.url.replace("localhost", "127.0.0.1")
    answer = sign_in(cast.administrator).post(PAGE, data=typed(provider, issuer=other, secret=""))
    assert (answer.status_code, "for this issuer" in answer.text) == (422, True)
    wrong = sign_in(cast.administrator).post(PAGE, data=typed(provider, issuer=other))
    assert "It calls itself" in wrong.text
    app.extensions["settings"] = replace(app.extensions["settings"], sign_on=SignOnSettings())
    assert "begin with https://" in sign_in(cast.administrator).post(PAGE, data=typed(provider)).text


def test_it_asks_again_who_the_administrator_is_and_is_nobody_else_s(
    cast: Cast, provider: Provider, sign_in: SignIn
) -> None:
    assert provider
    admin = sign_in(cast.administrator)
    grow_old(cast.administrator, 11)
    invitation = f"{PAGE}/invitations/{cast.unrelated_mentor.account_id}"
    for answer in (admin.get(PAGE), admin.post(invitation)):
        assert answer.headers["Location"] == "/sign-in-again"
    assert sign_in(cast.council_staff).get(PAGE).status_code == 404


def test_only_an_account_that_nobody_has_used_is_invited(cast: Cast, provider: Provider, sign_in: SignIn) -> None:
    assert provider
    sign_in(cast.mentor)
    admin = sign_in(cast.administrator)
    text = admin.get(PAGE).text
    assert f"invitations/{cast.mentor.account_id}" not in text
    assert f"invitations/{cast.unrelated_mentor.account_id}" in text
    admin.post(f"{PAGE}/invitations/{cast.mentor.account_id}")
    assert "signs in to this account already" in admin.get(PAGE).text
    assert db.session.execute(select(SignOnInvitation)).all() == []
    assert admin.post(f"{PAGE}/invitations/{cast.unrelated_mentor.account_id}").status_code == 303
    assert "is invited for two weeks" in admin.get(PAGE).text
    assert len(db.session.execute(select(SignOnInvitation)).all()) == 1
    assert admin.post(f"{PAGE}/invitations/{cast.other_council_staff.account_id}").status_code == 404


def test_where_the_packages_are_missing_the_page_says_so_and_no_button_is_shown(
    app: Flask, cast: Cast, provider: Provider, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert provider
    for module in (admin_views, queries):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    assert "make install-extras" in sign_in(cast.administrator).get(PAGE).text
    assert "single-sign-on" not in app.test_client().get("/c/derwent/sign-in").text


def test_the_command_sets_it_up_shows_it_without_the_secret_and_closes_it(app: Flask, provider: Provider) -> None:
    run = app.test_cli_runner().invoke
    options = ["--name", "Work account", "--issuer", provider.url, "--client-id", CLIENT_ID, "--role", "mentor"]
    made = run(args=["sign-on", "set", "trent", *options], input=f"{CLIENT_SECRET}\n")
    assert (made.exit_code, "/c/trent/single-sign-on/answer" in made.output) == (0, True), made.output
    shown = run(args=["sign-on", "show", "trent"]).output
    assert "Work account" in shown
    assert CLIENT_SECRET not in made.output + shown
    assert run(args=["sign-on", "close", "trent"]).exit_code == 0
    assert "closed" in run(args=["sign-on", "show", "trent"]).output
    assert app.test_client().get("/c/trent/single-sign-on").status_code == 404
    wrong = run(
        args=["sign-on", "set", "trent", *options[:2], "--issuer", "http://localhost:1", *options[4:]], input="x\n"
    )
    assert (wrong.exit_code, "No OpenID Connect provider answers" in wrong.output) == (1, True)
    assert "No council at nowhere" in run(args=["sign-on", "show", "nowhere"]).output
