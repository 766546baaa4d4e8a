"""Many values of one column at a time: the steps of `envelope.unseal`, each taken for all of them before the next.

What Python costs for each value is most of what opening a short text costs. Slices, associated data and lengths are
therefore taken from arrays that cover all values, and only AES-GCM itself is called for each.
"""

from collections.abc import Sequence
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
    ColumnKey,
    UnreadableError,
)

Layout = np.dtype[Any]
ROW_BYTES = 16
ROW_DIGITS = 2 * ROW_BYTES
as_number = attrgetter("int")


class Run(NamedTuple):
    """How many values stand together that one column key sealed."""

    key: ColumnKey
    many: int


def row_bytes(ids: Sequence[UUID | str]) -> bytes:
    """Return the ids of rows, 16 bytes each; all as they are, or all as text, which takes less time.

    Raises UnreadableError where a text is longer or shorter than an id.
    """
    if not isinstance(ids[0], str):
        return b"".join([number.to_bytes(ROW_BYTES, "big") for number in map(as_number, ids)])
    text = " ".join(cast("Sequence[str]", ids))
    text = text.replace("-", "") if "-" in text else text
    rows = bytes.fromhex(text)  # which passes over spaces
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
    if length < SHORTEST or (length - SHORTEST) % BLOCK or len(together) != length * count:
        raise UnreadableError("A sealed value is cut short, or of another length.")
    if len(rows) != ROW_BYTES * count:
        raise UnreadableError("A sealed value has no row, or a row no sealed value.")
    parts = np.frombuffer(together, _sealed_layout(length))
    if parts["head"].tobytes() != b"".join([key.head * many for key, many in runs]):
        raise UnreadableError("A sealed value was made with another key.")
    nonces, ciphertexts, bound = parts["nonce"].tolist(), parts["ciphertext"].tolist(), _bound(runs, rows)
    padded: list[bytes] = []
    start = 0
    try:
        for key, many in runs:
            these = slice(start, start := start + many)
            padded += map(key.cipher.decrypt, nonces[these], ciphertexts[these], bound[these])
    except InvalidTag as error:
        raise UnreadableError("A sealed value was moved or changed.") from error
    del together, parts, nonces, ciphertexts, bound
    return _unpadded(padded)


def _bound(runs: Sequence[Run], rows: bytes) -> list[bytes]:
    """Return each value's associated data."""
    first = runs[0].key
    layout, whole = _bound_layout(len(first.before_row), len(first.after_row))
    bound = np.empty(len(rows) // ROW_BYTES, layout)
    bound["before"] = np.frombuffer(b"".join([key.before_row * many for key, many in runs]), layout["before"])
    bound["row"] = np.frombuffer(rows, layout["row"])
    bound["after"] = np.frombuffer(b"".join([key.after_row * many for key, many in runs]), layout["after"])
    found: list[bytes] = bound.view(whole).tolist()
    return found


def _unpadded(padded: list[bytes]) -> list[bytes]:
    """Take length and zeros off values whose padded forms are of one length, and empty the list of these.

    Raises UnreadableError where length or zeros cannot be right.
    """
    together, length = b"".join(padded), len(padded[0])
    padded.clear()
    values, first = np.frombuffer(together, _padded_layout(length)), together[: LENGTH.size]
    if values["length"].tobytes() == first * len(values):
        return _of_one_length(together, length, int.from_bytes(first, "big"))
    lengths = values["length"].astype(np.int64)
    if not length - LENGTH.size - BLOCK < lengths.min() <= lengths.max() <= length - LENGTH.size:
        raise UnreadableError("A sealed value has the wrong length.")
    plain: list[bytes] = values["plain"].tolist()
    said: list[int] = lengths.tolist()
    if list(map(len, plain)) == said:
        return plain
    return list(map(_zeros_given_back, plain, said))


def _of_one_length(together: bytes, padded: int, length: int) -> list[bytes]:
    """Return values that are all as long, as scores are, and may end in zeros of their own."""
    if not padded - LENGTH.size - BLOCK < length <= padded - LENGTH.size:
        raise UnreadableError("A sealed value has the wrong length.")
    values = np.frombuffer(together, _exact_layout(padded, length))
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
def _bound_layout(before: int, after: int) -> tuple[Layout, Layout]:
    split = np.dtype([("before", f"V{before}"), ("row", f"V{ROW_BYTES}"), ("after", f"V{after}")])
    return split, np.dtype(f"V{split.itemsize}")


@lru_cache(maxsize=256)
def _padded_layout(length: int) -> Layout:
    """Length, then bytes of which NumPy leaves out the zeros at the end."""
    return np.dtype([("length", ">u4"), ("plain", f"S{length - LENGTH.size}")])


@lru_cache(maxsize=256)
def _exact_layout(padded: int, length: int) -> Layout:
    rest = padded - LENGTH.size - length
    return np.dtype([("length", ">u4"), ("plain", f"V{length}"), ("zeros", f"V{rest}")])
