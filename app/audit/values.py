"""What the trail tells, and what is kept of it elsewhere; no I/O."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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


class BadAnchorError(ValueError):
    """A line is no anchor."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of a council's trail at one moment, to be kept where whoever holds the database cannot change it."""

    council_id: UUID
    sequence: int
    entry_hash: bytes
    at: datetime

    def __str__(self) -> str:
        """Return the anchor as one line of JSON."""
        facts = {"at": self.at.isoformat(timespec="seconds"), "council": str(self.council_id)}
        return json.dumps({**facts, "sequence": self.sequence, "hash": self.entry_hash.hex()})


def parse_anchor(line: str) -> Anchor:
    """Return the anchor that a line holds; raises BadAnchorError."""
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        return Anchor(UUID(said["council"]), int(said["sequence"]), bytes.fromhex(said["hash"]), at)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadAnchorError("This line is no anchor.") from error
