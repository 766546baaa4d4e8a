"""Making accounts, signing in and out, cards and devices."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app import clock
from app.accounts import throttle
from app.accounts.models import Account, Council, DeviceRequest, EnrolledDevice, SignInCard
from app.accounts.passkey_services import remove_passkeys
from app.accounts.passwords import hash_secret, hash_token, matches
from app.accounts.queries import account_with_email, email_index
from app.accounts.session_services import end_all_sessions
from app.accounts.throttle import Bucket
from app.accounts.values import PICTURES, PICTURES_IN_CODE, Role, Viewer
from app.audit import services as audit
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db, hold

CARD_LIFE = timedelta(minutes=10)
GIVEN_FOR = timedelta(days=7)
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


class EmailIsTakenError(ValueError):
    """Another account of the council has this e-mail address."""


class TooManyTriesError(RuntimeError):
    """This account or address has failed too often in the last fifteen minutes."""


class UnknownPictureCodeError(ValueError):
    """A picture code is not four of the pictures."""


def create_council(*, slug: str, name: str) -> Council:
    """Make a council, with a data key and an audit trail of its own."""
    council = Council(slug=slug, name=name, created_at=clock.now())
    current_keyring().create((OwnerKind.COUNCIL, council.id))
    db.session.add(council)
    db.session.flush()
    audit.record(council_id=council.id, actor_id=None, action="council:created", about=council)
    return council


def create_account(
    *,
    council_id: UUID,
    role: Role,
    name: str,
    email: str,
    password: str | None,
    actor: Viewer | None,
    is_given: bool = False,
) -> Account:
    """Make an adult's account with a data key of its own; raises EmailIsTakenError.

    `is_given`: somebody else typed the password. It opens the account for a week, and its owner chooses another first.
    """
    if account_with_email(council_id, email) is not None:
        raise EmailIsTakenError("There is an account with this e-mail address already.")
    account_id = uuid4()
    current_keyring().create((OwnerKind.ACCOUNT, account_id))
    account = Account(
        id=account_id,
        council_id=council_id,
        role=role,
        owner_kind=OwnerKind.ACCOUNT,
        owner_id=account_id,
        password_hash=hash_secret(password) if password else None,
        password_given_at=clock.now() if is_given else None,
        name=name,
        email=email,
        created_at=clock.now(),
        email_index=email_index(council_id, email),
    )
    db.session.add(account)
    db.session.flush()
    audit.record(
        council_id=council_id, actor_id=actor.account_id if actor else None, action="account:created", about=account
    )
    return account


def create_young_person_account(*, council_id: UUID, young_person_id: UUID, name: str, actor: Viewer | None) -> Account:
    """Make a young person's account, sealed under their own data key, which must exist; no e-mail, no password."""
    account = Account(
        council_id=council_id,
        role=Role.YOUNG_PERSON,
        owner_kind=OwnerKind.YOUNG_PERSON,
        owner_id=young_person_id,
        name=name,
        created_at=clock.now(),
    )
    db.session.add(account)
    db.session.flush()
    audit.record(
        council_id=council_id,
        actor_id=actor.account_id if actor else None,
        action="account:created",
        young_person_id=young_person_id,
        about=account,
    )
    return account


def set_active(*, account: Account, is_active: bool, actor: Viewer) -> None:
    """Open or close an account; closing it ends its sessions at once."""
    account.is_active = is_active
    if not is_active:
        end_all_sessions(account_id=account.id)
    audit.record(
        council_id=account.council_id,
        actor_id=actor.account_id,
        action="account:opened" if is_active else "account:closed",
        about=account,
    )


def check_password(*, council_id: UUID, email: str, password: str, address: str) -> Account | None:
    """Return the account that this e-mail and password open, or None and count the failure.

    Takes as long whether or not there is such an account. A first password opens nothing after a week. Raises
    TooManyTriesError after ten failures for the account or thirty for the address in fifteen minutes.
    """
    by_account = Bucket(council_id, "email", email, 10)
    buckets = [by_account, Bucket(council_id, "address", address, 30)]
    if throttle.is_stopped(buckets):
        raise TooManyTriesError
    account = account_with_email(council_id, email, to_open=True)
    is_right = matches(account.password_hash if account else None, password)
    if not is_right or account is None or not account.is_active or _has_lapsed(account):
        throttle.count_failure(buckets)
        note_failed(council_id=council_id, account=account)
        return None
    throttle.forget_failures(by_account)
    return account


def _has_lapsed(account: Account) -> bool:
    """Say whether a password that somebody else typed was not replaced in time."""
    return account.password_given_at is not None and not clock.is_within(GIVEN_FOR, account.password_given_at)


def note_failed(*, council_id: UUID, account: Account | None) -> None:
    """Write down that somebody tried and was not let in: at which account, if there is one, and nothing that was typed.

    No more entries than tries: who is stopped adds none.
    """
    audit.record(
        council_id=council_id,
        actor_id=None,
        action="sign_in:failed",
        young_person_id=account.young_person_id if account is not None else None,
        about=account,
    )


def make_sign_in_card(*, account: Account, actor: Viewer) -> str:
    """Return a fresh code of 39 bits for a young person's account; it works once, for ten minutes."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    card = SignInCard(
        council_id=account.council_id,
        account_id=account.id,
        code_hash=hash_token(code),
        made_by=actor.account_id,
        made_at=clock.now(),
    )
    db.session.add(card)
    db.session.flush()
    audit.record(
        council_id=account.council_id,
        actor_id=actor.account_id,
        action="sign_in_card:made",
        young_person_id=account.young_person_id,
        about=card,
    )
    return code


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What using a card gives: the account, and the token that the device keeps."""

    account: Account
    device_token: str


