"""Kinds of media, their limits, and what is known of one that was cleaned."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.web.languages import _l
from app.web.uploads import LARGEST_FILE

MOST_ON_ONE = 6
MOST_A_DAY = 60
LARGEST_KEPT = 5_000_000
LONGEST_DESCRIPTION = 500
LONGEST_VOICE_NOTE = 180
"""Seconds."""
CONTENT_TYPES = {"image/webp": "webp", "audio/mpeg": "mp3"}
"""What media are kept as, with the ending of a file's name."""
ROOM = f"{LARGEST_FILE // 1_000_000} MB"


class MediaKind(StrEnum):
    """What somebody adds to what they say."""

    PHOTO = "photo"
    DRAWING = "drawing"
    VOICE = "voice"

    @property
    def words(self) -> str:
        return KIND_WORDS[self]

    @property
    def is_picture(self) -> bool:
        return self is not MediaKind.VOICE


KIND_WORDS = {MediaKind.PHOTO: _l("Photo"), MediaKind.DRAWING: _l("Drawing"), MediaKind.VOICE: _l("Voice note")}


class HangsOn(StrEnum):
    """The kind of entry that media hang on."""

    CHECK_IN = "check_in"
    POST = "post"
    PROFILE = "profile"
    """A young person’s one page, which has no row of its own: its id is theirs."""


class NotTakenError(ValueError):
    """A file cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file made anew from what was seen or heard in the one that was sent.

    `width` and `height` are in pixels (0: it is sound), `seconds` is its length (0: it is a picture).
    """

    contents: bytes
    thumbnail: bytes
    content_type: str
    width: int = 0
    height: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where media hang: whose entry, and which."""

    council_id: UUID
    young_person_id: UUID
    hangs_on: HangsOn
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class WholeMedia:
    """One of a young person's media, open: for handing them what is theirs."""

    id: UUID
    place: Place
    kind: MediaKind
    file_name: str
    description: str
    contents: bytes
    is_taken_away: bool
