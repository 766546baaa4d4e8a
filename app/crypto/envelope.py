"""The byte layouts of `docs/encryption.md`: column keys, sealed values and wrapped keys."""

import hashlib
import hmac
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

FORMAT_VERSION = 1
AES_256_GCM = 1
KEY_BYTES = 32
COMMITMENT_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
BLOCK = 64
HEADER = struct.Struct(">BBI")
LENGTH = struct.Struct(">I")
NONCE_AT = HEADER.size + COMMITMENT_BYTES
CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES
SHORTEST = CIPHERTEXT_AT + BLOCK + TAG_BYTES
ZEROS = {count: bytes(count) for count in range(BLOCK)}
UUID_LENGTH = struct.pack(">H", 16)


class UnreadableError(ValueError):
    """A sealed value does not open: it was moved, changed, cut short, or its key is gone."""


class WrongKeyError(RuntimeError):
    """A key-encryption key does not open what it should."""


class Place(NamedTuple):
    """Where one of an owner's values lives: it opens nowhere else."""

    table: str
    column: str
    row: UUID


@dataclass(frozen=True, slots=True)
class ColumnKey:
    """One owner's key for one column, from one version of their data key.

    `head` is how every value begins that it sealed; the associated data of one is `before_row`, its row, `after_row`.
    """

    version: int
    cipher: AESGCM
    head: bytes
    before_row: bytes
    after_row: bytes


@lru_cache(maxsize=64)
def header(version: int) -> bytes:
    """Return how every value begins that this version of a data key sealed."""
    return HEADER.pack(FORMAT_VERSION, AES_256_GCM, version)


def framed(*parts: bytes) -> bytes:
    """Return each part with a u16 length before it."""
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def derive_column_key(dek: bytes, version: int, owner: UUID, table: str, column: str) -> ColumnKey:
    """HKDF-SHA256 Expand (RFC 5869) of a 32-byte data key, and the commitment that tells keys apart."""
    key = _expand(dek, f"tidemark/v1/key/{table}/{column}".encode("ascii"), KEY_BYTES)
    commitment = _expand(dek, f"tidemark/v1/commit/{table}/{column}/{version}".encode("ascii"), COMMITMENT_BYTES)
    around = (header(version), framed(table.encode("ascii"), column.encode("ascii")), UUID_LENGTH)
    return ColumnKey(version, AESGCM(key), around[0] + commitment, b"".join(around), framed(owner.bytes))


def _expand(dek: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info).derive(dek)


def pad(plaintext: bytes) -> bytes:
    """Put a u32 length before it and zeros after it, up to a multiple of 64 bytes."""
    length = len(plaintext)
    return LENGTH.pack(length) + plaintext + ZEROS[-(LENGTH.size + length) % BLOCK]


def unpad(padded: bytes) -> bytes:
    """Undo `pad`; raises UnreadableError where length or padding cannot be right."""
    end = LENGTH.size + int.from_bytes(padded[: LENGTH.size], "big")
    if len(padded) % BLOCK or padded[end:] != ZEROS.get(len(padded) - end):
        raise UnreadableError("A sealed value has the wrong length or padding.")
    return padded[LENGTH.size : end]


def seal(key: ColumnKey, row: UUID, plaintext: bytes, nonce: bytes | None = None) -> bytes:
    """Return version, algorithm, key version, commitment, nonce, ciphertext and tag (`nonce`: for vectors only)."""
    nonce = nonce or os.urandom(NONCE_BYTES)
    return key.head + nonce + key.cipher.encrypt(nonce, pad(plaintext), key.before_row + row.bytes + key.after_row)


def seal_many(key: ColumnKey, values: Sequence[tuple[UUID, bytes]]) -> list[bytes]:
    """Seal many values of one column, given (row, plaintext): as `seal` does, the nonces drawn in one go."""
    encrypt, head, before, after = key.cipher.encrypt, key.head, key.before_row, key.after_row
    pack, zeros, nonces = LENGTH.pack, ZEROS, os.urandom(NONCE_BYTES * len(values))
    sealed, start, size = [], 0, LENGTH.size
    for row, plain in values:
        nonce = nonces[start : start + NONCE_BYTES]
        start += NONCE_BYTES
        length = len(plain)
        padded = pack(length) + plain + zeros[-(size + length) % BLOCK]
        sealed.append(head + nonce + encrypt(nonce, padded, before + row.int.to_bytes(16, "big") + after))
    return sealed


