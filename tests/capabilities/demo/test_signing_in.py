"""Trying Tidemark as somebody made up: one visit, demo mode only."""

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from app.accounts.models import Account, SignedInSession
from app.accounts.values import Role
from app.database import db
from app.demo.presenters import sign_in_links
from app.demo.queries import cast_accounts
from app.demo.tokens import PURPOSE, token_for
from app.demo.values import SeedSummary
from app.settings import Environment, Settings, UnsafeSettingsError, refuse_unsafe

FIRST_PAGES = {
    "young_person": "/home",
    "mentor": "/caseload",
    "parent_carer": "/caseload",
    "council_staff": "/what-helped",
    "provider": "/offers",
    "administrator": "/accounts",
    "auditor": "/audit",
}


@pytest.fixture
def urls(demo_app: Flask, seeded: SeedSummary) -> dict[str, str]:
    assert seeded
    with demo_app.test_request_context():
        return {link.role: link.sign_in_url for link in sign_in_links(cast_accounts())}


def landed_on(client: FlaskClient, url: str) -> str:
    response = client.get(url, follow_redirects=True)
    assert response.status_code == 200
    return urlsplit(response.request.url).path


@pytest.mark.parametrize(("role", "first_page"), FIRST_PAGES.items())
def test_one_visit_signs_in_and_opens_the_first_page_of_the_role(
    demo_app: Flask, urls: dict[str, str], role: str, first_page: str
) -> None:
    assert landed_on(demo_app.test_client(), urls[role]) == first_page


def test_the_address_works_as_often_as_it_is_opened(demo_app: Flask, urls: dict[str, str]) -> None:
    for _ in range(2):
        assert landed_on(demo_app.test_client(), urls["young_person"]) == "/home"


def test_signing_in_as_somebody_else_ends_the_earlier_session(demo_app: Flask, urls: dict[str, str]) -> None:
    client = demo_app.test_client()
    landed_on(client, urls["mentor"])
    mentor = next(account.id for member, account in cast_accounts() if member.role == "mentor")
    landed_on(client, urls["young_person"])
    newest = select(SignedInSession).where(SignedInSession.account_id == mentor)
    session = db.session.execute(newest.order_by(SignedInSession.started_at.desc())).scalars().first()
    assert session is not None
    assert session.ended_at is not None
    assert client.get("/caseload").status_code == 404


def test_the_page_offers_everybody_with_what_to_look_at(demo_app: Flask, urls: dict[str, str]) -> None:
    shown = demo_app.test_client().get("/demo").get_data(as_text=True)
    assert all(url in shown for url in urls.values())
    assert shown.count("Be ") >= len(urls)
    assert "Nobody here is real" in shown
    assert 'href="/demo"' in demo_app.test_client().get("/").get_data(as_text=True)


def test_a_token_that_was_not_made_here_for_this_finds_nothing(demo_app: Flask, seeded: SeedSummary) -> None:
    assert seeded
    account = cast_accounts()[0][1]
    foreign = URLSafeSerializer("another key", salt=PURPOSE).dumps(account.id.hex)
    for_something_else = URLSafeSerializer(str(demo_app.secret_key), salt="something else").dumps(account.id.hex)
    not_an_id = URLSafeSerializer(str(demo_app.secret_key), salt=PURPOSE).dumps([1])
    nobody = token_for(uuid4())
    for token in ("nonsense", foreign, for_something_else, not_an_id, nobody):
        assert demo_app.test_client().get(f"/demo/sign-in/{token}").status_code == 404


def test_a_token_opens_nobody_outside_the_cast(demo_app: Flask, seeded: SeedSummary) -> None:
    assert seeded
    cast = {account.id for _, account in cast_accounts()}
    others = select(Account).where(Account.role == Role.MENTOR, Account.id.notin_(cast))
    other = db.session.execute(others.limit(1)).scalar_one()
    assert demo_app.test_client().get(f"/demo/sign-in/{token_for(other.id)}").status_code == 404


def test_without_demo_mode_there_is_no_such_page(app: Flask) -> None:
    for path in ("/demo", f"/demo/sign-in/{token_for(uuid4())}"):
        assert app.test_client().get(path).status_code == 404
    assert "/demo" not in app.test_client().get("/").get_data(as_text=True)


@pytest.mark.parametrize("command", ["seed", "people", "truth"])
def test_without_demo_mode_the_commands_refuse_with_a_sentence(app: Flask, command: str) -> None:
    result = app.test_cli_runner().invoke(args=["demo", command])
    assert result.exit_code == 1
    assert "Demo mode is off" in result.output


def test_before_the_seed_the_command_says_what_to_do(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], demo=True)
    result = app.test_cli_runner().invoke(args=["demo", "people"])
    assert result.exit_code == 1
    assert "run `flask --app wsgi demo seed` first" in result.output


def test_production_refuses_demo_mode(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    with pytest.raises(UnsafeSettingsError, match="Demo mode"):
        refuse_unsafe(replace(settings, environment=Environment.PRODUCTION, demo=True))
