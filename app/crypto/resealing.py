"""Every sealed value of every table: sealed anew under its owner's newest data key, or opened to prove that it opens.

Either may be stopped anywhere and run again, and may run while people write: a value is replaced only where it is still
what was read.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update

from app.crypto import envelope
from app.crypto.envelope import UnreadableError
from app.crypto.fields import SealedField, SealedRow
from app.crypto.keyring import Owner, OwnerKind, current_keyring
from app.database import Base, db, writing

Progress = Callable[[int], None]
Changes = dict[str, list[dict[str, object]]]
"""By column: rows, the value that was read and the one to put in its place."""


@dataclass
class Sealed:
    """What a pass over sealed values found: how many were read, sealed anew, and do not open (by table.column)."""

    read: int = 0
    anew: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    left_old: set[Owner] = field(default_factory=set)
    """Owners with a value of an older version that does not open."""


def sealed_tables() -> list[type[SealedRow]]:
    """Return every table with sealed fields, by name."""
    rows = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedRow)}
    return sorted((row for row in rows if sealed_fields(row)), key=lambda row: row.__tablename__)


def sealed_fields(row: type[SealedRow]) -> list[str]:
    return [name for name, value in vars(row).items() if isinstance(value, SealedField)]


def count_sealed_rows() -> int:
    return sum(db.session.execute(select(func.count()).select_from(row)).scalar_one() for row in sealed_tables())


def seal_anew(progress: Progress) -> Sealed:
    """Seal every value of an older version under its owner's newest data key."""
    found = Sealed()
    for row_class in sealed_tables():
        for rows in _rows(row_class):
            _replace(row_class, _older(rows, found), found)
            progress(len(rows))
    return found


def open_all(progress: Progress) -> Sealed:
    """Open every sealed value and count what does not open; writes nothing."""
    found = Sealed()
    for row_class in sealed_tables():
        for rows in _rows(row_class):
            for row in rows:
                for name, sealed in _values(row):
                    found.read += 1
                    _open(row, name, sealed, found)
            progress(len(rows))
    return found


def _rows(row_class: type[SealedRow]) -> Iterator[list[SealedRow]]:
    """Yield a table's rows, a chunk at a time, with their owners' keys at hand."""
    last: UUID | None = None
    while True:
        query = select(row_class).order_by(row_class.id).limit(row_class.rows_at_once)
        if last is not None:
            query = query.where(row_class.id > last)
        rows = list(db.session.execute(query).scalars())
        if rows:
            last = rows[-1].id
            for kind in OwnerKind:
                current_keyring().load(kind, {row.key_owner[1] for row in rows if row.key_owner[0] is kind})
            yield rows
        db.session.rollback()
        db.session.expunge_all()
        if len(rows) < row_class.rows_at_once:
            return


def _values(row: SealedRow) -> Iterator[tuple[str, bytes]]:
    for name in sealed_fields(type(row)):
        sealed = getattr(row, f"sealed_{name}")
        if sealed is not None:
            yield name, sealed


def _open(row: SealedRow, name: str, sealed: bytes, found: Sealed) -> bytes | None:
    try:
        return current_keyring().unseal(row.key_owner, row.place_of(name), sealed)
    except UnreadableError:
        found.unreadable[f"{row.__tablename__}.{name}"] += 1
        return None


def _older(rows: list[SealedRow], found: Sealed) -> Changes:
    """Return, by column, what to put in place of each value that an older version of its key sealed."""
    keyring, changes = current_keyring(), Changes()
    for row in rows:
        for name, sealed in _values(row):
            found.read += 1
            try:
                is_newest = envelope.key_version(sealed) >= keyring.newest_version(row.key_owner)
            except UnreadableError:
                found.unreadable[f"{row.__tablename__}.{name}"] += 1
                continue
            if is_newest:
                continue
            plain = _open(row, name, sealed, found)
            if plain is None:
                found.left_old.add(row.key_owner)
                continue
            after = keyring.seal(row.key_owner, row.place_of(name), plain)
            changes.setdefault(name, []).append({"row": row.id, "before": sealed, "after": after})
    return changes


def _replace(row_class: type[SealedRow], changes: Changes, found: Sealed) -> None:
    table = row_class.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{row_class.__name__} has no table of its own.")
    db.session.rollback()
    if not changes:
        return
    with writing(db.engine) as connection:
        for name, values in changes.items():
            column = table.c[name]
            same = update(table).where(table.c.id == bindparam("row"), column == bindparam("before"))
            connection.execute(same.values({name: bindparam("after")}), values)
            found.anew += len(values)
