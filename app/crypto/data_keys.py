"""Changing data keys while the app serves: wrapped anew, newer versions, old ones retired.

Every step may be stopped anywhere and run again, and may run while people write: a wrapped key is replaced only where
it is still what was read.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.crypto import envelope
from app.crypto.envelope import KeyPlace
from app.crypto.keyring import Owner, OwnerKind, current_keyring
from app.crypto.models import DataKey, KeyCheck, KeyRotation
from app.database import db, writing

CHUNK = 500
SETTLED_AFTER = 2
"""How many times as long as keys are remembered until every process is taken to have the newest ones."""

Progress = Callable[[int], None]


class KeyInUseError(RuntimeError):
    """A key cannot be retired yet; the sentence says what still needs it."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One row of the data keys."""

    owner_kind: str
    owner_id: UUID
    version: int
    wrapped: bytes


def _data_keys() -> Iterator[list[WrappedKey]]:
    """Yield all data keys, a chunk at a time."""
    place = (DataKey.owner_kind, DataKey.owner_id, DataKey.version)
    last: WrappedKey | None = None
    while True:
        query = select(*place, DataKey.wrapped).order_by(*place).limit(CHUNK)
        if last is not None:
            query = query.where(tuple_(*place) > tuple_(last.owner_kind, last.owner_id, last.version))
        with db.engines["keys"].connect() as connection:
            rows = [WrappedKey(*row) for row in connection.execute(query)]
        if rows:
            last = rows[-1]
            yield rows
        if len(rows) < CHUNK:
            return


def count_data_keys() -> dict[str, int]:
    """Return how many data keys each key-encryption key wraps, by its id."""
    return Counter(envelope.wrapping_key_id(row.wrapped) for rows in _data_keys() for row in rows)


def unfinished_rotation() -> datetime | None:
    """Return when a change of data keys began that is not finished, or None."""
    with db.engines["keys"].connect() as connection:
        query = select(KeyRotation.started_at).where(KeyRotation.finished_at.is_(None))
        return connection.execute(query.order_by(KeyRotation.started_at)).scalars().first()


def begin_rotation() -> datetime:
    """Return when the unfinished rotation began; begin one where there is none."""
    started = unfinished_rotation()
    if started is None:
        started = clock.now()
        with writing(db.engines["keys"]) as connection:
            connection.execute(insert(KeyRotation).values(id=uuid4(), started_at=started, finished_at=None))
    return started


def finish_rotation() -> None:
    with writing(db.engines["keys"]) as connection:
        connection.execute(update(KeyRotation).where(KeyRotation.finished_at.is_(None)).values(finished_at=clock.now()))


def wrap_anew(progress: Progress) -> int:
    """Wrap under the current key-encryption key every data key that another one wraps; return how many."""
    keyring = current_keyring()
    current, count = keyring.provider.current_id(), 0
    same = (DataKey.owner_kind == bindparam("kind"), DataKey.owner_id == bindparam("owner"))
    replaced = update(DataKey).where(
        *same, DataKey.version == bindparam("number"), DataKey.wrapped == bindparam("before")
    )
    for rows in _data_keys():
        old = [row for row in rows if envelope.wrapping_key_id(row.wrapped) != current]
        places = [KeyPlace(row.owner_kind, row.owner_id, row.version) for row in old]
        opened = keyring.unwrap(list(zip(places, (row.wrapped for row in old), strict=True))) if old else []
        wrapped = keyring.provider.wrap(list(zip(places, opened, strict=True))) if old else []
        changes = [
            {
                "kind": row.owner_kind,
                "owner": row.owner_id,
                "number": row.version,
                "before": row.wrapped,
                "after": after,
            }
            for row, after in zip(old, wrapped, strict=True)
        ]
        if changes:
            with writing(db.engines["keys"]) as connection:
                connection.execute(replaced.values(wrapped=bindparam("after")), changes)
        count += len(changes)
        progress(len(rows))
    return count


def add_versions(started: datetime) -> int:
    """Give every owner whose newest data key is older than `started` a new version of it; return how many."""
    keyring, count = current_keyring(), 0
    newest = select(DataKey.owner_kind, DataKey.owner_id, func.max(DataKey.version))
    newest = newest.group_by(DataKey.owner_kind, DataKey.owner_id).having(func.max(DataKey.created_at) < started)
    while True:
        with db.engines["keys"].connect() as connection:
            owners = list(connection.execute(newest.limit(CHUNK)))
        if not owners:
            return count
        rows = keyring.wrap_new([KeyPlace(kind, owner_id, version + 1) for kind, owner_id, version in owners])
        count += _insert_missing(rows)
        for kind, owner_id, _ in owners:
            keyring.forget((OwnerKind(kind), owner_id))


def _insert_missing(rows: list[dict[str, object]]) -> int:
    """Insert data keys; another process that rotates too may have made some of them a moment ago."""
    try:
        with writing(db.engines["keys"]) as connection:
            connection.execute(insert(DataKey), rows)
    except IntegrityError:
        if len(rows) == 1:
            return 0
        return sum(_insert_missing([row]) for row in rows)
    return len(rows)


def settles_at() -> datetime | None:
    """Return when every process has the newest data keys, counted from the last one made; None without any."""
    with db.engines["keys"].connect() as connection:
        last = connection.execute(select(func.max(DataKey.created_at)).where(DataKey.version > 1)).scalar_one()
    return None if last is None else last + _settling()


def _settling() -> timedelta:
    return timedelta(seconds=SETTLED_AFTER * current_keyring().remembered)


def retire_versions(kept: set[Owner]) -> int:
    """Destroy every data key but each owner's newest; `kept` names owners of whom an old value does not open yet.

    Call it only once `seal_anew` found nothing older after `settles_at`.
    """
    newest = (
        select(DataKey.owner_kind, DataKey.owner_id, func.max(DataKey.version).label("newest"))
        .group_by(DataKey.owner_kind, DataKey.owner_id)
        .having(func.count() > 1)
    )
    gone = delete(DataKey).where(
        DataKey.owner_kind == bindparam("kind"),
        DataKey.owner_id == bindparam("owner"),
        DataKey.version < bindparam("newest"),
    )
    with db.engines["keys"].connect() as connection:
        owners = [row for row in connection.execute(newest) if (OwnerKind(row.owner_kind), row.owner_id) not in kept]
    if owners:
        values = [{"kind": row.owner_kind, "owner": row.owner_id, "newest": row.newest} for row in owners]
        with writing(db.engines["keys"]) as connection:
            connection.execute(gone, values)
    for row in owners:
        current_keyring().forget((OwnerKind(row.owner_kind), row.owner_id))
    return len(owners)


def retire_checks() -> list[str]:
    """Forget the check values of key-encryption keys that are not current; return their ids.

    Raises KeyInUseError while one of them wraps a data key, or while a process may still wrap with it.
    """
    current = current_keyring().provider.current_id()
    if set(count_data_keys()) - {current}:
        raise KeyInUseError("Some data keys are wrapped by an older key: run `flask --app wsgi keys rotate` first.")
    with db.engines["keys"].connect() as connection:
        checks = {row.key_id: row.created_at for row in connection.execute(select(KeyCheck))}
    free_at = checks[current] + _settling()
    if clock.now() < free_at:
        raise KeyInUseError(f"Servers may use the older key until {free_at:%H:%M:%S} UTC: try again then.")
    old = sorted(set(checks) - {current})
    with writing(db.engines["keys"]) as connection:
        connection.execute(delete(KeyCheck).where(KeyCheck.key_id.in_(old)))
    return old
