"""Data keys whose owner is nowhere in the records: left by a process that died before it wrote the row."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.models import Account, Council
from app.crypto.keyring import Owner, OwnerKind
from app.crypto.models import DataKey
from app.database import Row, db
from app.records.models import Erasure
from app.young_people.models import YoungPerson

TABLES: dict[OwnerKind, type[Row]] = {
    OwnerKind.YOUNG_PERSON: YoungPerson,
    OwnerKind.ACCOUNT: Account,
    OwnerKind.COUNCIL: Council,
    OwnerKind.KEPT: Erasure,
}
CHUNK = 500


def keys_without_owner(*, older_than: timedelta) -> list[Owner]:
    """Return the owners of data keys made before then who are nowhere in the records."""
    query = select(DataKey.owner_kind, DataKey.owner_id).where(DataKey.created_at < clock.now() - older_than)
    with db.engines["keys"].connect() as connection:
        stored = {(OwnerKind(kind), owner) for kind, owner in connection.execute(query)}
    return sorted(stored - {(kind, owner) for kind in TABLES for owner in _there(kind, stored)})


def _there(kind: OwnerKind, owners: set[Owner]) -> set[UUID]:
    ids, table, found = sorted(owner for of, owner in owners if of is kind), TABLES[kind], set[UUID]()
    for start in range(0, len(ids), CHUNK):
        found.update(db.session.execute(select(table.id).where(table.id.in_(ids[start : start + CHUNK]))).scalars())
    return found


def counted(owners: list[Owner]) -> dict[str, int]:
    return dict(sorted(Counter(kind.value for kind, _ in owners).items()))
