"""A phone that is forgotten opens nothing any more: not with the pictures, nor with a finger that was added on it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.models import Account, EnrolledDevice, Passkey
from app.accounts.services import keep_device
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from tests.conftest import SignIn
from tests.people import Cast

Forget = Callable[[Cast, SignIn, EnrolledDevice, str], None]


def phone_with_a_finger(viewer: Viewer, mentor: Viewer) -> tuple[EnrolledDevice, str]:
    """Let a phone in, and add a passkey there; return it and what it keeps."""
    with transaction():
        account = db.session.get_one(Account, viewer.account_id)
        token = keep_device(account=account, let_in_by=mentor.account_id).device_token
        finger = Passkey(council_id=account.council_id, account_id=account.id, credential_id=uuid4().bytes)
        finger.public_key, finger.sign_count, finger.added_at = b"-", 0, clock.now()
        db.session.add(finger)
    newest = select(EnrolledDevice).order_by(EnrolledDevice.enrolled_at.desc()).limit(1)
    return db.session.execute(newest).scalar_one(), token


def fingers() -> set[object]:
    db.session.rollback()
    return set(db.session.execute(select(Passkey.account_id)).scalars())


def forgotten_by_mentor(cast: Cast, sign_in: SignIn, phone: EnrolledDevice, token: str) -> None:
    del phone, token
    client = sign_in(cast.mentor)
    assert client.post(f"/young-people/{cast.amina}/phones/forget").status_code == 303


def forgotten_from_another(cast: Cast, sign_in: SignIn, phone: EnrolledDevice, token: str) -> None:
    del token
    client = sign_in(cast.young_person)
    assert client.post(f"/me/phones/{phone.id}/forget").status_code == 303


def forgotten_in_hand(cast: Cast, sign_in: SignIn, phone: EnrolledDevice, token: str) -> None:
    del phone
    client = sign_in(cast.young_person)
    client.set_cookie("tidemark-device", token)
    assert client.post("/me/this-phone/forget").status_code == 303


def forgotten_where_no_pictures_open(cast: Cast, sign_in: SignIn, phone: EnrolledDevice, token: str) -> None:
    forgotten_in_hand(cast, sign_in, phone, f"not {token}")


WAYS = [forgotten_by_mentor, forgotten_from_another, forgotten_in_hand, forgotten_where_no_pictures_open]


@pytest.mark.parametrize("forget", WAYS)
def test_a_forgotten_phone_takes_every_finger_with_it(cast: Cast, sign_in: SignIn, forget: Forget) -> None:
    phone, token = phone_with_a_finger(cast.young_person, cast.mentor)
    phone_with_a_finger(cast.other_young_person, cast.mentor)
    forget(cast, sign_in, phone, token)
    assert fingers() == {cast.other_young_person.account_id}
    removed = select(AuditEntry.young_person_id).where(AuditEntry.action == "passkey:removed")
    assert db.session.execute(removed).scalars().all() == [cast.amina]
