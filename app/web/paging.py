"""Paging by key: a page goes on from the last entry shown, however many came before it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of a page, in a list ordered by moment and id, newest first."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Return the cursor as it stands in a URL."""
        return f"{self.at.isoformat()}~{self.id}"


def parse_cursor(text: str | None) -> Cursor | None:
    """Return the cursor that a URL carries, or None where it carries none that can be read."""
    moment, _, entry_id = (text or "").partition("~")
    try:
        at, id_ = datetime.fromisoformat(moment.replace(" ", "+")), UUID(entry_id)
        return None if at.tzinfo is None else Cursor(at.astimezone(UTC), id_)
    except (ValueError, OverflowError):
        return None


def older_than(
    cursor: Cursor, at: InstrumentedAttribute[datetime], entry_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Return the condition that an entry comes after the cursor in a list with the newest first."""
    return tuple_(at, entry_id) < tuple_(literal(cursor.at, at.type), literal(cursor.id, entry_id.type))
