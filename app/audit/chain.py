"""The arithmetic of the hash chain."""

import hashlib
import json

from app.audit.models import AuditEntry

FIRST_HASH = bytes(32)


def hash_of(entry: AuditEntry, sequence: int | None = None) -> bytes:
    """Return the SHA-256 of the previous hash and of every field of the entry, as canonical JSON.

    `sequence`: the number it would have in another place.
    """
    facts = (
        entry.id,
        entry.council_id,
        entry.sequence if sequence is None else sequence,
        entry.at.isoformat(),
        entry.actor_id,
        entry.action,
        entry.young_person_id,
        entry.record_kind,
        entry.record_id,
    )
    canonical = json.dumps([None if fact is None else str(fact) for fact in facts], separators=(",", ":"))
    return hashlib.sha256(entry.previous_hash + canonical.encode()).digest()
