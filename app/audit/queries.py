"""Reading the audit trail: proving the chain, and who looked at whom."""

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """What one entry tells of a change: not who made it."""

    action: str
    young_person_id: UUID | None
    record_kind: str
    record_id: UUID | None


@dataclass(frozen=True, slots=True)
class TrailSince:
    """What a council's trail tells from one entry on: `end` is the last one's number.

    `is_whole` is false where the trail does not reach back that far, or ends before it: then nothing follows from it.
    """

    end: int
    is_whole: bool
    entries: tuple[TrailEntry, ...]


def trail_since(council_id: UUID, sequence: int, *, leaving_out: Collection[str]) -> TrailSince:
    """Return what was changed after one entry, by what was committed first; what was only seen is left out.

    Times are not asked: a clock may go wrong, the chain does not. `leaving_out` names further actions.
    """
    end = db.session.execute(select(AuditHead.sequence).where(AuditHead.council_id == council_id)).scalar_one_or_none()
    mine = AuditEntry.council_id == council_id
    there = db.session.execute(select(AuditEntry.id).where(mine, AuditEntry.sequence == sequence)).scalar_one_or_none()
    if there is None or end is None or end < sequence:
        return TrailSince(end or 0, is_whole=False, entries=())
    query = select(AuditEntry.action, AuditEntry.young_person_id, AuditEntry.record_kind, AuditEntry.record_id)
    query = query.where(mine, AuditEntry.sequence > sequence, AuditEntry.sequence <= end)
    rows = db.session.execute(query.where(AuditEntry.action.not_like("%:seen"), AuditEntry.action.not_in(leaving_out)))
    return TrailSince(end, is_whole=True, entries=tuple(TrailEntry(*row) for row in rows))


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
