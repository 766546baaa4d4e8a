"""Web push against a real push service: sealed, signed, without a word of content, and only where it may go."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import clock
from app.accounts.models import Account, EnrolledDevice
from app.accounts.services import revoke_devices
from app.audit.models import AuditEntry
from app.crypto.key_providers import KeyUnavailableError, make_key_file
from app.crypto.push_key import ORDER, public_half, push_key
from app.database import db, transaction
from app.notifications.delivery import deliver
from app.notifications.models import PushSubscription
from app.notifications.services import UnusableTargetError, add_browser
from app.notifications.values import Outcome, PushTarget
from app.notifications.web_push import is_allowed
from app.settings import PushSettings
from tests.capabilities.notifications.conftest import PUSH_KEY
from tests.capabilities.notifications.outbox import let_pass, notices, take_push, tell
from tests.capabilities.notifications.services_of_the_world import Browser, PushService
from tests.people import Cast

pytestmark = pytest.mark.any_database

PUBLIC = PushSettings(Path("unused"), PUSH_KEY)


def test_a_push_is_sealed_for_the_browser_and_signed_and_says_nothing(cast: Cast, pushes: PushService) -> None:
    browser = take_push(cast.young_person, pushes)
    about_id = tell(cast.young_person)
    assert deliver() == (1, 0)
    (push,) = pushes.pushes
    assert browser.opened(push.body) == {"body": "Whenever you like.", "tag": "prompt"}
    claims = push.claims()
    assert claims["aud"] == pushes.url
    assert claims["sub"] == "mailto:help@tidemark.example"
    assert claims["key"] == public_half(b"p" * 32)
    assert 0 < claims["exp"] - clock.now().timestamp() <= 24 * 3600
    assert (push.headers["topic"], push.headers["content-encoding"]) == (about_id.hex, "aes128gcm")
    assert int(push.headers["ttl"]) > 0
    assert deliver() == (0, 0)
    assert len(pushes.pushes) == 1


def test_every_browser_is_told_once(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes, "phone")
    take_push(cast.young_person, pushes, "tablet")
    take_push(cast.other_young_person, pushes, "stranger")
    tell(cast.young_person)
    deliver()
    assert sorted(push.name for push in pushes.pushes) == ["phone", "tablet"]
    assert [notice.outcome for notice in notices()] == [Outcome.SENT, Outcome.SENT]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(cast: Cast, pushes: PushService, status: int) -> None:
    take_push(cast.young_person, pushes)
    pushes.answers = [status]
    tell(cast.young_person)
    assert deliver() == (0, 1)
    assert [notice.outcome for notice in notices()] == [Outcome.GONE]
    assert db.session.execute(select(PushSubscription)).first() is None
    assert db.session.query(AuditEntry).filter_by(action="push_subscription:gone", actor_id=None).count() == 1


def test_a_busy_service_is_tried_again_later_and_later_then_given_up(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    pushes.answers = [503] * 20
    tell(cast.young_person)
    waits = []
    while (notice := notices()[0]).outcome is Outcome.WAITING:
        let_pass(notice.next_try_at - clock.now())
        before = clock.now()
        deliver()
        waits.append(round((notices()[0].next_try_at - before) / timedelta(minutes=1)))
    assert waits[:6] == [1, 2, 4, 8, 16, 30]
    assert notices()[0].outcome is Outcome.GAVE_UP
    assert len(pushes.pushes) == len(waits)


def test_a_service_that_comes_back_delivers_once(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    pushes.answers = [429]
    tell(cast.young_person)
    assert deliver() == (0, 1)
    assert deliver() == (0, 0)
    let_pass(timedelta(minutes=2))
    assert deliver() == (1, 0)
    assert (notices()[0].outcome, notices()[0].tries) == (Outcome.SENT, 2)


@pytest.mark.parametrize("status", [307, 400, 403, 413])
def test_a_refusal_is_final_and_a_redirect_is_not_followed(cast: Cast, pushes: PushService, status: int) -> None:
    take_push(cast.young_person, pushes)
    pushes.answers = [status]
    tell(cast.young_person)
    deliver()
    assert [push.name for push in pushes.pushes] == ["phone"]
    assert notices()[0].outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-db5p.notify.windows.com/w/?token=abc",
        "https://fcm.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_browsers_own_push_services_are_used(endpoint: str) -> None:
    assert is_allowed(endpoint, PUBLIC)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com@evil.example/",
        "https://fcm.googleapis.com.evil.example/",
        "https://evilfcm.googleapis.com.example/",
        "https://notfcm.googleapis.com.attacker.net/",
        "https://user:pass@fcm.googleapis.com/",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "http://127.0.0.1:6379/",
        "http://localhost/",
        "http://[::1]/",
        "https://[fe80::1]/",
        "https://10.0.0.5/",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "https://fcm.googleapis.com:port/",
        "https://[broken/",
        "//fcm.googleapis.com/",
        "https://fcm.googleapis.com/" + "a" * 1000,
        "",
    ],
)
def test_no_other_address_is_called(endpoint: str) -> None:
    assert not is_allowed(endpoint, PUBLIC)


def test_a_council_may_trust_one_more_service_and_only_a_test_this_machine() -> None:
    own = replace(PUBLIC, hosts=("push.derwent.example",))
    assert is_allowed("https://push.derwent.example/1", own)
    assert not is_allowed("https://push.derwent.example/1", PUBLIC)
    assert is_allowed("http://127.0.0.1:9/1", replace(PUBLIC, loopback=True))
    assert not is_allowed("http://10.0.0.5/1", replace(PUBLIC, loopback=True))
    assert not is_allowed("https://fcm.googleapis.com/1", None)


def test_keys_that_are_none_and_strange_addresses_are_refused(cast: Cast, pushes: PushService) -> None:
    good = Browser("phone").target(pushes.url)
    for bad in (
        replace(good, endpoint="https://10.0.0.5/"),
        replace(good, p256dh="AAAA"),
        replace(good, auth="not base64!"),
        PushTarget("", "", ""),
    ):
        with transaction(), pytest.raises(UnusableTargetError):
            add_browser(viewer=cast.young_person, target=bad, device_id=None)


def test_a_shared_browser_tells_whoever_turned_it_on_last(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes, "shared")
    take_push(cast.other_young_person, pushes, "shared")
    tell(cast.young_person)
    deliver()
    assert pushes.pushes == []
    assert db.session.execute(select(PushSubscription.account_id)).scalars().all() == [
        cast.other_young_person.account_id
    ]


def test_a_phone_that_is_forgotten_takes_no_push(cast: Cast, pushes: PushService) -> None:
    with transaction():
        device = EnrolledDevice(
            council_id=cast.council_id,
            account_id=cast.young_person.account_id,
            token_hash=b"t" * 32,
            enrolled_at=clock.now(),
        )
        db.session.add(device)
        db.session.flush()
        target = Browser("phone").target(pushes.url)
        add_browser(viewer=cast.young_person, target=target, device_id=device.id)
    tell(cast.young_person)
    with transaction():
        revoke_devices(account=db.session.get_one(Account, cast.young_person.account_id), actor=cast.mentor)
    deliver()
    assert pushes.pushes == []
    assert [notice.outcome for notice in notices()] == [Outcome.GONE]
    assert db.session.execute(select(PushSubscription)).first() is None


def test_the_address_of_a_browser_is_sealed(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes, "secret-name")
    for column in ("endpoint", "p256dh", "auth"):
        kept = db.session.execute(text(f"SELECT {column} FROM push_subscriptions")).scalar_one()  # noqa: S608
        assert b"secret-name" not in bytes(kept)


def test_the_push_key_is_a_file_like_the_other_keys(app: Flask, tmp_path: Path) -> None:
    settings = PushSettings(tmp_path / "push-key")
    assert push_key(settings) is None
    assert push_key(None) is None
    make_key_file(settings.key_file)
    key = push_key(settings)
    assert key is not None
    assert len(key) == 32
    settings.key_file.chmod(0o644)
    with pytest.raises(KeyUnavailableError, match="must be 0400"):
        push_key(settings)
    with pytest.raises(KeyUnavailableError, match="no P-256 key"):
        push_key(replace(settings, key_value="/" * 43 + "="))
    assert ORDER.bit_length() == 256
    app.extensions["settings"] = replace(
        app.extensions["settings"], push=PushSettings(tmp_path / "another"), key_file=tmp_path / "k"
    )
    said = app.test_cli_runner().invoke(args=["keys", "new"]).output
    assert f"Made the push key at {tmp_path / 'another'}" in said
