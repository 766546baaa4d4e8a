"""What holds key-encryption keys; those of a file that only its owner can read, and of the environment."""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.crypto import envelope
from app.crypto.envelope import KeyPlace


class KeyUnavailableError(RuntimeError):
    """A key is missing or cannot be used; the sentence says which and what to do."""


class UnknownKeyError(envelope.WrongKeyError):
    """A data key was wrapped by a key-encryption key that is not among those given."""


class ChangedElsewhereError(RuntimeError):
    """A key-encryption key is made, changed or retired where it is kept, not here; the sentence says how."""


class KeyProvider(Protocol):
    """Something that holds key-encryption keys and never hands them out."""

    def current_id(self) -> str:
        """Return the id of the key that new data keys are wrapped with."""

    def holds(self, key_id: str) -> bool:
        """Say whether a key of this id is one of those held here."""

    def wrap(self, keys: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        """Wrap 32-byte data keys, each for its owner and version; raises KeyUnavailableError."""

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        """Open wrapped data keys; raises WrongKeyError if no readable key opens one, KeyUnavailableError.

        UnknownKeyError, a kind of the first, says that the key which wrapped it is not among those given.
        """


class KeyHolder(Protocol):
    """Where key-encryption keys are kept, made, changed and retired."""

    def open(self) -> KeyProvider:
        """Return the keys, ready to use; raises KeyUnavailableError with a sentence."""

    def make(self) -> str:
        """Make a key where there is none; return a sentence of what was done. Raises KeyUnavailableError."""

    def make_next(self) -> str:
        """Make a key that takes the place of the one in use; return a sentence of what was done.

        Raises KeyUnavailableError, ChangedElsewhereError.
        """

    def retire(self, current: str) -> None:
        """Let go of every key but the current one; raises KeyUnavailableError, ChangedElsewhereError."""


@dataclass(frozen=True, repr=False)
class LocalKeys:
    """Key-encryption keys held in this process; the first is current."""

    keys: tuple[bytes, ...]

    def current_id(self) -> str:
        return id_of(self.keys[0])

    def holds(self, key_id: str) -> bool:
        return key_id in map(id_of, self.keys)

    def wrap(self, keys: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        named = self.current_id()
        return [envelope.wrap(self.keys[0], named, dek, place) for place, dek in keys]

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        ours = {id_of(key): key for key in self.keys}
        opened = []
        for place, one in wrapped:
            named = envelope.wrapping_key_id(one)
            if named not in ours:
                raise unknown_key(named)
            opened.append(envelope.unwrap(ours[named], one, place))
        return opened


@dataclass(frozen=True)
class SeveralProviders:
    """Keys held in several places: the first place wraps, each opens what its own keys wrapped."""

    providers: tuple[KeyProvider, ...]

    def current_id(self) -> str:
        return self.providers[0].current_id()

    def holds(self, key_id: str) -> bool:
        return any(one.holds(key_id) for one in self.providers)

    def wrap(self, keys: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        return self.providers[0].wrap(keys)

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        opened = dict[int, bytes]()
        for provider in self.providers:
            at = [
                number
                for number, (_, one) in enumerate(wrapped)
                if number not in opened and provider.holds(envelope.wrapping_key_id(one))
            ]
            opened.update(zip(at, provider.unwrap([wrapped[number] for number in at]), strict=True))
        for number, (_, one) in enumerate(wrapped):
            if number not in opened:
                raise unknown_key(envelope.wrapping_key_id(one))
        return [opened[number] for number in range(len(wrapped))]


def unknown_key(key_id: str) -> UnknownKeyError:
    return UnknownKeyError(f"The data keys were wrapped by key {key_id}, which is not among the keys given.")


def id_of(key: bytes) -> str:
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
