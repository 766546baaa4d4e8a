"""What the auditor's pages may show: adults by name, young people by an opaque number only."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.accounts.models import Account
from app.accounts.queries import Named
from app.accounts.values import ROLE_WORDS
from app.audit.models import AuditEntry
from app.audit.values import Area
from app.oversight.forms import NOBODY

SHORT = 8
THE_SYSTEM = "Tidemark itself"
A_YOUNG_PERSON = "A young person"
COLUMNS = ("entry", "at", "who", "action", "young_person", "record_kind", "record", "hash")


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry of the trail."""

    number: int
    when: str
    who: str
    role: str
    who_id: UUID | None
    what: str
    action: str
    about: UUID | None
    record: str

    @property
    def about_short(self) -> str:
        return str(self.about)[:SHORT]


def trail_lines(entries: Iterable[AuditEntry], adults: Mapping[UUID, Named]) -> list[TrailLine]:
    return [_line(entry, adults.get(entry.actor_id) if entry.actor_id else None) for entry in entries]


def _line(entry: AuditEntry, adult: Named | None) -> TrailLine:
    at = clock.in_britain(entry.at)
    unnamed = A_YOUNG_PERSON if entry.actor_id else THE_SYSTEM
    return TrailLine(
        number=entry.sequence,
        when=f"{at.day} {at:%b %Y, %H:%M:%S}",
        who=adult.name if adult else unnamed,
        role=ROLE_WORDS[adult.role] if adult else "",
        who_id=entry.actor_id,
        what=action_words(entry.action),
        action=entry.action,
        about=entry.young_person_id,
        record=f"{entry.record_kind.replace('_', ' ')} {str(entry.record_id)[:SHORT]}" if entry.record_id else "",
    )


def action_words(action: str) -> str:
    """Return `Note: written` for `note:written`."""
    what, _, done = action.replace("_", " ").partition(":")
    return f"{what.capitalize()}: {done}"


def area_choices() -> list[tuple[str, str]]:
    return [(area.name.lower(), area.words) for area in Area]


def adult_choices(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    """Return (value, words) for each adult whom the trail may tell of, by name, and for nobody."""
    adults = sorted((one.name.casefold(), str(one.id), f"{one.name} ({ROLE_WORDS[one.role]})") for one in accounts)
    return [(NOBODY, THE_SYSTEM), *((value, words) for _, value, words in adults)]


def as_csv(entries: Sequence[AuditEntry]) -> bytes:
    """Return entries as UTF-8 text: moments in UTC, numbers for everybody, names for nobody."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in entries:
        ids = [str(value) if value else "" for value in (one.actor_id, one.young_person_id, one.record_id)]
        at = one.at.isoformat(timespec="microseconds")
        writer.writerow([one.sequence, at, ids[0], one.action, ids[1], one.record_kind, ids[2], one.entry_hash.hex()])
    return out.getvalue().encode()
