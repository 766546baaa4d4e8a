"""What the trail tells, and what is kept of it elsewhere; no I/O."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

SEEN = "%:seen"
REFUSED = "access:refused"


class Area(Enum):
    """Actions that belong together, as somebody searches for them: words, and patterns of SQL's LIKE."""

    SEEN = ("Records that were looked at", SEEN)
    EMERGENCY = ("Emergency access", "emergency_access:%")
    AROUND = ("Who is around a young person", "relationship:%")
    SHARING = ("Who sees what", "sharing:%", "who_sees:%", "profile_link:%")
    CONCERNS = ("Calls for help", "concern:%")
    RECORDS = ("Records of young people", "young_person:%", "school_week%", "life_event:%", "note:%", "attendance:%")
    WRITTEN = ("Check-ins, posts, goals and profiles", "check_in%", "post:%", "reply:%", "goal%", "profile:%")
    OWN_DATA = (
        "What people asked of their own data",
        "copy:%",
        "data_request:%",
        "forgetting:%",
        "retention:%",
        "erasure:%",
    )
    SIGN_IN = (
        "Signing in",
        "session:%",
        "sign_in:%",
        "sign_on:%",
        "device:%",
        "sign_in_card:%",
        "passkey:%",
        "authenticator:%",
        "second_step%",
        "recovery_code%",
        "password:%",
        "password_reset:%",
    )
    ACCOUNTS = ("Accounts", "account:%", "council:%")
    FIGURES = ("Group figures", "group_figures:%", "measure:%")
    KEYS = ("Keys", "keys:%")
    REFUSED = ("What was refused", REFUSED)
    TRAIL = ("This trail", "audit:%")

    def __init__(self, words: str, *patterns: str) -> None:
        self.words = words
        self.patterns = patterns


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in a council's trail; None or empty asks for nothing.

    `by_system` asks for what nobody did: commands and nightly work.
    """

    since: datetime | None = None
    until: datetime | None = None
    area: Area | None = None
    action: str = ""
    actor_id: UUID | None = None
    by_system: bool = False
    about: UUID | None = None


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
