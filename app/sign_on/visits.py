"""What a browser remembers between us and the provider: in the signed cookie, for ten minutes, good once."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from flask import session

from app import clock
from app.sign_on.values import LIFE, Begun, NotBegunHereError, Purpose

BEGUN, ARRIVED = "sign_on_begun", "sign_on_arrived"


def remember_begun(council_id: UUID, begun: Begun, purpose: Purpose) -> None:
    """Remember that this browser is on its way to a council's provider, and why."""
    session[BEGUN] = [str(council_id), begun.state, begun.nonce, begun.verifier, purpose, clock.now().isoformat()]


def take_begun(council_id: UUID, state: str) -> tuple[Begun, Purpose]:
    """Return the visit that an answer belongs to, and forget it; raises NotBegunHereError."""
    found = session.pop(BEGUN, None)
    if found is None or found[0] != str(council_id) or _is_old(found[5]):
        raise NotBegunHereError
    if not compare_digest(str(found[1]).encode(), state.encode()):
        raise NotBegunHereError
    return Begun(found[1], found[2], found[3]), Purpose(found[4])


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody whom the provider knows and we do not yet; it names nobody."""

    council_id: UUID
    subject_index: bytes
    is_two_steps: bool
    proved_at: datetime | None
    invited: UUID | None


def remember_arrived(arrived: Arrived) -> None:
    session[ARRIVED] = [
        str(arrived.council_id),
        arrived.subject_index.hex(),
        arrived.is_two_steps,
        arrived.proved_at.isoformat() if arrived.proved_at else None,
        str(arrived.invited) if arrived.invited else None,
        clock.now().isoformat(),
    ]


def arrived(council_id: UUID) -> Arrived | None:
    """Return who arrived from this council's provider on this browser in the last ten minutes."""
    found: list[Any] | None = session.get(ARRIVED)
    if found is None or found[0] != str(council_id) or _is_old(found[5]):
        return None
    proved_at = datetime.fromisoformat(found[3]) if found[3] else None
    return Arrived(council_id, bytes.fromhex(found[1]), found[2], proved_at, UUID(found[4]) if found[4] else None)


def forget_arrived() -> None:
    session.pop(ARRIVED, None)


def _is_old(moment: str) -> bool:
    return clock.now() - datetime.fromisoformat(moment) > LIFE
