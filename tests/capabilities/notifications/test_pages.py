"""The pages on which somebody chooses how they are told, and what the app itself shows."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, transaction
from app.feed.services import write_post, write_reply
from app.notifications.models import ChannelChoice, PushSubscription
from app.young_people.queries import own_access
from app.young_people.values import Audience
from tests.capabilities.notifications.services_of_the_world import Browser, MailServer, PushService
from tests.conftest import SignIn
from tests.people import Cast

pytestmark = pytest.mark.any_database


def test_a_browser_is_turned_on_and_off(cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    assert "data-key=" in client.get("/notifications").text
    target = Browser("phone").target(pushes.url)
    sent = {"endpoint": target.endpoint, "p256dh": target.p256dh, "auth": target.auth}
    assert "Turn off" in client.post("/notifications/browsers", data=sent, follow_redirects=True).text
    made = db.session.execute(select(PushSubscription)).scalar_one()
    assert (made.account_id, made.endpoint) == (cast.young_person.account_id, target.endpoint)
    address = f"/notifications/browsers/{made.id}/forget"
    assert sign_in(cast.other_young_person).post(address).status_code == 404
    assert "Turn off" not in client.post(address, follow_redirects=True).text


def test_an_address_that_is_no_push_service_is_refused(cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    target = Browser("phone").target("https://10.0.0.5")
    sent = {"endpoint": target.endpoint, "p256dh": target.p256dh, "auth": target.auth}
    response = sign_in(cast.mentor).post("/notifications/browsers", data=sent)
    assert response.status_code == 422
    assert "can’t send pop-ups to this browser" in response.text
    assert pushes.pushes == []


def test_without_mail_server_and_push_key_neither_is_offered(cast: Cast, sign_in: SignIn) -> None:
    assert "Neither e-mail nor push is set up here yet." in sign_in(cast.mentor).get("/notifications").text
    text = sign_in(cast.young_person).get("/notifications").text
    assert "By e-mail" not in text
    assert "data-push" not in text
    assert "On your Home page" in text


def test_without_the_library_push_is_not_offered(app: Flask, cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, push=replace(settings.push, key_value=None))
    assert "data-push" not in sign_in(cast.young_person).get("/notifications").text
    assert pushes.pushes == []


def test_a_young_person_gives_an_address_and_takes_it_back(cast: Cast, mails: MailServer, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    response = client.post("/notifications/email", data={"wanted": "y", "address": "amina@home"})
    assert response.status_code == 422
    assert "That is not a whole e-mail address." in response.text
    assert 'value="amina@home"' in response.text
    client.post("/notifications/email", data={"wanted": "y", "address": "amina@home.example"})
    assert 'value="amina@home.example"' in client.get("/notifications").text
    client.post("/notifications/email", data={"address": "amina@home.example"})
    choice = db.session.execute(select(ChannelChoice)).scalar_one()
    assert (choice.is_wanted, choice.address) == (False, "")
    assert mails.letters == []


def test_a_mentor_switches_e_mail_off_and_on(cast: Cast, mails: MailServer, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    assert "To jo@derwent.example." in client.get("/notifications").text
    assert "It is off." in client.post("/notifications/email", follow_redirects=True).text
    text = client.post("/notifications/email", data={"wanted": "y"}, follow_redirects=True).text
    assert "To jo@derwent.example." in text
    assert mails.letters == []


def test_a_new_reply_stands_on_home_until_it_is_opened(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    with transaction():
        post = write_post(
            viewer=cast.young_person, access=own_access(cast.young_person), words="Hello", audience=Audience.MENTOR
        )
    assert "Somebody answered you" not in client.get("/home").text
    with transaction():
        write_reply(viewer=cast.mentor, post_id=post.id, words="Hello yourself")
    assert "Somebody answered you" in client.get("/home").text
    assert "Hello yourself" in client.post("/notifications/replies", follow_redirects=True).text
    assert "Somebody answered you" not in client.get("/home").text


def test_each_adult_reads_where_a_call_for_help_stands(cast: Cast, sign_in: SignIn) -> None:
    assert "it stands on top of your list." in sign_in(cast.mentor).get("/notifications").text
    for_staff = sign_in(cast.council_staff).get("/notifications").text
    assert "stands under “Keeping safe”." in for_staff
    assert "your list" not in for_staff.lower()
