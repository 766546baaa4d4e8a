"""Finds, makes and remembers data keys; the only way to a sealed value."""

import logging
import os
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app import clock
from app.crypto import envelope
from app.crypto.envelope import ColumnKey, KeyPlace, Place, UnreadableError, WrongKeyError
from app.crypto.key_holders import open_keys
from app.crypto.key_providers import (
    KeyProvider,
    KeyUnavailableError,
    UnknownKeyError,
    decode_keys,
    read_key_file,
)
from app.crypto.models import DataKey, KeyCheck
from app.crypto.tombstones import Tombstones
from app.database import db, wipe_deleted, writing
from app.settings import Settings
from app.web.errors import not_now

logger = logging.getLogger(__name__)
CACHED_OWNERS = 20_000
CHECKED = UUID(int=0)
CHECK_VALUE = b"tidemark/v1/key-check".ljust(envelope.KEY_BYTES, b"\0")
CHECK_PLACE = KeyPlace("check", CHECKED, 1)
QUERY_CHUNK = 500


class OwnerKind(StrEnum):
    """Whose data key seals a value."""

    YOUNG_PERSON = "young_person"
    ACCOUNT = "account"
    COUNCIL = "council"
    KEPT = "kept"
    """What the law needs kept of somebody who was forgotten: sealed apart, so that it too can be forgotten."""


Owner = tuple[OwnerKind, UUID]


class _CachedOwner:
    """One owner's unwrapped data keys and the column keys derived from them."""

    __slots__ = ("columns", "deks", "expires", "newest", "owner_id")

    def __init__(self, owner_id: UUID, deks: dict[int, bytes], seconds: float) -> None:
        self.owner_id = owner_id
        self.deks = deks
        self.newest = max(deks)
        self.columns: dict[tuple[int, str, str], ColumnKey] = {}
        self.expires = time.monotonic() + seconds

    def column_key(self, version: int, table: str, column: str) -> ColumnKey:
        """Return the key of one column, derived once; raises UnreadableError where that version is gone."""
        key = self.columns.get((version, table, column))
        if key is None:
            if version not in self.deks:
                raise UnreadableError("The data key that sealed this value is gone.")
            key = envelope.derive_column_key(self.deks[version], version, self.owner_id, table, column)
            self.columns[version, table, column] = key
        return key


