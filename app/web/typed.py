"""What people type into forms: line ends as they count them, ids that came along, and words that must fit."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app import clock
from app.web.languages import _, number_in_words

LONGEST_WAIT = timedelta(days=15)


class NothingWrittenError(ValueError):
    """There are no words where some are needed."""


class TooLongError(ValueError):
    """There are more words than fit; the sentence says how many do."""


def with_plain_line_ends(words: str | None) -> str:
    """Return words with one character for each line end: browsers send two."""
    return (words or "").replace("\r\n", "\n")


def sent_id(text: str | None) -> UUID:
    """Return the id that came with a form, or a new one where none can be read."""
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()


def sent_moment(sent: Mapping[str, str]) -> datetime | None:
    """Return when something that waited on a phone was made, or None where it did not wait.

    The phone says how many seconds it waited, so that a clock that is days off does no harm.
    """
    try:
        waited = timedelta(seconds=int(sent.get("waited", "0")))
    except (ValueError, OverflowError):
        return None
    return clock.now() - min(waited, LONGEST_WAIT) if waited > timedelta() else None


def too_long(letters: int, longest: int) -> str:
    """Say that so many letters are more than fit, and what to do."""
    return _(
        "That is %(number)s letters. There is room for %(longest)s: make it a bit shorter.",
        number=number_in_words(letters),
        longest=number_in_words(longest),
    )


def refuse_too_long(words: str, longest: int) -> None:
    """Raise TooLongError with a sentence that says what to do."""
    if len(words) > longest:
        raise TooLongError(too_long(len(words), longest))


def words_within(words: str, longest: int) -> str:
    """Return the words without spaces around them; raises NothingWrittenError or TooLongError with a sentence."""
    words = words.strip()
    if not words:
        raise NothingWrittenError(_("Write something first."))
    refuse_too_long(words, longest)
    return words
