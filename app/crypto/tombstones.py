"""Who has been forgotten: a file that only grows, kept outside the backups of both databases.

One line of JSON for each owner whose data keys are destroyed for good. Whatever backup is restored, an owner who is
named here has no key, and their records are deleted again before anything is served.
"""

import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from app.crypto.key_providers import KeyUnavailableError

logger = logging.getLogger(__name__)
LOOKED_EVERY = 0.05
"""Seconds for which a process may not know what another one has written down here."""
Forgotten = tuple[str, UUID]
"""Owner kind and owner."""


class TombstonesUnavailableError(KeyUnavailableError):
    """The list of the forgotten is missing or damaged; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One owner who is forgotten, and what says so: opaque ids, and sealed rows (`carried`) to put back if need be."""

    kind: str
    owner: UUID
    council: UUID
    erasure: UUID
    at: datetime
    carried: str = ""

    @property
    def forgotten(self) -> Forgotten:
        return self.kind, self.owner

    def as_line(self) -> bytes:
        said = {
            "kind": self.kind,
            "owner": self.owner.hex,
            "council": self.council.hex,
            "erasure": self.erasure.hex,
            "at": self.at.isoformat(),
            "carried": self.carried,
        }
        return json.dumps(said, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Tombstone":
        """Read a line; raises ValueError, KeyError, TypeError or AttributeError for one that is none."""
        said = json.loads(line)
        owner, council, erasure = (UUID(said[name]) for name in ("owner", "council", "erasure"))
        return cls(said["kind"], owner, council, erasure, datetime.fromisoformat(said["at"]), said["carried"])


class Tombstones:
    """The file of the forgotten, as this process knows it: what was once read here is never unlearnt."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: set[Forgotten] = set()
        self._seen: tuple[int, int] | None = None
        self._look_again = 0.0
        self._lock = threading.Lock()

    def has(self, owner: Forgotten) -> bool:
        """Say whether an owner is forgotten; what another process wrote counts within `LOOKED_EVERY` seconds."""
        if time.monotonic() >= self._look_again:
            self._look()
        return owner in self._known

    def _look(self) -> None:
        with self._lock:
            self._look_again = time.monotonic() + LOOKED_EVERY
            found = self.state()
            if found is not None and found != self._seen:
                self._seen = found
                try:
                    self._known.update(one.forgotten for one in self.read())
                except TombstonesUnavailableError as error:
                    logger.error("%s", error)  # noqa: TRY400 (the sentence is all there is to say)

    def state(self) -> tuple[int, int] | None:
        """Return what tells the file as it is now from what it was; None where it is not there."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def read(self) -> list[Tombstone]:
        """Return every tombstone, oldest first; raises TombstonesUnavailableError."""
        try:
            contents = self.path.read_bytes()
        except FileNotFoundError as error:
            raise TombstonesUnavailableError(
                f"The list of who was forgotten is missing at {self.path}: put it back; on a new installation, "
                "make it with `flask keys new`."
            ) from error
        except OSError as error:
            raise TombstonesUnavailableError(
                f"The list of who was forgotten, {self.path}, cannot be read: {type(error).__name__}."
            ) from error
        return list(self._in(contents))

    def _in(self, contents: bytes) -> Iterator[Tombstone]:
        """Yield the tombstones of whole lines: a last line without its end was never acknowledged."""
        for number, line in enumerate(contents.split(b"\n")[:-1], start=1):
            try:
                yield Tombstone.from_line(line)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise TombstonesUnavailableError(
                    f"The list of who was forgotten, {self.path}, is damaged at line {number}: put it back from its "
                    "own copy."
                ) from error

    def add(self, tombstone: Tombstone) -> None:
        """Write one down for good (it is on the disk when this returns); raises TombstonesUnavailableError."""
        try:
            with self.path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(_end_of_whole_lines(file))
                file.truncate()
                file.write(tombstone.as_line())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise TombstonesUnavailableError(
                f"The list of who was forgotten, {self.path}, cannot be written: {type(error).__name__}."
            ) from error
        self._known.add(tombstone.forgotten)

    def make(self) -> None:
        """Make an empty file that only its owner can read; raises FileExistsError rather than replace one."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _end_of_whole_lines(file: BinaryIO) -> int:
    contents = file.read()
    return contents.rfind(b"\n") + 1