class Keyring:
    """Seals and opens values under their owner's data key.

    Unwrapped data keys are remembered for `remembered` seconds, so that what another process does to them counts by
    then: a key that was destroyed, or a newer version of one. Whoever has a tombstone has no key, from the moment that
    it is written down, whatever is remembered or stored.
    """

    def __init__(
        self,
        provider: Callable[[], KeyProvider],
        index_key: Callable[[], bytes],
        *,
        remembered: float,
        tombstones: Tombstones,
    ) -> None:
        self.remembered = remembered
        self.tombstones = tombstones
        self._make_provider = provider
        self._make_index_key = index_key
        self._provider: KeyProvider | None = None
        self._provider_expires = 0.0
        self._index_key: bytes | None = None
        self._owners: OrderedDict[Owner, _CachedOwner] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def provider(self) -> KeyProvider:
        provider = self._provider
        if provider is None or self._provider_expires < time.monotonic():
            self._provider = provider = self._make_provider()
            self._provider_expires = time.monotonic() + self.remembered
        return provider

    def read_keys_again(self) -> None:
        """Forget the key-encryption keys, so that the next use reads them where they are kept."""
        self._provider = None

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        """Open wrapped data keys; where a key unknown until now wraps one, read the keys again first.

        Raises WrongKeyError if none opens it, KeyUnavailableError where the keys cannot be had.
        """
        try:
            return self.provider.unwrap(wrapped)
        except UnknownKeyError:
            self.read_keys_again()
            return self.provider.unwrap(wrapped)

    def wrap_new(self, places: Sequence[KeyPlace]) -> list[dict[str, object]]:
        """Return rows of new data keys for these owners and versions, wrapped by the current key."""
        wrapped = self.provider.wrap([(place, os.urandom(envelope.KEY_BYTES)) for place in places])
        return [
            {
                "owner_kind": place.owner_kind,
                "owner_id": place.owner,
                "version": place.version,
                "created_at": clock.now(),
                "wrapped": one,
            }
            for place, one in zip(places, wrapped, strict=True)
        ]

    def create(self, owner: Owner) -> None:
        """Make an owner's first data key and commit it at once, before any row that needs it."""
        self.create_many([owner])

    def create_many(self, owners: Iterable[Owner]) -> None:
        """Make the first data key of many owners in one go."""
        rows = self.wrap_new([KeyPlace(kind, owner_id, 1) for kind, owner_id in owners])
        if rows:
            with writing(db.engines["keys"]) as connection:
                connection.execute(insert(DataKey), rows)

    def destroy(self, owner: Owner) -> None:
        """Delete an owner's data keys: what they sealed can never be read again."""
        self.destroy_many([owner])

    def destroy_many(self, owners: Iterable[Owner]) -> int:
        """Delete the data keys of many owners, and what the database still holds of them; return how many keys."""
        count, engine = 0, db.engines["keys"]
        with writing(engine) as connection:
            for kind, owner_id in owners:
                gone = delete(DataKey).where(DataKey.owner_kind == kind, DataKey.owner_id == owner_id)
                count += connection.execute(gone).rowcount
                self.forget((kind, owner_id))
        if count:
            wipe_deleted(engine, DataKey.__tablename__)
        return count

    def load(self, kind: OwnerKind, owner_ids: Iterable[UUID]) -> None:
        """Fetch the data keys of many owners in a few queries, ahead of reading their values."""
        moment = time.monotonic()
        wanted = [
            owner_id
            for owner_id in owner_ids
            if ((cached := self._owners.get((kind, owner_id))) is None or cached.expires < moment)
            and not self.tombstones.has((kind, owner_id))
        ]
        stored: list[tuple[KeyPlace, bytes]] = []
        with db.engines["keys"].connect() as connection:
            for start in range(0, len(wanted), QUERY_CHUNK):
                chunk = wanted[start : start + QUERY_CHUNK]
                query = select(DataKey.owner_id, DataKey.version, DataKey.wrapped)
                query = query.where(DataKey.owner_kind == kind, DataKey.owner_id.in_(chunk))
                stored.extend(
                    (KeyPlace(kind, row.owner_id, row.version), row.wrapped) for row in connection.execute(query)
                )
        found: dict[UUID, dict[int, bytes]] = {}
        for (place, _), dek in zip(stored, self.unwrap(stored) if stored else (), strict=True):
            found.setdefault(place.owner, {})[place.version] = dek
        with self._lock:
            for owner_id, deks in found.items():
                self._owners[kind, owner_id] = _CachedOwner(owner_id, deks, self.remembered)
            while len(self._owners) > CACHED_OWNERS:
                self._owners.popitem(last=False)

    def _owner(self, owner: Owner) -> _CachedOwner:
        if self.tombstones.has(owner):
            self.forget(owner)
            raise UnreadableError("This owner has been forgotten.")
        cached = self._owners.get(owner)
        if cached is None or cached.expires < time.monotonic():
            self.load(owner[0], [owner[1]])
            cached = self._owners.get(owner)
        if cached is None:
            raise UnreadableError("There is no data key for this owner.")
        return cached

    def _owner_anew(self, owner: Owner) -> _CachedOwner:
        self.forget(owner)
        return self._owner(owner)

    def forget(self, owner: Owner) -> None:
        """Drop an owner's unwrapped keys from this process; the next use fetches them."""
        with self._lock:
            self._owners.pop(owner, None)

    def newest_version(self, owner: Owner) -> int:
        """Return the version that new values are sealed under; raises UnreadableError where there is no key."""
        return self._owner(owner).newest

    def seal(self, owner: Owner, place: Place, plaintext: bytes) -> bytes:
        """Seal a value at its place under the owner's newest data key."""
        return envelope.seal(self.newest_column_key(owner, place.table, place.column), place.row, plaintext)

    def seal_many(self, owner: Owner, table: str, column: str, values: Sequence[tuple[UUID, bytes]]) -> list[bytes]:
        """Seal many values of one column of one owner, given (row, plaintext), under the owner's newest data key."""
        return envelope.seal_many(self.newest_column_key(owner, table, column), values)

    def unseal(self, owner: Owner, place: Place, sealed: bytes) -> bytes:
        """Open a value; raises UnreadableError where it or its key is not what it should be."""
        cached = self._owner(owner)
        version = cached.newest
        if not sealed.startswith(envelope.header(version)):
            version = envelope.key_version(sealed)
            if version > cached.newest:
                cached = self._owner_anew(owner)
        return envelope.unseal(cached.column_key(version, place.table, place.column), place.row, sealed)

    def newest_column_key(self, owner: Owner, table: str, column: str) -> ColumnKey:
        """Return the key that seals new values of one column; raises UnreadableError where the owner has none."""
        cached = self._owner(owner)
        return cached.column_key(cached.newest, table, column)

    def blind_index(self, council: UUID, table: str, column: str, value: str) -> bytes:
        """Return the 16-byte index of a value (NFKC, case-folded, trimmed) for exact look-up within one council."""
        if self._index_key is None:
            self._index_key = self._make_index_key()
        normal = unicodedata.normalize("NFKC", value).casefold().strip()
        return envelope.blind_index(self._index_key, council, table, column, normal)

    def check(self) -> None:
        """Prove that the keys are here and are the right ones; remember a new key's check value.

        Raises KeyUnavailableError with a sentence where they are missing, wrong, or the keys database is not set up.
        """
        self.blind_index(CHECKED, "key_checks", "key_id", "")
        self.tombstones.read()
        try:
            checks = self._known_checks()
            if self.provider.current_id() not in checks:
                if checks:
                    self._prove(checks)
                self._remember_check()
                checks = self._known_checks()
        except SQLAlchemyError as error:
            raise KeyUnavailableError("The keys database is not set up: run `flask --app wsgi db upgrade`.") from error
        self._prove(checks)

    @staticmethod
    def _known_checks() -> dict[str, bytes]:
        with db.engines["keys"].connect() as connection:
            return {row.key_id: row.wrapped for row in connection.execute(select(KeyCheck))}

    def _remember_check(self) -> None:
        """Keep the current key's check value; another process may have done so a moment ago."""
        (wrapped,) = self.provider.wrap([(CHECK_PLACE, CHECK_VALUE)])
        values = {"key_id": self.provider.current_id(), "wrapped": wrapped, "created_at": clock.now()}
        with suppress(IntegrityError), writing(db.engines["keys"]) as connection:
            connection.execute(insert(KeyCheck).values(values))

    def _prove(self, checks: dict[str, bytes]) -> None:
        try:
            values = set(self.unwrap([(CHECK_PLACE, wrapped) for wrapped in checks.values()]))
        except WrongKeyError as error:
            raise KeyUnavailableError(
                "The key-encryption key is not the one these records were sealed with: put the right one back."
            ) from error
        if values != {CHECK_VALUE}:
            raise KeyUnavailableError("The check value of the key-encryption key is not what it should be.")


def keyring_from(settings: Settings) -> Keyring:
    """Make a keyring that reads its keys when they are first needed."""

    def index_key() -> bytes:
        what = "The index key"
        if settings.index_key_value is not None:
            return decode_keys(settings.index_key_value, what)[0]
        return read_key_file(settings.index_key_file, what)[0]

    tombstones = Tombstones(settings.tombstones)
    return Keyring(lambda: open_keys(settings), index_key, remembered=settings.keys_remembered, tombstones=tombstones)


def install_keyring(app: Flask, settings: Settings) -> None:
    app.extensions["keyring"] = keyring_from(settings)
    app.register_error_handler(KeyUnavailableError, _say_not_now)


def _say_not_now(error: KeyUnavailableError) -> ResponseReturnValue:
    """Answer while a key service cannot be reached: its sentence names no person and no secret."""
    logger.error("keys: %s", error)
    return not_now()


def current_keyring() -> Keyring:
    """Return the keyring of the app that this code runs in."""
    return cast("Keyring", current_app.extensions["keyring"])
