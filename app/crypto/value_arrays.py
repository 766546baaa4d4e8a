"""Many values of one column at a time: the steps of `envelope.unseal`, each taken for all of them before the next.

What Python costs for each value is most of what opening a short text costs. Ciphertexts, associated data and what comes
out therefore lie in buffers that cover many values and are kept with a view ready for each value's part; only AES-GCM
itself is called for each.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, cast
from uuid import UUID

import numpy as np
from cryptography.exceptions import InvalidTag

from app.crypto.envelope import (
    BLOCK,
    CIPHERTEXT_AT,
    LENGTH,
    NONCE_AT,
    NONCE_BYTES,
    SHORTEST,
    TAG_BYTES,
    ColumnKey,
    UnreadableError,
)

Layout = np.dtype[Any]
Values = np.ndarray[tuple[int], Layout]
ROW_BYTES = 16
ROW_DIGITS = 2 * ROW_BYTES
BYTES_AT_ONCE, FEWEST_AT_ONCE, MOST_AT_ONCE = 512 * 1024, 64, 1_024
LONGEST_AT_ONCE = 20 * 1024
"""Longer values gain nothing from arrays: the longest words that anybody may write are shorter."""
ROOM_FOR = 32
"""Room is made for so many values, twice, three times so many."""
KEPT_BYTES = 8 * 1024 * 1024
VIEWS_BYTES = 800
"""What a thread's buffers may take; and what the four views of a value do."""
as_number = attrgetter("int")


class SeveralLengthsError(UnreadableError):
    """Values that were to be opened together are not of one length."""


class Run(NamedTuple):
    """How many values stand together that one column key sealed."""

    key: ColumnKey
    many: int


