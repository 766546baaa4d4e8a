"""What no page of ours sends is refused before a view sees it, and never breaks anything."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from app.accounts.services import create_council
from app.breaks.models import Provider
from app.database import db, transaction
from app.feed.models import Post
from app.settings import Environment
from app.web.paging import parse_cursor
from tests.conftest import FreshClient, SignIn, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

ANY_ID = "920485d7-91a2-412e-af13-281861cb0682"
POST = {"words": "The ducks were back.", "audience": "mentor"}
HOST = "https://tidemark.example"
PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tidemark.example", "X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


@pytest.fixture
def in_production(databases: SqliteDatabases | PostgresDatabases, tmp_path: Path) -> Flask:
    settings = replace(
        settings_for(databases.for_the_app(databases.fresh()), tmp_path),
        environment=Environment.PRODUCTION,
        trusted_hosts=("tidemark.example",),
        proxies=1,
    )
    app = create_app(settings)
    app.test_client_class = FreshClient
    return app


def how_many_posts() -> int:
    return db.session.execute(select(func.count()).select_from(Post)).scalar_one()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_change_that_another_site_asks_for_is_refused(phone: FlaskClient, site: str) -> None:
    assert phone.post("/posts/new", data=POST, headers={"Sec-Fetch-Site": site}).status_code == 400
    assert how_many_posts() == 0
    assert phone.get("/posts", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_change_from_our_own_page_is_made(phone: FlaskClient, site: str) -> None:
    assert phone.post("/posts/new", data=POST, headers={"Sec-Fetch-Site": site}).status_code == 303
    assert how_many_posts() == 1


def test_nul_is_refused_wherever_it_stands(cast: Cast, phone: FlaskClient, sign_in: SignIn) -> None:
    assert phone.get("/c/derwent%00/sign-in").status_code == 404
    assert phone.get("/posts?before=%00").status_code == 400
    assert phone.post("/posts/new", data={**POST, "words": "a\0b"}).status_code == 400
    before = db.session.execute(select(func.count()).select_from(Provider)).scalar_one()
    assert sign_in(cast.council_staff).post("/providers", data={"name": "Peak\0"}).status_code == 400
    assert db.session.execute(select(func.count()).select_from(Provider)).scalar_one() == before


def test_a_file_in_place_of_words_is_refused(phone: FlaskClient) -> None:
    sent = {**POST, "words": (io.BytesIO(b"words"), "words.txt")}
    assert phone.post("/posts/new", data=sent, content_type="multipart/form-data").status_code == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_cursor_outside_of_time_is_no_cursor(phone: FlaskClient, moment: str) -> None:
    assert parse_cursor(f"{moment}~{ANY_ID}") is None
    for path in ("/posts", "/check-ins"):
        assert phone.get(path, query_string={"before": f"{moment}~{ANY_ID}"}).status_code == 200


def test_a_host_that_is_not_ours_gets_a_plain_refusal(in_production: Flask) -> None:
    response = in_production.test_client().get("/", headers={**PROXIED, "X-Forwarded-Host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.text


def test_a_form_can_be_sent_over_https_behind_a_proxy_without_a_referrer(in_production: Flask) -> None:
    client = in_production.test_client()
    with in_production.app_context(), transaction():
        create_council(slug="derwent", name="Derwent Council")
    page = client.get("/c/derwent/sign-in", headers=PROXIED, base_url=HOST)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    sent = {"email": "nobody@derwent.example", "password": "wrong", "csrf_token": token}
    assert client.post("/c/derwent/sign-in", data=sent, headers=PROXIED, base_url=HOST).status_code == 422
    without = {name: value for name, value in sent.items() if name != "csrf_token"}
    assert client.post("/c/derwent/sign-in", data=without, headers=PROXIED, base_url=HOST).status_code == 400
    other_site = {**PROXIED, "Sec-Fetch-Site": "cross-site"}
    assert client.post("/c/derwent/sign-in", data=sent, headers=other_site, base_url=HOST).status_code == 400
