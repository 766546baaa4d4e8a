"""Encrypted columns of other libraries, and of AESGCM alone, for bench.encrypted_columns.

Each writes and reads the same words some times over; its best counts. Run by itself, in the packaged peers'
environment, it measures sqlalchemy-utils: python -m bench.peer_columns LETTERS VALUES prints seconds as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROUNDS = 40
Seconds = tuple[float, float]
Way = tuple[Callable[[list[str]], Any], Callable[[Any], list[str]]]
"""How to write some words, and how to read what that gave."""


def words_of(size: int, count: int) -> list[str]:
    return [f"{number:06} went to the shop and back again ".ljust(size, "x")[:size] for number in range(count)]


def best(ways: Mapping[str, Way], words: list[str], rounds: int = ROUNDS) -> dict[str, Seconds]:
    """Let the ways take turns; return each one's shortest times for writing and for reading back.

    Raises SystemExit where other words come back.
    """
    took = dict.fromkeys(ways, (math.inf, math.inf))
    for _ in range(rounds):
        for name, (write, read) in ways.items():
            started = time.perf_counter()
            stored = write(words)
            written = time.perf_counter()
            found = read(stored)
            read_at = time.perf_counter()
            took[name] = (min(took[name][0], written - started), min(took[name][1], read_at - written))
            if found != words:
                raise SystemExit("What was read is not what was written.")
    return took


def raw_aesgcm() -> Way:
    """Keep words as one value and give them back, and no more: a fresh nonce before each, nothing bound."""
    cipher = AESGCM(os.urandom(32))

    def write(words: Sequence[str]) -> list[bytes]:
        return [(nonce := os.urandom(12)) + cipher.encrypt(nonce, one.encode(), None) for one in words]

    return write, lambda stored: [cipher.decrypt(one[:12], one[12:], None).decode() for one in stored]


def aesgcm(words: list[str]) -> Way:
    """One cipher object; a fresh nonce before each ciphertext; associated data of row and owner, as ours has it."""
    cipher, owner = AESGCM(os.urandom(32)), uuid4()
    rows, column = [uuid4() for _ in words], b"tidemark/notes/words"

    def write(words: Sequence[str]) -> list[tuple[UUID, bytes]]:
        stored = []
        for row, one in zip(rows, words, strict=True):
            nonce = os.urandom(12)
            stored.append((row, nonce + cipher.encrypt(nonce, one.encode(), column + row.bytes + owner.bytes)))
        return stored

    def read(stored: Sequence[tuple[UUID, bytes]]) -> list[str]:
        return [cipher.decrypt(one[:12], one[12:], column + row.bytes + owner.bytes).decode() for row, one in stored]

    return write, read


def aesgcm_calls(words: list[str], *, keep: bool = True) -> Way:
    """Nothing but the calls on the same bytes: a fresh nonce each, the associated data ready, no words come of it.

    What they give is kept until the last, as a column's values are, or what they open is thrown away at once.
    """
    cipher, bound, ready = AESGCM(os.urandom(32)), os.urandom(72), [one.encode() for one in words]

    def write(words: Sequence[str]) -> list[tuple[bytes, bytes]]:
        del words
        return [(nonce := os.urandom(12), cipher.encrypt(nonce, plain, bound)) for plain in ready]

    def read(stored: Sequence[tuple[bytes, bytes]]) -> list[str]:
        if keep:
            opened = [cipher.decrypt(nonce, ciphertext, bound) for nonce, ciphertext in stored]
            del opened
            return words
        for nonce, ciphertext in stored:
            cipher.decrypt(nonce, ciphertext, bound)
        return words

    return write, read


def fernet() -> Way:
    cipher = Fernet(Fernet.generate_key())
    return (
        lambda words: [cipher.encrypt(one.encode()) for one in words],
        lambda stored: [cipher.decrypt(one).decode() for one in stored],
    )


def sqlalchemy_utils() -> Way:
    """Its column type as SQLAlchemy calls it, with its usual engine."""
    from sqlalchemy import Unicode  # noqa: PLC0415 - in the peers' environment only
    from sqlalchemy.dialects.sqlite import dialect  # noqa: PLC0415
    from sqlalchemy_utils import StringEncryptedType  # noqa: PLC0415

    column, sqlite = StringEncryptedType(Unicode, "k" * 32), dialect()
    return (
        lambda words: [column.process_bind_param(one, sqlite) for one in words],
        lambda stored: [column.process_result_value(one, sqlite) for one in stored],
    )


def main() -> None:
    """Measure sqlalchemy-utils and print its seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int)
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    words = words_of(options.size, options.count)
    print(json.dumps(best({"": sqlalchemy_utils()}, words)[""]))


if __name__ == "__main__":
    main()