def how_many_at_once(length: int) -> int:
    """Return how many sealed values of a length to open at a time, so that they stay in the processor's cache."""
    return max(FEWEST_AT_ONCE, min(MOST_AT_ONCE, BYTES_AT_ONCE // (length or 1)))


def row_bytes(ids: Sequence[UUID | str]) -> bytes:
    """Return the ids of rows, 16 bytes each; all as they are, or all as text, which takes less time.

    Raises UnreadableError where a text is no id of 32 digits.
    """
    if not isinstance(ids[0], str):
        return b"".join([number.to_bytes(ROW_BYTES, "big") for number in map(as_number, ids)])
    text = " ".join(cast("Sequence[str]", ids))
    text = text.replace("-", "") if "-" in text else text
    try:
        rows = bytes.fromhex(text)  # which passes over spaces
    except ValueError as error:
        raise UnreadableError("A row's id is written in another way.") from error
    between = text[ROW_DIGITS :: ROW_DIGITS + 1]
    if between != " " * (len(ids) - 1) or len(rows) != ROW_BYTES * len(ids):
        raise UnreadableError("A row's id is longer or shorter than an id.")
    return rows


def unseal_column(runs: Sequence[Run], rows: bytes, sealed: Sequence[bytes]) -> list[bytes]:
    """Open values of one column that are of one length; `rows` are their rows' ids, 16 bytes each.

    Raises UnreadableError where any of them does not open with its run's key, or they are of several lengths.
    """
    together = b"".join(sealed)
    length, count = len(sealed[0]), len(sealed)
    if len(together) != length * count:
        raise SeveralLengthsError("The values are of several lengths.")
    if length < SHORTEST or (length - SHORTEST) % BLOCK:
        raise UnreadableError("A sealed value is cut short.")
    if len(rows) != ROW_BYTES * count:
        raise UnreadableError("A sealed value has no row, or a row no sealed value.")
    lengths = length, len(runs[0].key.before_row), len(runs[0].key.after_row)
    with _kept.buffers(lengths, count) as buffers:
        buffers.lay(runs, rows, together)
        try:
            return _unpadded(buffers.open(runs))
        except InvalidTag as error:
            raise UnreadableError("A sealed value was moved or changed.") from error
        finally:
            buffers.wipe(count)


class _Buffers:
    """Room for values of one length, for what is bound to them and what comes out, with views of each one's parts."""

    def __init__(self, length: int, before: int, after: int, many: int) -> None:
        padded = length - CIPHERTEXT_AT - TAG_BYTES
        self.many, self.size = many, many * (length + padded + before + ROW_BYTES + after + VIEWS_BYTES)
        self.sealed = np.zeros(many, _sealed_layout(length))
        self.bound = np.zeros(many, _bound_layout(before, after))
        self.padded = np.zeros(many, _padded_layout(padded))
        self.nonces = _views(self.sealed, NONCE_AT, CIPHERTEXT_AT)
        self.ciphertexts = _views(self.sealed, CIPHERTEXT_AT, length)
        self.to_bind = _views(self.bound, 0, before + ROW_BYTES + after)
        self.to_fill = _views(self.padded, 0, padded)

    def lay(self, runs: Sequence[Run], rows: bytes, together: bytes) -> None:
        """Take in sealed values and what is bound to each; raises UnreadableError where a head is not its key's."""
        if np.frombuffer(together, self.sealed.dtype)["head"].tobytes() != b"".join([key.head * n for key, n in runs]):
            raise UnreadableError("A sealed value was made with another key.")
        self.sealed.view(np.uint8)[: len(together)] = np.frombuffer(together, np.uint8)
        bound, layout = self.bound[: len(rows) // ROW_BYTES], self.bound.dtype
        bound["before"] = np.frombuffer(b"".join([key.before_row * n for key, n in runs]), layout["before"])
        bound["row"] = np.frombuffer(rows, layout["row"])
        bound["after"] = np.frombuffer(b"".join([key.after_row * n for key, n in runs]), layout["after"])

    def open(self, runs: Sequence[Run]) -> Values:
        """Return the padded values, which last until `wipe`; raises InvalidTag where one does not open."""
        start = 0
        for key, many in runs:
            these = slice(start, start := start + many)
            parts = self.nonces[these], self.ciphertexts[these], self.to_bind[these], self.to_fill[these]
            deque(map(key.cipher.decrypt_into, *parts), maxlen=0)
        return self.padded[:start]

    def wipe(self, count: int) -> None:
        """Leave no plaintext of so many values behind."""
        self.padded[:count].view(np.uint8).fill(0)


class _Kept(threading.local):
    """The buffers that a thread used last, for values of several lengths."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int, int], _Buffers] = {}

    @contextmanager
    def buffers(self, lengths: tuple[int, int, int], count: int) -> Iterator[_Buffers]:
        """Lend room for values of these lengths: what is kept, or new where that is too small or lent already."""
        lent = self.kept.pop(lengths, None)
        if lent is None or lent.many < count:
            lent = _Buffers(*lengths, many=-(-count // ROOM_FOR) * ROOM_FOR)
        try:
            yield lent
        finally:
            self.kept[lengths] = lent
            while sum(one.size for one in self.kept.values()) > KEPT_BYTES:
                del self.kept[next(iter(self.kept))]


_kept = _Kept()


def _views(values: Values, start: int, end: int) -> list[memoryview]:
    """Return a view of these bytes of each value."""
    whole, each = memoryview(cast("bytearray", values.view(np.uint8))), values.itemsize
    return [whole[at + start : at + end] for at in range(0, len(whole), each)]


def _unpadded(padded: Values) -> list[bytes]:
    """Return values without length and zeros; raises UnreadableError where these cannot be right."""
    length, first = padded.itemsize, padded["length"][:1].tobytes()
    if padded["length"].tobytes() == first * len(padded):
        return _of_one_length(padded, int.from_bytes(first, "big"))
    lengths = padded["length"].astype(np.int64)
    if not length - LENGTH.size - BLOCK < lengths.min() <= lengths.max() <= length - LENGTH.size:
        raise UnreadableError("A sealed value has the wrong length.")
    plain: list[bytes] = padded["plain"].tolist()
    said: list[int] = lengths.tolist()
    if list(map(len, plain)) == said:
        return plain
    return list(map(_zeros_given_back, plain, said))


def _of_one_length(padded: Values, length: int) -> list[bytes]:
    """Return values that are all as long, as scores are, and may end in zeros of their own."""
    if not padded.itemsize - LENGTH.size - BLOCK < length <= padded.itemsize - LENGTH.size:
        raise UnreadableError("A sealed value has the wrong length.")
    values = padded.view(_exact_layout(padded.itemsize, length))
    zeros = values["zeros"].tobytes()
    if zeros != bytes(len(zeros)):
        raise UnreadableError("A sealed value has the wrong padding.")
    plain: list[bytes] = values["plain"].tolist()
    return plain


def _zeros_given_back(stripped: bytes, length: int) -> bytes:
    """Return a value whose last zeros were taken for padding as long as it was."""
    if len(stripped) > length:
        raise UnreadableError("A sealed value has the wrong padding.")
    return stripped.ljust(length, b"\0")


@lru_cache(maxsize=256)
def _sealed_layout(length: int) -> Layout:
    rest = length - CIPHERTEXT_AT
    return np.dtype([("head", f"V{NONCE_AT}"), ("nonce", f"V{NONCE_BYTES}"), ("ciphertext", f"V{rest}")])


@lru_cache(maxsize=256)
def _bound_layout(before: int, after: int) -> Layout:
    return np.dtype([("before", f"V{before}"), ("row", f"V{ROW_BYTES}"), ("after", f"V{after}")])


@lru_cache(maxsize=256)
def _padded_layout(length: int) -> Layout:
    """Length, then bytes of which NumPy leaves out the zeros at the end."""
    return np.dtype([("length", ">u4"), ("plain", f"S{length - LENGTH.size}")])


@lru_cache(maxsize=256)
def _exact_layout(padded: int, length: int) -> Layout:
    rest = padded - LENGTH.size - length
    return np.dtype([("length", ">u4"), ("plain", f"V{length}"), ("zeros", f"V{rest}")])