def open_card(*, council_id: UUID, code: str, address: str, browser: str) -> SignInCard | None:
    """Return a card that may still be used, or None and count the failure; raises TooManyTriesError.

    `browser` is something random that only this browser keeps: the first that opens a card is the only one that may.

    A right code opens even where the address is stopped, so that classmates behind the same address cannot lock a child
    out: a code has 39 bits and lives ten minutes, and guessing one is hopeless at any speed that a server answers.
    """
    query = select(SignInCard).where(
        SignInCard.council_id == council_id,
        SignInCard.code_hash == hash_token("".join(filter(str.isalnum, code)).upper()),
        SignInCard.used_at.is_(None),
        SignInCard.made_at.between(clock.now() - CARD_LIFE, clock.now() + clock.SKEW),
    )
    card = db.session.execute(query.with_for_update()).scalar_one_or_none()
    if card is not None and card.browser_hash is None:
        _bind(card, browser)
    if card is not None and card.browser_hash == hash_token(browser):
        return card
    bucket = Bucket(council_id, "card-address", address, 20)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    throttle.count_failure([bucket])
    note_failed(council_id=council_id, account=db.session.get(Account, card.account_id) if card is not None else None)
    return None


def _bind(card: SignInCard, browser: str) -> None:
    card.browser_hash = hash_token(browser)
    account = db.session.get_one(Account, card.account_id)
    audit.record(
        council_id=card.council_id,
        actor_id=None,
        action="sign_in_card:opened",
        young_person_id=account.young_person_id,
        about=card,
    )


def enrol_device(*, card: SignInCard, pictures: list[str]) -> Enrolment:
    """Spend a card: this device may from now on sign in with the picture code chosen here.

    Raises UnknownPictureCodeError unless `pictures` are four of the pictures, in the order tapped.
    """
    refuse_other_than_pictures(pictures)
    card.used_at = clock.now()
    account = db.session.get_one(Account, card.account_id)
    account.picture_code_hash = hash_secret(" ".join(pictures))
    return keep_device(account=account, let_in_by=card.made_by)


def refuse_other_than_pictures(pictures: list[str]) -> None:
    """Raise UnknownPictureCodeError unless these are four of the pictures."""
    if len(pictures) != PICTURES_IN_CODE or not set(pictures) <= {picture.code for picture in PICTURES}:
        raise UnknownPictureCodeError("Tap four pictures.")


def keep_device(*, account: Account, let_in_by: UUID) -> Enrolment:
    """Let a phone open an account with its pictures from now on; `let_in_by` is the mentor who saw to it."""
    token = secrets.token_urlsafe(32)
    device = EnrolledDevice(
        council_id=account.council_id,
        account_id=account.id,
        token_hash=hash_token(token),
        enrolled_at=clock.now(),
        let_in_by=let_in_by,
    )
    db.session.add(device)
    db.session.flush()
    audit.record(
        council_id=account.council_id,
        actor_id=account.id,
        action="device:enrolled",
        young_person_id=account.young_person_id,
        about=device,
    )
    return Enrolment(account, token)


def check_picture_code(*, device_token: str, pictures: list[str]) -> Account | None:
    """Return the account that this device and picture code open, or None and count the failure.

    Only an enrolled device can try, so classmates cannot lock a child out; raises TooManyTriesError after ten failures.
    """
    query = select(EnrolledDevice).where(EnrolledDevice.token_hash == hash_token(device_token))
    device = db.session.execute(query.where(EnrolledDevice.revoked_at.is_(None))).scalar_one_or_none()
    if device is None or not hold(device) or device.revoked_at is not None:
        return None
    bucket = Bucket(device.council_id, "device", str(device.id), 10)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    account = db.session.get_one(Account, device.account_id)
    if not matches(account.picture_code_hash, " ".join(pictures)) or not account.is_active:
        throttle.count_failure([bucket])
        note_failed(council_id=account.council_id, account=account)
        return None
    throttle.forget_failures(bucket)
    device.last_used_at = clock.now()
    return account


def revoke_devices(*, account: Account, actor: Viewer) -> None:
    """Forget an account’s devices and passkeys, spend its cards, what was let in and its sessions: for a lost phone."""
    moment = clock.now()
    unused = update(SignInCard).where(SignInCard.account_id == account.id, SignInCard.used_at.is_(None))
    db.session.execute(unused.values(used_at=moment))
    let_in = update(DeviceRequest).where(DeviceRequest.account_id == account.id, DeviceRequest.used_at.is_(None))
    db.session.execute(let_in.values(used_at=moment))
    query = update(EnrolledDevice).where(EnrolledDevice.account_id == account.id, EnrolledDevice.revoked_at.is_(None))
    db.session.execute(query.values(revoked_at=moment))
    remove_passkeys(account=account, actor=actor)
    end_all_sessions(account_id=account.id)
    audit.record(
        council_id=account.council_id,
        actor_id=actor.account_id,
        action="device:revoked",
        young_person_id=account.young_person_id,
        about=account,
    )


def revoke_device(*, device: EnrolledDevice, actor: Viewer) -> None:
    """Forget one phone, every passkey and the account's sessions: the phone in hand signs in again with the pictures.

    A passkey may have been added on the phone that is forgotten, and would go on opening it.
    """
    device.revoked_at = clock.now()
    remove_passkeys(account=db.session.get_one(Account, device.account_id), actor=actor)
    end_all_sessions(account_id=device.account_id)
    audit.record(
        council_id=device.council_id,
        actor_id=actor.account_id,
        action="device:revoked",
        young_person_id=actor.young_person_id,
        about=device,
    )
