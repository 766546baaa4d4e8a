"""The byte layouts of `docs/encryption.md`: column keys, sealed values and wrapped keys."""

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
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
OVERHEAD = HEADER.size + COMMITMENT_BYTES + NONCE_BYTES


class UnreadableError(ValueError):
    """A sealed value does not open: it was moved, changed, cut short, or its key is gone."""


class WrongKeyError(RuntimeError):
    """A key-encryption key does not open what it should."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives: it opens nowhere else."""

    table: str
    column: str
    row: UUID
    owner: UUID

    def bound(self, header: bytes) -> bytes:
        """Return the associated data: header, then each part with a u16 length before it."""
        parts = (self.table.encode("ascii"), self.column.encode("ascii"), self.row.bytes, self.owner.bytes)
        return header + b"".join(struct.pack(">H", len(part)) + part for part in parts)


@dataclass(frozen=True, slots=True)
class ColumnKey:
    """One owner's key for one column, derived from one version of their data key."""

    version: int
    commitment: bytes
    cipher: AESGCM


def derive_column_key(dek: bytes, version: int, table: str, column: str) -> ColumnKey:
    """HKDF-SHA256 Expand (RFC 5869) of a 32-byte data key, and the commitment that tells keys apart."""
    key = _expand(dek, f"tidemark/v1/key/{table}/{column}".encode("ascii"), KEY_BYTES)
    commitment = _expand(dek, f"tidemark/v1/commit/{table}/{column}/{version}".encode("ascii"), COMMITMENT_BYTES)
    return ColumnKey(version, commitment, AESGCM(key))


def _expand(dek: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info).derive(dek)


def pad(plaintext: bytes) -> bytes:
    """Put a u32 length before it and zeros after it, up to a multiple of 64 bytes."""
    framed = LENGTH.pack(len(plaintext)) + plaintext
    return framed + bytes(-len(framed) % BLOCK)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`; raises UnreadableError where length or padding cannot be right."""
    if len(padded) < LENGTH.size or len(padded) % BLOCK:
        raise UnreadableError("A sealed value has the wrong length.")
    (length,) = LENGTH.unpack_from(padded)
    end = LENGTH.size + length
    if end > len(padded) or len(padded) - end >= BLOCK or any(padded[end:]):
        raise UnreadableError("A sealed value has the wrong padding.")
    return padded[LENGTH.size : end]


def seal(key: ColumnKey, place: Place, plaintext: bytes, nonce: bytes | None = None) -> bytes:
    """Return version, algorithm, key version, commitment, nonce, ciphertext and tag (`nonce`: for vectors only)."""
    header = HEADER.pack(FORMAT_VERSION, AES_256_GCM, key.version)
    nonce = nonce or os.urandom(NONCE_BYTES)
    return header + key.commitment + nonce + key.cipher.encrypt(nonce, pad(plaintext), place.bound(header))


def key_version(sealed: bytes) -> int:
    """Return the data-key version that a sealed value names; raises UnreadableError on any other format."""
    if len(sealed) < OVERHEAD + BLOCK + TAG_BYTES:
        raise UnreadableError("A sealed value is cut short.")
    version, algorithm, dek_version = HEADER.unpack_from(sealed)
    if (version, algorithm) != (FORMAT_VERSION, AES_256_GCM):
        raise UnreadableError("A sealed value has an unknown format.")
    return int(dek_version)


def unseal(key: ColumnKey, place: Place, sealed: bytes) -> bytes:
    """Open what `seal` made at the same place; raises UnreadableError if any part does not match."""
    if key_version(sealed) != key.version:
        raise UnreadableError("A sealed value names another key version.")
    header, rest = sealed[: HEADER.size], sealed[HEADER.size :]
    if not hmac.compare_digest(rest[:COMMITMENT_BYTES], key.commitment):
        raise UnreadableError("A sealed value was made with another key.")
    nonce = rest[COMMITMENT_BYTES : COMMITMENT_BYTES + NONCE_BYTES]
    try:
        padded = key.cipher.decrypt(nonce, rest[COMMITMENT_BYTES + NONCE_BYTES :], place.bound(header))
    except InvalidTag as error:
        raise UnreadableError("A sealed value was moved or changed.") from error
    return unpad(padded)


def _wrapping_context(owner_kind: str, owner: UUID, version: int) -> bytes:
    kind = owner_kind.encode("ascii")
    parts = (b"tidemark/v1/dek", kind, owner.bytes)
    return b"".join(struct.pack(">H", len(part)) + part for part in parts) + LENGTH.pack(version)


def wrap(kek: bytes, kek_id: str, dek: bytes, *, owner_kind: str, owner: UUID, version: int) -> bytes:
    """Return version u8, KEK id (u8 length, ASCII), nonce, ciphertext and tag of a 32-byte data key."""
    name = kek_id.encode("ascii")
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(kek).encrypt(nonce, dek, _wrapping_context(owner_kind, owner, version))
    return bytes([FORMAT_VERSION, len(name)]) + name + nonce + ciphertext


def wrapping_key_id(wrapped: bytes) -> str:
    """Return the id of the key-encryption key that a wrapped data key names."""
    if len(wrapped) < 2 or wrapped[0] != FORMAT_VERSION:  # noqa: PLR2004 (version byte and length byte)
        raise WrongKeyError("A wrapped key has an unknown format.")
    return wrapped[2 : 2 + wrapped[1]].decode("ascii", "replace")


def unwrap(kek: bytes, wrapped: bytes, owner_kind: str, owner: UUID, version: int) -> bytes:
    """Open what `wrap` made for the same owner and version; raises WrongKeyError if it does not open."""
    body = wrapped[2 + len(wrapping_key_id(wrapped)) :]
    context = _wrapping_context(owner_kind, owner, version)
    try:
        return AESGCM(kek).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise WrongKeyError("The key-encryption key does not open this data key.") from error


def blind_index(index_key: bytes, council: UUID, table: str, column: str, value: str) -> bytes:
    """Return 16 bytes of HMAC-SHA256 over council, table, column and value, each with a u16 length before it.

    `value` is already normalised. For e-mail and reference numbers only: columns with few values would give
    themselves away by frequency.
    """
    parts = (council.bytes, table.encode("ascii"), column.encode("ascii"), value.encode())
    message = b"".join(struct.pack(">H", len(part)) + part for part in parts)
    return hmac.new(index_key, message, hashlib.sha256).digest()[:16]
