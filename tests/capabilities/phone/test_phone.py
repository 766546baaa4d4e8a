import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts.models import Account, EnrolledDevice
from app.accounts.services import enrol_device, make_sign_in_card, open_card
from app.accounts.session_services import end_all_sessions
from app.checkins.models import CheckIn
from app.database import db, transaction
from app.feed.models import Post
from app.goals.models import Goal, GoalRating, GoalStep
from tests.conftest import SignIn
from tests.people import Cast

OUTBOX = {"Tidemark-Outbox": "1", "HX-Request": "true"}
ID = "11111111-2222-4333-8444-555555555555"
PERSONAL = ("Amina", "csrf", "outbox-owner")


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def settings_of(worker: str) -> dict[str, object]:
    first_line = worker.split("\n", 1)[0]
    return dict(json.loads(first_line.removeprefix("const phone = ").removesuffix(";")))


def test_the_manifest_makes_it_installable_and_tells_of_nobody(app: Flask, cast: Cast) -> None:
    assert cast
    response = app.test_client().get("/manifest.webmanifest")
    assert response.mimetype == "application/manifest+json"
    manifest = response.get_json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for icon in manifest["icons"]:
        picture = app.test_client().get(icon["src"])
        assert picture.mimetype == "image/png"
        assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_worker_is_served_from_the_root_and_keeps_only_the_shell(app: Flask, phone: FlaskClient) -> None:
    response = phone.get("/service-worker.js")
    assert response.mimetype == "text/javascript"
    settings = settings_of(response.text)
    shell = settings["shell"]
    assert isinstance(shell, list)
    assert [one for one in shell if not re.fullmatch(r"/static/.+\?v=[0-9a-f]{12}", one)] == ["/offline"]
    for address in shell:
        assert app.test_client().get(address).status_code == 200
    assert response.text == app.test_client().get("/service-worker.js").text
    for word in PERSONAL:
        assert word not in str(settings)


def test_the_page_for_no_signal_is_the_same_for_everybody_and_sets_no_cookie(app: Flask, phone: FlaskClient) -> None:
    response = phone.get("/offline")
    assert "How are you right now?" in response.text
    assert "0800 1111" in response.text
    assert "Set-Cookie" not in response.headers
    assert response.text == app.test_client().get("/offline").text
    for word in PERSONAL:
        assert word not in response.text


def test_a_ticket_names_its_owner_by_a_mark_and_only_for_young_people(
    app: Flask, cast: Cast, phone: FlaskClient, sign_in: SignIn
) -> None:
    ticket = phone.get("/outbox").get_json()
    other = sign_in(cast.other_young_person).get("/outbox").get_json()
    assert ticket["owner"] != other["owner"]
    assert ticket["owner"] == sign_in(cast.young_person).get("/outbox").get_json()["owner"]
    assert f'content="{ticket["owner"]}"' in phone.get("/home").text
    assert str(cast.young_person.account_id) not in str(ticket)
    assert sign_in(cast.mentor).get("/outbox").status_code == 404
    assert app.test_client().get("/outbox").status_code == 303


def test_what_waited_needs_the_token_of_the_session_that_sends_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    mine, theirs = sign_in(cast.young_person), sign_in(cast.other_young_person)
    tokens = [client.get("/outbox").get_json()["token"] for client in (mine, theirs)]
    sent = {"id": ID, "measure": "faces", "answer": "4"}
    assert mine.post("/check-ins", data=sent, headers=OUTBOX).status_code == 400
    assert mine.post("/check-ins", data=sent, headers=OUTBOX | {"X-CSRFToken": tokens[1]}).status_code == 400
    elsewhere = OUTBOX | {"X-CSRFToken": tokens[0], "Sec-Fetch-Site": "cross-site"}
    assert mine.post("/check-ins", data=sent, headers=elsewhere).status_code == 400
    assert mine.post("/check-ins", data=sent, headers=OUTBOX | {"X-CSRFToken": tokens[0]}).status_code == 200


def test_the_outbox_is_told_that_nobody_is_signed_in(cast: Cast, phone: FlaskClient) -> None:
    with transaction():
        end_all_sessions(account_id=cast.young_person.account_id)
    sent = {"id": ID, "measure": "faces", "answer": "4"}
    assert phone.post("/check-ins", data=sent, headers=OUTBOX).status_code == 401


@pytest.mark.parametrize(("waited", "hours"), [("7200", 2), ("0", 0), ("-5", 0), ("nonsense", 0), ("9" * 30, 0)])
def test_a_check_in_counts_from_when_it_was_made_whatever_the_phone_s_clock_says(
    phone: FlaskClient, waited: str, hours: int
) -> None:
    sent = {"id": ID, "measure": "faces", "answer": "2", "words": "on the bus", "waited": waited}
    assert phone.post("/check-ins", data=sent, headers=OUTBOX).status_code == 200
    made = db.session.execute(select(CheckIn)).scalar_one()
    assert made.words == "on the bus"
    assert round((made.received_at - made.at).total_seconds() / 3600) == hours


def test_no_wait_is_longer_than_the_phone_keeps_things(phone: FlaskClient) -> None:
    phone.post("/check-ins", data={"id": ID, "answer": "2", "waited": str(60 * 60 * 24 * 400)}, headers=OUTBOX)
    made = db.session.execute(select(CheckIn)).scalar_one()
    assert (clock.now() - made.at).days == 15


def test_whatever_is_sent_twice_is_there_once(cast: Cast, phone: FlaskClient) -> None:
    assert cast
    for _ in range(2):
        phone.post("/posts/new", data={"id": ID, "words": "hello", "waited": "60"}, headers=OUTBOX)
        phone.post("/goals/new", data={"id": ID, "title": "Swim", "waited": "60"}, headers=OUTBOX)
        answer = phone.post(f"/goals/{ID}/ratings", data={"id": ID, "rating": "4", "waited": "60"}, headers=OUTBOX)
        assert answer.status_code == 204
        answer = phone.post(f"/goals/{ID}/steps", data={"id": ID, "words": "Buy goggles"}, headers=OUTBOX)
        assert answer.status_code == 204
    for table in (Post, Goal, GoalRating, GoalStep):
        assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_forgetting_the_phone_in_hand_revokes_it_and_tells_the_browser_to_keep_nothing(
    cast: Cast, phone: FlaskClient
) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
        card = open_card(council_id=cast.council_id, code=code, address="", browser="")
        assert card is not None
        token = enrol_device(card=card, pictures=["cat", "sun", "boat", "star"]).device_token
    phone.set_cookie("tidemark-device", token)
    response = phone.post("/me/this-phone/forget")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert phone.get_cookie("tidemark-device") is None
    assert phone.get("/home").status_code == 303
    assert db.session.execute(select(EnrolledDevice)).scalar_one().revoked_at is not None
