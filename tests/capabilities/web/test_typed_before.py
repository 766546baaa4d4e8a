from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.session_services import end_all_sessions
from app.database import db, transaction
from app.feed.models import Post
from tests.conftest import SignIn
from tests.people import Cast

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = "Sports day\nwas <loud> & long"
POST = {"id": "11111111-2222-4333-8444-555555555555", "words": WORDS, "audience": "mentor"}
ESCAPED = "Sports day\nwas &lt;loud&gt; &amp; long</textarea>"


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def test_what_is_sent_after_the_session_ended_comes_back_with_a_way_to_send_it(
    cast: Cast, phone: FlaskClient, sign_in: SignIn
) -> None:
    with transaction():
        end_all_sessions(account_id=cast.young_person.account_id)
    page = phone.post("/posts/new", data=POST, headers=OURS)
    assert page.status_code == 401
    assert ESCAPED in page.text
    assert f'name="id" value="{POST["id"]}"' in page.text
    assert 'action="/posts/new"' in page.text
    sign_in(cast.young_person).post("/posts/new", data=POST, headers=OURS)
    assert db.session.execute(select(Post)).scalar_one().words == WORDS


def test_what_is_sent_with_an_old_token_comes_back_with_a_new_one(app: Flask, phone: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = phone.post("/posts/new", data=POST | {"csrf_token": "old"}, headers=OURS)
    assert page.status_code == 400
    assert ESCAPED in page.text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert token != "old"
    assert phone.post("/posts/new", data=POST | {"csrf_token": token}, headers=OURS).status_code == 303


def test_what_the_database_refuses_comes_back(phone: FlaskClient) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no turns.")
    turn = Path(f"{db.engine.url.database}.turn")
    turn.unlink()
    turn.mkdir()
    page = phone.post("/posts/new", data=POST, headers=OURS)
    turn.rmdir()
    assert page.status_code == 503
    assert ESCAPED in page.text
    assert phone.post("/posts/new", data=POST, headers=OURS).status_code == 303


@pytest.mark.parametrize("site", [{}, {"Sec-Fetch-Site": "none"}])
def test_words_that_our_own_page_did_not_send_never_come_back(
    app: Flask, phone: FlaskClient, site: dict[str, str]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert "Sports day" not in phone.post("/posts/new", data=POST, headers=site).text


def test_no_secret_comes_back(app: Flask, cast: Cast) -> None:
    assert cast
    app.config["WTF_CSRF_ENABLED"] = True
    sent = {"email": "jo@derwent.example", "password": "sea-glass and driftwood"}
    page = app.test_client().post("/c/derwent/sign-in", data=sent, headers=OURS)
    assert page.status_code == 400
    assert "driftwood" not in page.text
    assert "jo@derwent" not in page.text
