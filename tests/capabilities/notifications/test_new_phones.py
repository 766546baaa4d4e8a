"""A young person is told of every further phone that their own account opens on."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from app import clock
from app.accounts.models import Account, EnrolledDevice
from app.accounts.services import revoke_devices
from app.database import db, transaction
from app.notifications.services import choose_channel
from app.notifications.values import Channel, Kind
from tests.capabilities.accounts.test_signing_in_again import phone_of
from tests.capabilities.notifications.outbox import notices, take_push
from tests.capabilities.notifications.services_of_the_world import MailServer, PushService
from tests.capabilities.notifications.test_mail import send
from tests.conftest import SignIn
from tests.people import Cast


def let_a_phone_in(cast: Cast, sign_in: SignIn) -> None:
    phone_of(cast.young_person, cast, sign_in(cast.young_person))


def test_a_further_phone_is_told_of_once(app: Flask, cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    let_a_phone_in(cast, sign_in)
    browser = take_push(cast.young_person, pushes)
    send(app)
    assert pushes.pushes == []
    let_a_phone_in(cast, sign_in)
    for _ in range(2):
        send(app)
    (push,) = pushes.pushes
    assert browser.opened(push.body) == {"body": "A new phone was let in", "tag": "new_phone"}
    assert [notice.kind for notice in notices()] == [Kind.NEW_PHONE]


def test_a_phone_that_was_forgotten_or_let_in_long_ago_is_not_told_of(
    app: Flask, cast: Cast, pushes: PushService, sign_in: SignIn
) -> None:
    take_push(cast.young_person, pushes)
    for _ in range(2):
        let_a_phone_in(cast, sign_in)
    db.session.execute(update(EnrolledDevice).values(enrolled_at=clock.now() - timedelta(hours=25)))
    db.session.commit()
    send(app)
    let_a_phone_in(cast, sign_in)
    with transaction():
        revoke_devices(account=db.session.get_one(Account, cast.young_person.account_id), actor=cast.mentor)
    send(app)
    assert pushes.pushes == []


def test_by_e_mail_it_says_where_to_shut_it_out(app: Flask, cast: Cast, mails: MailServer, sign_in: SignIn) -> None:
    with transaction():
        choose_channel(viewer=cast.young_person, channel=Channel.EMAIL, wanted=True, address="me@home.example")
    for _ in range(2):
        let_a_phone_in(cast, sign_in)
    send(app)
    ((recipient, letter),) = mails.letters
    assert recipient == "me@home.example"
    said = letter.get_payload(decode=True)
    assert isinstance(said, bytes)
    assert "A new phone was let in. Is it yours? If not, you can shut it out under “Me”.".encode() in said
