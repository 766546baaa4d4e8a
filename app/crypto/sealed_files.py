"""Whole files sealed with one key, a piece at a time: a backup, kept where the key is not.

"tidemark-backup" | version u8 (1) | key id (12 characters) | 7 random bytes, then pieces of 1 MiB (the last may be
shorter), each AES-256-GCM with its tag. A nonce is those 7 bytes, the number of the piece (u32) and 1 for the last
piece, else 0 (STREAM; Hoang, Reyhanitabar, Rogaway and Vizár 2015): pieces that are changed, moved, left out or cut off
at the end do not open. Associated data: the head. The key of a file is derived from the backup key and the head.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.crypto.envelope import KEY_BYTES, TAG_BYTES, UnreadableError
from app.crypto.key_providers import id_of

MARK = b"tidemark-backup\x01"
SALT_BYTES, PREFIX_BYTES, ID_BYTES = 32, 7, 12
PIECE = 1 << 20
HEAD_BYTES = len(MARK) + ID_BYTES + SALT_BYTES + PREFIX_BYTES


def seal_file(key: bytes, contents: Iterable[bytes], target: BinaryIO) -> None:
    """Write contents of any length, given in pieces of any length, sealed with a 32-byte key."""
    head = MARK + id_of(key).encode("ascii") + os.urandom(SALT_BYTES + PREFIX_BYTES)
    target.write(head)
    cipher, number, waiting = _cipher(key, head), 0, bytearray()
    for part in contents:
        waiting += part
        while len(waiting) > PIECE:
            target.write(cipher.encrypt(_nonce(head, number, is_last=False), bytes(waiting[:PIECE]), head))
            del waiting[:PIECE]
            number += 1
    target.write(cipher.encrypt(_nonce(head, number, is_last=True), bytes(waiting), head))


def open_file(key: bytes, source: BinaryIO) -> Iterator[bytes]:
    """Yield what `seal_file` sealed, each piece once it is proved; raises UnreadableError with a sentence."""
    head = source.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES or not head.startswith(MARK):
        raise UnreadableError("This file is no backup of Tidemark.")
    named = head[len(MARK) : len(MARK) + ID_BYTES].decode("ascii", "replace")
    if named != id_of(key):
        raise UnreadableError(f"This backup was sealed with key {named}, not with {id_of(key)}.")
    cipher, number, piece = _cipher(key, head), 0, source.read(PIECE + TAG_BYTES)
    while True:
        after = source.read(PIECE + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(head, number, is_last=not after), piece, head)
        except (InvalidTag, ValueError) as error:
            raise UnreadableError("This backup was changed or cut short.") from error
        if not after:
            return
        piece, number = after, number + 1


def _cipher(key: bytes, head: bytes) -> AESGCM:
    salt = head[len(MARK) + ID_BYTES : len(MARK) + ID_BYTES + SALT_BYTES]
    return AESGCM(HKDF(hashes.SHA256(), KEY_BYTES, salt, b"tidemark/v1/backup").derive(key))


def _nonce(head: bytes, number: int, *, is_last: bool) -> bytes:
    return head[-PREFIX_BYTES:] + number.to_bytes(4, "big") + bytes([is_last])
