"""A copy of somebody's data as it is handed out; no I/O."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.media.values import WholeMedia

Cell = str | int | float | bool | list[str] | dict[str, str] | None
FORMAT = "tidemark-copy/1"


class CopiedFile(NamedTuple):
    """A photo, a drawing or a voice note in the copy."""

    name: str
    title: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """The rows of one table: column to value, moments in UTC as ISO 8601."""

    name: str
    title: str
    rows: list[dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class PersonalCopy:
    """All that is handed out of one person: whose, when it was made, and what is left out and why."""

    whose: str
    council: str
    made_at: datetime
    tables: list[CopiedTable]
    left_out: list[tuple[str, str]]
    """(what, why) in plain words."""
    media: Callable[[], Iterator[WholeMedia]]
    """Gives photos, drawings and voice notes, opened one at a time."""
