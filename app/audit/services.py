"""Writing the audit trail, in the same transaction as what it tells of: the entry first, then its end (`guards`)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.audit.chain import FIRST_HASH, hash_of
from app.audit.models import AuditEntry, AuditHead
from app.audit.values import REFUSED
from app.database import Row, db


def record(
    *,
    council_id: UUID,
    actor_id: UUID | None,
    action: str,
    young_person_id: UUID | None = None,
    about: Row | None = None,
) -> None:
    """Add one entry to a council's chain: who (None: the system), what (past tense), about whom, on which record."""
    _add(
        council_id=council_id,
        actor_id=actor_id,
        action=action,
        young_person_id=young_person_id,
        record_kind=about.__tablename__ if about is not None else "",
        record_id=about.id if about is not None else None,
    )


def record_refused(*, council_id: UUID, actor_id: UUID, endpoint: str, record_id: UUID | None) -> int:
    """Add that somebody was refused a page, by its name in the source, and which id was asked for; return its number.

    It is about no young person: the id may be nobody's or another council's, and nothing of anybody was touched.
    """
    return _add(
        council_id=council_id,
        actor_id=actor_id,
        action=REFUSED,
        young_person_id=None,
        record_kind=endpoint,
        record_id=record_id,
    )


def _add(
    *,
    council_id: UUID,
    actor_id: UUID | None,
    action: str,
    young_person_id: UUID | None,
    record_kind: str,
    record_id: UUID | None,
) -> int:
    head = db.session.execute(
        select(AuditHead).where(AuditHead.council_id == council_id).with_for_update()
    ).scalar_one_or_none()
    if head is None:
        head = AuditHead(council_id=council_id, sequence=0, entry_hash=FIRST_HASH)
        db.session.add(head)
        db.session.flush()
    entry = AuditEntry(
        council_id=council_id,
        sequence=head.sequence + 1,
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        young_person_id=young_person_id,
        record_kind=record_kind,
        record_id=record_id,
        previous_hash=head.entry_hash,
    )
    entry.entry_hash = hash_of(entry)
    db.session.add(entry)
    db.session.flush()
    head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
    db.session.flush()
    return entry.sequence


def record_for_each(*, council_id: UUID, actor_id: UUID | None, action: str, young_person_ids: Iterable[UUID]) -> None:
    """Add one entry for each young person: for lists and for what was written in bulk."""
    for young_person_id in young_person_ids:
        record(council_id=council_id, actor_id=actor_id, action=action, young_person_id=young_person_id)
