"""Written from `docs/encryption.md` alone: opens a sealed value, or raises ValueError or InvalidTag."""

import hashlib
import hmac
import struct
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def expand(dek: bytes, info: str, length: int) -> bytes:
    return hmac.digest(dek, info.encode() + b"\1", hashlib.sha256)[:length]


def framed(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def data_key(keks: Mapping[str, bytes], wrapped: bytes, owner_kind: str, owner: bytes, version: int) -> bytes:
    end = 2 + wrapped[1]
    if wrapped[0] != 1 or (name := wrapped[2:end].decode("ascii", "replace")) not in keks:
        raise ValueError("No key that is here wrapped this data key.")
    bound = framed(b"tidemark/v1/dek", owner_kind.encode(), owner) + struct.pack(">I", version)
    return AESGCM(keks[name]).decrypt(wrapped[end : end + 12], wrapped[end + 12 :], bound)


def value(deks: Mapping[int, bytes], sealed: bytes, *, table: str, column: str, row: bytes, owner: bytes) -> bytes:
    form, algorithm, version = struct.unpack_from(">BBI", sealed)
    if (form, algorithm) != (1, 1) or version not in deks:
        raise ValueError("An unknown format, or a key that is gone.")
    if sealed[6:22] != expand(deks[version], f"tidemark/v1/commit/{table}/{column}/{version}", 16):
        raise ValueError("Another key made this.")
    key = expand(deks[version], f"tidemark/v1/key/{table}/{column}", 32)
    bound = sealed[:6] + framed(table.encode(), column.encode(), row, owner)
    padded = AESGCM(key).decrypt(sealed[22:34], sealed[34:], bound)
    (length,) = struct.unpack_from(">I", padded)
    if len(padded) != -(-(length + 4) // 64) * 64 or any(padded[4 + length :]):
        raise ValueError("The padding is not right.")
    return padded[4 : 4 + length]
