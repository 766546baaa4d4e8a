"""Reading phones that ask to be let in: by the secret that one holds, and by the code that a mentor reads off it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app import clock
from app.accounts.models import Account, DeviceRequest
from app.accounts.values import Viewer
from app.crypto.keyring import current_keyring
from app.database import db

ASKS_FOR = timedelta(minutes=10)
CODE_RESTS_FOR = timedelta(days=1)


def code_index(council_id: UUID, code: str) -> bytes:
    """Return what is kept of a code."""
    return current_keyring().blind_index(council_id, DeviceRequest.__tablename__, "code", code)


def is_code_taken(council_id: UUID, code: str) -> bool:
    """Say whether a phone of the council has shown this code in the last day."""
    query = select(DeviceRequest.id).where(
        DeviceRequest.council_id == council_id,
        DeviceRequest.code_index == code_index(council_id, code),
        DeviceRequest.made_at > clock.now() - CODE_RESTS_FOR,
    )
    return db.session.execute(query.limit(1)).first() is not None


def open_request(council_id: UUID, token_hash: bytes, *, to_change: bool = False) -> DeviceRequest | None:
    """Return the request of the phone that holds the secret with this hash, let in or not; None once it is over."""
    query = _open(council_id).where(DeviceRequest.token_hash == token_hash)
    query = query.with_for_update() if to_change else query
    found: DeviceRequest | None = db.session.execute(query).scalar_one_or_none()
    return found


def request_with_code(viewer: Viewer, code: str) -> DeviceRequest | None:
    """Return the one phone of the viewer's council that shows this code now and waits; None where there is no such."""
    query = _open(viewer.council_id).where(
        DeviceRequest.code_index == code_index(viewer.council_id, code), DeviceRequest.account_id.is_(None)
    )
    found = db.session.execute(query.with_for_update()).scalars().all()
    return found[0] if len(found) == 1 else None


def has_pictures(request: DeviceRequest) -> bool:
    """Say whether whoever's phone it is has chosen pictures before."""
    return db.session.get_one(Account, request.account_id).picture_code_hash is not None


def _open(council_id: UUID) -> Select[Any]:
    return select(DeviceRequest).where(
        DeviceRequest.council_id == council_id,
        DeviceRequest.used_at.is_(None),
        DeviceRequest.made_at > clock.now() - ASKS_FOR,
    )