def key_version(sealed: bytes) -> int:
    """Return the data-key version that a sealed value names; raises UnreadableError on any other format."""
    if len(sealed) < SHORTEST:
        raise UnreadableError("A sealed value is cut short.")
    version, algorithm, dek_version = HEADER.unpack_from(sealed)
    if (version, algorithm) != (FORMAT_VERSION, AES_256_GCM):
        raise UnreadableError("A sealed value has an unknown format.")
    return int(dek_version)


def unseal(key: ColumnKey, row: UUID, sealed: bytes) -> bytes:
    """Open what `seal` made for the same row; raises UnreadableError if any part does not match."""
    if not sealed.startswith(key.head):
        raise _made_otherwise(key, sealed)
    nonce, ciphertext = sealed[NONCE_AT:CIPHERTEXT_AT], sealed[CIPHERTEXT_AT:]
    try:
        padded = key.cipher.decrypt(nonce, ciphertext, key.before_row + row.bytes + key.after_row)
    except (InvalidTag, ValueError) as error:
        raise UnreadableError("A sealed value was moved, changed or cut short.") from error
    return unpad(padded)


def _made_otherwise(key: ColumnKey, sealed: bytes) -> UnreadableError:
    if key_version(sealed) != key.version:
        return UnreadableError("A sealed value names another key version.")
    return UnreadableError("A sealed value was made with another key.")


class KeyPlace(NamedTuple):
    """Whose data key one is: it unwraps as nobody else's, and as no other version."""

    owner_kind: str
    owner: UUID
    version: int


def wrapping_context(place: KeyPlace) -> bytes:
    """Return what a wrapped data key is bound to."""
    kind = place.owner_kind.encode("ascii")
    return framed(b"tidemark/v1/dek", kind, place.owner.bytes) + LENGTH.pack(place.version)


def named(kek_id: str, body: bytes) -> bytes:
    """Return version u8, KEK id (u8 length, ASCII) and whatever that key-encryption key made of a data key."""
    name = kek_id.encode("ascii")
    return bytes([FORMAT_VERSION, len(name)]) + name + body


def wrapping_key_id(wrapped: bytes) -> str:
    """Return the id of the key-encryption key that a wrapped data key names."""
    if len(wrapped) < 2 or wrapped[0] != FORMAT_VERSION:  # noqa: PLR2004 (version byte and length byte)
        raise WrongKeyError("A wrapped key has an unknown format.")
    return wrapped[2 : 2 + wrapped[1]].decode("ascii", "replace")


def wrapped_body(wrapped: bytes) -> bytes:
    """Return what stands behind the id: nonce, ciphertext and tag, or what a key service gave."""
    return wrapped[2 + len(wrapping_key_id(wrapped)) :]


def wrap(kek: bytes, kek_id: str, dek: bytes, place: KeyPlace) -> bytes:
    """Return version u8, KEK id (u8 length, ASCII), nonce, ciphertext and tag of a 32-byte data key."""
    nonce = os.urandom(NONCE_BYTES)
    return named(kek_id, nonce + AESGCM(kek).encrypt(nonce, dek, wrapping_context(place)))


def unwrap(kek: bytes, wrapped: bytes, place: KeyPlace) -> bytes:
    """Open what `wrap` made for the same owner and version; raises WrongKeyError if it does not open."""
    body = wrapped_body(wrapped)
    try:
        return AESGCM(kek).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], wrapping_context(place))
    except (InvalidTag, ValueError) as error:
        raise WrongKeyError("The key-encryption key does not open this data key.") from error


def blind_index(index_key: bytes, council: UUID, table: str, column: str, value: str) -> bytes:
    """Return 16 bytes of HMAC-SHA256 over council, table, column and value, each with a u16 length before it.

    `value` is already normalised. For e-mail and reference numbers only: columns with few values would give
    themselves away by frequency.
    """
    message = framed(council.bytes, table.encode("ascii"), column.encode("ascii"), value.encode())
    return hmac.new(index_key, message, hashlib.sha256).digest()[:16]
