"""Reading the audit trail: proving the chain, and who looked at whom."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.audit.chain import FIRST_HASH, hash_of
from app.audit.models import AuditEntry, AuditHead
from app.database import db

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """Where a council's chain stops being true."""

    sequence: int
    reason: str


def first_break(council_id: UUID) -> BrokenChain | None:
    """Walk a council's whole chain; return the first entry that was edited, deleted, moved or cut off, or None."""
    expected, previous = 1, FIRST_HASH
    query = select(AuditEntry).where(AuditEntry.council_id == council_id).order_by(AuditEntry.sequence)
    for entry in db.session.execute(query.execution_options(yield_per=CHUNK)).scalars():
        if entry.sequence != expected:
            return BrokenChain(expected, "an entry is missing")
        if entry.previous_hash != previous or entry.entry_hash != hash_of(entry):
            return BrokenChain(expected, "an entry was changed")
        expected, previous = expected + 1, entry.entry_hash
    head = db.session.get(AuditHead, council_id)
    if head is None:
        return None if expected == 1 else BrokenChain(expected, "nothing says where the trail ends")
    if head.sequence != expected - 1 or head.entry_hash != previous:
        return BrokenChain(expected, "the end of the trail was cut off")
    return None


def trail_lengths() -> dict[UUID, int]:
    """Return how many entries each council's trail has, for every council with entries or with an end to its trail."""
    counted = select(AuditEntry.council_id, func.count()).group_by(AuditEntry.council_id)
    heads = db.session.execute(select(AuditHead.council_id)).scalars()
    return dict.fromkeys(heads, 0) | {row[0]: row[1] for row in db.session.execute(counted)}
