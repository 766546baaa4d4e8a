"""Letting a new phone in without a card: the phone asks, a mentor says whose it is, the pictures open it. Each once."""

import hashlib
import secrets
from uuid import UUID

from app import clock
from app.accounts import throttle
from app.accounts.letting_in_queries import code_index, is_code_taken, open_request, request_with_code
from app.accounts.models import Account, DeviceRequest
from app.accounts.passwords import hash_secret, hash_token, matches
from app.accounts.services import (
    Enrolment,
    TooManyTriesError,
    keep_device,
    refuse_other_than_pictures,
)
from app.accounts.throttle import Bucket
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.web.errors import NotFoundError

CODE_DIGITS = 6
MOST_ASKED = 30
"""New requests from one address in fifteen minutes: a school is behind one."""
MOST_WRONG_CODES = 10
MOST_WRONG_PICTURES = 5


def code_of(token: str) -> str:
    """Return the six digits that a phone shows: they follow from its secret, and the secret does not from them."""
    made = hashlib.sha256(f"tidemark/v1/let-in/{token}".encode()).digest()
    return f"{int.from_bytes(made[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def ask_to_be_let_in(*, council_id: UUID, address: str, browser: str) -> str:
    """Return the secret that this phone keeps; nothing yet says whose it is. Raises TooManyTriesError.

    No two requests of a council show the same code within a day.
    """
    bucket = Bucket(council_id, "asking-address", address, MOST_ASKED)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    throttle.count_failure([bucket])
    token = secrets.token_urlsafe(32)
    while is_code_taken(council_id, code_of(token)):
        token = secrets.token_urlsafe(32)
    request = DeviceRequest(
        council_id=council_id,
        token_hash=hash_token(token),
        code_index=code_index(council_id, code_of(token)),
        browser=browser,
        made_at=clock.now(),
    )
    db.session.add(request)
    db.session.flush()
    audit.record(council_id=council_id, actor_id=None, action="device:asked", about=request)
    return token


def find_request(*, viewer: Viewer, code: str) -> DeviceRequest | None:
    """Return the phone that shows this code now, or None and count the failure against the mentor who typed it.

    Raises TooManyTriesError.
    """
    bucket = Bucket(viewer.council_id, "asking-code", str(viewer.account_id), MOST_WRONG_CODES)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    found = request_with_code(viewer, "".join(filter(str.isdigit, code)))
    if found is None:
        throttle.count_failure([bucket])
    return found


def let_in(*, viewer: Viewer, request: DeviceRequest, account: Account) -> None:
    """Say whose phone it is: it opens once with their pictures, in what is left of its ten minutes.

    `account`: of a young person whose mentor the viewer was found to be. Raises NotFoundError where the account is
    closed, of another council, or the phone was let in already.
    """
    if request.account_id is not None or account.council_id != request.council_id or not account.is_active:
        raise NotFoundError
    request.account_id, request.let_in_by, request.let_in_at = account.id, viewer.account_id, clock.now()
    db.session.flush()
    audit.record(
        council_id=request.council_id,
        actor_id=viewer.account_id,
        action="device:let_in",
        young_person_id=account.young_person_id,
        about=request,
    )


def open_with_pictures(*, council_id: UUID, token: str, pictures: list[str]) -> Enrolment | None:
    """Enrol a phone that was let in, spending its request; None where the pictures are wrong, which is counted.

    Where the account has pictures already they must be these; else they are chosen here. Raises NotFoundError where
    the phone was not let in or its time is over, UnknownPictureCodeError, and TooManyTriesError after five failures.
    """
    request = open_request(council_id, hash_token(token), to_change=True)
    if request is None or request.account_id is None or request.let_in_by is None:
        raise NotFoundError
    refuse_other_than_pictures(pictures)
    bucket = Bucket(council_id, "asking-pictures", str(request.id), MOST_WRONG_PICTURES)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    account = db.session.get_one(Account, request.account_id)
    if not account.is_active:
        raise NotFoundError
    if account.picture_code_hash is None:
        account.picture_code_hash = hash_secret(" ".join(pictures))
    elif not matches(account.picture_code_hash, " ".join(pictures)):
        throttle.count_failure([bucket])
        return None
    request.used_at = clock.now()
    return keep_device(account=account, let_in_by=request.let_in_by)
