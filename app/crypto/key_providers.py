"""Where key-encryption keys come from: a file that only its owner can read, or the environment."""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from app.crypto import envelope


class KeyUnavailableError(RuntimeError):
    """A key is missing or cannot be used; the sentence says which and what to do."""


class UnknownKeyError(envelope.WrongKeyError):
    """A data key was wrapped by a key-encryption key that is not among those given."""


class KeyProvider(Protocol):
    """Something that holds key-encryption keys and never hands them out."""

    def current_id(self) -> str:
        """Return the id of the key that new data keys are wrapped with."""

    def wrap(self, dek: bytes, owner_kind: str, owner: UUID, version: int) -> bytes:
        """Wrap a 32-byte data key for one owner and version."""

    def unwrap(self, wrapped: bytes, owner_kind: str, owner: UUID, version: int) -> bytes:
        """Open a wrapped data key; raises WrongKeyError if no readable key opens it.

        UnknownKeyError, one of its kinds, says that the key which wrapped it is not among those given.
        """


@dataclass(frozen=True, repr=False)
class LocalKeys:
    """Key-encryption keys held in this process; the first is current."""

    keys: tuple[bytes, ...]

    def current_id(self) -> str:
        return key_id(self.keys[0])

    def wrap(self, dek: bytes, owner_kind: str, owner: UUID, version: int) -> bytes:
        named = self.current_id()
        return envelope.wrap(self.keys[0], named, dek, owner_kind=owner_kind, owner=owner, version=version)

    def unwrap(self, wrapped: bytes, owner_kind: str, owner: UUID, version: int) -> bytes:
        named = envelope.wrapping_key_id(wrapped)
        for key in self.keys:
            if key_id(key) == named:
                return envelope.unwrap(key, wrapped, owner_kind, owner, version)
        raise UnknownKeyError(f"The data keys were wrapped by key {named}, which is not among the keys given.")


def key_id(key: bytes) -> str:
    """Return a short name for a key that says nothing about it: the start of a labelled SHA-256."""
    return hashlib.sha256(b"tidemark/v1/key-id" + key).hexdigest()[:12]


def decode_keys(text: str, what: str) -> tuple[bytes, ...]:
    """Read one base64 key of 32 bytes a line; raises KeyUnavailableError otherwise."""
    keys = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            key = base64.b64decode(line, validate=True)
        except binascii.Error as error:
            raise KeyUnavailableError(f"{what} is not base64: make one with `flask keys new`.") from error
        if len(key) != envelope.KEY_BYTES:
            raise KeyUnavailableError(f"{what} must be 32 bytes long: make one with `flask keys new`.")
        keys.append(key)
    if not keys:
        raise KeyUnavailableError(f"{what} is empty: make one with `flask keys new`.")
    return tuple(keys)


def read_key_file(path: Path, what: str) -> tuple[bytes, ...]:
    """Read keys from a file of mode 0400; raises KeyUnavailableError if it is missing or open to others."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii")
    except FileNotFoundError as error:
        sentence = f"{what} is missing at {path}: put it back, or make one with `flask keys new`."
        raise KeyUnavailableError(sentence) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailableError(f"{what} at {path} cannot be read: {type(error).__name__}.") from error
    if mode != stat.S_IRUSR:
        raise KeyUnavailableError(f"{what} at {path} has mode {mode:04o}: it must be 0400 (`chmod 0400 {path}`).")
    return decode_keys(text, what)


def new_key() -> bytes:
    """Return a random key-encryption key."""
    return os.urandom(envelope.KEY_BYTES)


def make_key_file(path: Path) -> None:
    """Make a new random key in a file of mode 0400; raises FileExistsError rather than replace one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, (new_key(),))


def replace_key_file(path: Path, keys: Sequence[bytes]) -> None:
    """Put these keys, the current one first, in place of those in a key file: whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    _write(beside, keys)
    beside.replace(path)


def _write(path: Path, keys: Sequence[bytes]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR)
    with os.fdopen(handle, "w") as file:
        file.writelines(base64.b64encode(key).decode() + "\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
