"""Argon2id for passwords and picture codes; the same time is taken whether or not there is an account."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

HASHER = PasswordHasher()
DUMMY_HASH = HASHER.hash("nobody has this password")


def hash_secret(secret: str) -> str:
    """Return an Argon2id hash with its own salt and parameters."""
    return HASHER.hash(secret)


def stretched(digest: bytes, salt: bytes) -> bytes:
    """Return the 32-byte Argon2id of what is kept of a code, with the work of a password's: for codes on paper."""
    return hash_secret_raw(
        digest,
        salt,
        time_cost=HASHER.time_cost,
        memory_cost=HASHER.memory_cost,
        parallelism=HASHER.parallelism,
        hash_len=HASHER.hash_len,
        type=HASHER.type,
    )


def hash_token(token: str) -> bytes:
    """Return what is kept of a token: its SHA-256, since a token is random and long."""
    return hashlib.sha256(token.encode()).digest()


def matches(secret_hash: str | None, secret: str) -> bool:
    """Compare a secret with its hash; with no hash, take as long and say no."""
    try:
        return HASHER.verify(secret_hash or DUMMY_HASH, secret) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False
