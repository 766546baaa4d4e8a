"""Reading the audit trail: proving the chain, and who looked at whom."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.audit.chain import FIRST_HASH, hash_of
from app.audit.models import AuditEntry, AuditHead
from app.audit.values import REFUSED, SEEN, Anchor, BrokenChain, Search, TrailEntry, TrailSince
from app.database import db

CHUNK = 2_000


def trail_since(council_id: UUID, sequence: int, *, leaving_out: Collection[str]) -> TrailSince:
    """Return what was changed after one entry, by what was committed first; not what was only seen or refused.

    Times are not asked: a clock may go wrong, the chain does not. `leaving_out` names further actions.
    """
    end = db.session.execute(select(AuditHead.sequence).where(AuditHead.council_id == council_id)).scalar_one_or_none()
    mine = AuditEntry.council_id == council_id
    there = db.session.execute(select(AuditEntry.id).where(mine, AuditEntry.sequence == sequence)).scalar_one_or_none()
    if there is None or end is None or end < sequence:
        return TrailSince(end or 0, is_whole=False, entries=())
    query = select(AuditEntry.action, AuditEntry.young_person_id, AuditEntry.record_kind, AuditEntry.record_id)
    query = query.where(mine, AuditEntry.sequence > sequence, AuditEntry.sequence <= end)
    untold = (AuditEntry.action.not_like(SEEN), AuditEntry.action.not_in((*leaving_out, REFUSED)))
    rows = db.session.execute(query.where(*untold))
    return TrailSince(end, is_whole=True, entries=tuple(TrailEntry(*row) for row in rows))


def entries_found(council_id: UUID, search: Search, *, before: int | None, limit: int) -> list[AuditEntry]:
    """Return entries of a council's trail, newest first, from the one before number `before` on."""
    query = select(AuditEntry).where(AuditEntry.council_id == council_id, *_conditions(search))
    if before is not None:
        query = query.where(AuditEntry.sequence < before)
    return list(db.session.execute(query.order_by(AuditEntry.sequence.desc()).limit(limit)).scalars())


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.since is not None:
        conditions.append(AuditEntry.at >= search.since)
    if search.until is not None:
        conditions.append(AuditEntry.at < search.until)
    if search.area is not None:
        conditions.append(or_(*(AuditEntry.action.like(pattern) for pattern in search.area.patterns)))
    if search.action:
        conditions.append(AuditEntry.action == search.action)
    if search.actor_id is not None:
        conditions.append(AuditEntry.actor_id == search.actor_id)
    if search.by_system:
        conditions.append(AuditEntry.actor_id.is_(None))
    if search.about is not None:
        conditions.append(AuditEntry.young_person_id == search.about)
    return conditions


def looks_at(
    council_id: UUID, young_person_id: UUID, *, besides: UUID, since: datetime, also: Collection[str] = ()
) -> list[AuditEntry]:
    """Return each time that somebody else than `besides` looked at a young person's record, newest first.

    `also`: further actions that count as a look.
    """
    query = select(AuditEntry).where(
        AuditEntry.council_id == council_id,
        AuditEntry.young_person_id == young_person_id,
        AuditEntry.at >= since,
        or_(AuditEntry.action.like(SEEN), AuditEntry.action.in_(also)),
        AuditEntry.actor_id.is_not(None),
        AuditEntry.actor_id != besides,
    )
    return list(db.session.execute(query.order_by(AuditEntry.sequence.desc())).scalars())


def first_break(council_id: UUID) -> BrokenChain | None:
    """Walk a council's whole chain; return the first entry that was edited, deleted, moved or cut off, or None."""
    expected, previous = 1, FIRST_HASH
    query = select(AuditEntry).where(AuditEntry.council_id == council_id).order_by(AuditEntry.sequence)
    for entry in db.session.execute(query.execution_options(yield_per=CHUNK)).scalars():
        if entry.sequence != expected:
            return BrokenChain(expected, "an entry is missing")
        if entry.previous_hash != previous or entry.entry_hash != hash_of(entry):
            return _what_happened(entry)
        expected, previous = expected + 1, entry.entry_hash
    head = db.session.get(AuditHead, council_id)
    if head is None:
        return None if expected == 1 else BrokenChain(expected, "nothing says where the trail ends")
    if head.sequence != expected - 1 or head.entry_hash != previous:
        return BrokenChain(expected, "the end of the trail was cut off")
    return None


def _what_happened(entry: AuditEntry) -> BrokenChain:
    """Tell an entry that was put in another's place, and one whose hash was made anew, from one that was changed."""
    own = next(
        (place for place in range(1, _end(entry.council_id) + 1) if hash_of(entry, place) == entry.entry_hash), 0
    )
    if own == entry.sequence:
        return BrokenChain(own - 1, "an entry was changed, and its hash with it")
    return BrokenChain(entry.sequence, f"entry {own} was moved here" if own else "an entry was changed")


def _end(council_id: UUID) -> int:
    query = select(func.max(AuditEntry.sequence)).where(AuditEntry.council_id == council_id)
    return db.session.execute(query).scalar_one() or 0


def heads() -> list[tuple[UUID, int, bytes]]:
    """Return (council, number, hash) of the last entry of every council's trail."""
    query = select(AuditHead.council_id, AuditHead.sequence, AuditHead.entry_hash).order_by(AuditHead.council_id)
    return [(council_id, sequence, entry_hash) for council_id, sequence, entry_hash in db.session.execute(query)]


def break_since(anchor: Anchor) -> BrokenChain | None:
    """Return what became of the trail since an anchor was kept: cut off before it, or written anew; None if neither."""
    query = select(AuditEntry.entry_hash).where(
        AuditEntry.council_id == anchor.council_id, AuditEntry.sequence == anchor.sequence
    )
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        end = _end(anchor.council_id)
        return BrokenChain(
            end + 1, f"the trail reached {anchor.sequence} at {anchor.at:%Y-%m-%d %H:%M} and was cut off"
        )
    if found != anchor.entry_hash:
        return BrokenChain(anchor.sequence, f"the trail up to here is not the one of {anchor.at:%Y-%m-%d %H:%M}")
    return None


def trail_lengths() -> dict[UUID, int]:
    """Return how many entries each council's trail has, for every council with entries or with an end to its trail."""
    counted = select(AuditEntry.council_id, func.count()).group_by(AuditEntry.council_id)
    heads = db.session.execute(select(AuditHead.council_id)).scalars()
    return dict.fromkeys(heads, 0) | {row[0]: row[1] for row in db.session.execute(counted)}
