"""Before anything is served: a backup that was restored is brought to what has been forgotten since."""

import logging
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Council
from app.crypto.keyring import Owner, OwnerKind, current_keyring
from app.crypto.models import DataKey
from app.crypto.tombstones import Tombstone
from app.database import db, transaction
from app.records.erasure import delete_kept, forget_again, tombstone_of
from app.records.models import Erasure
from app.records.reach import in_chunks
from app.young_people.models import YoungPerson

logger = logging.getLogger(__name__)


def replay_tombstones() -> int:
    """Forget again whoever a restored backup brought back, records and key; return how many.

    What the list of the forgotten lost, but the records know, is written into it again. Safe to run twice and from
    several processes, also while somebody is being forgotten. Opens its own transactions; raises
    TombstonesUnavailableError.
    """
    _write_again()
    tombstones = current_keyring().tombstones.read()
    undone, ended = _undone(tombstones), _ended(tombstones)
    for tombstone in undone:
        with transaction():
            forget_again(tombstone, is_over=tombstone.erasure in ended)
    for erasure_id in _those_there(Erasure.id, ended):
        with transaction():
            delete_kept(erasure_id)
    keys = _keys_of(tombstones)
    if keys:
        current_keyring().destroy_many(keys)
    if undone or keys:
        logger.warning("forgotten again after a restore: people=%s keys=%s", len(undone), len(keys))
    return len(undone)


def _write_again() -> None:
    """Write into the list of the forgotten what the records say and it does not."""
    tombstones = current_keyring().tombstones
    known = {one.erasure for one in tombstones.read()}
    for erasure in db.session.execute(select(Erasure).order_by(Erasure.at)).scalars():
        if erasure.id not in known:
            logger.warning("an erasure was missing from the list of the forgotten: erasure=%s", erasure.id)
            tombstones.add(tombstone_of(erasure))


def _undone(tombstones: Collection[Tombstone]) -> list[Tombstone]:
    """Return the tombstones of councils that are here whose person is here too, or of whom nothing kept is."""
    councils = set(db.session.execute(select(Council.id)).scalars())
    people = _those_there(YoungPerson.id, (one.owner for one in tombstones))
    erasures = _those_there(Erasure.id, (one.erasure for one in tombstones))
    ended = _ended(tombstones)
    return [
        one
        for one in tombstones
        if one.council in councils
        and one.kind != OwnerKind.KEPT
        and (one.owner in people or (one.erasure not in erasures and one.erasure not in ended))
    ]


def _ended(tombstones: Collection[Tombstone]) -> set[UUID]:
    """Return the erasures of which nothing is kept any more."""
    return {one.owner for one in tombstones if one.kind == OwnerKind.KEPT}


def _those_there(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> set[UUID]:
    found = set[UUID]()
    for chunk in in_chunks(set(ids)):
        found.update(db.session.execute(select(column).where(column.in_(chunk))).scalars())
    return found


def _keys_of(tombstones: Collection[Tombstone]) -> list[Owner]:
    """Return the owners who are forgotten and whose data key is stored all the same."""
    forgotten, found = {one.forgotten for one in tombstones}, set[Owner]()
    with db.engines["keys"].connect() as connection:
        for chunk in in_chunks({owner for _, owner in forgotten}):
            query = select(DataKey.owner_kind, DataKey.owner_id).where(DataKey.owner_id.in_(chunk))
            found.update((OwnerKind(kind), owner) for kind, owner in connection.execute(query))
    return sorted(found & forgotten)
