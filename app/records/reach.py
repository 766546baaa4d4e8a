"""Every row about one young person, found from the tables' own foreign keys: a new table is reached by itself."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, select, update

from app.accounts.models import Account
from app.database import Base, db
from app.media.models import Media
from app.notifications.models import Notice
from app.young_people.models import YoungPerson

CHUNK = 500
OWNER = "young_person_id"
WITHOUT_FOREIGN_KEY = {Notice.__tablename__: "about_id"}
"""Columns that name rows of any table, and so no table in particular."""
HANGS_WITHOUT_KEY = WITHOUT_FOREIGN_KEY | {Media.__tablename__: "entry_id"}
"""The same, and what hangs on entries of several tables."""
Reached = dict[Table, set[UUID]]


def rows_about(person: YoungPerson) -> Reached:
    """Return the ids of every row about a young person, by table, in the order in which tables depend on each other.

    A row with an owner is theirs where it names them, whoever wrote it; any other where it depends on one of theirs.
    """
    reached: Reached = {YoungPerson.__table__: {person.id}}  # type: ignore[dict-item]  # a table, as every model's
    if person.account_id is not None:
        reached[Account.__table__] = {person.account_id}  # type: ignore[index]
    for table in Base.metadata.sorted_tables:
        if table not in reached and (found := _rows_in(table, reached, person.id)):
            reached[table] = found
    for name, column in WITHOUT_FOREIGN_KEY.items():
        table, ids = Base.metadata.tables[name], set().union(*reached.values())
        for chunk in in_chunks(ids):
            found = set(db.session.execute(select(table.c.id).where(table.c[column].in_(chunk))).scalars())
            reached.setdefault(table, set()).update(found)
    return {table: reached[table] for table in Base.metadata.sorted_tables if reached.get(table)}


def _rows_in(table: Table, reached: Reached, person_id: UUID) -> set[UUID]:
    found = set[UUID]()
    for condition in _conditions(table, reached, person_id):
        found.update(db.session.execute(select(table.c.id).where(condition)).scalars())
    return found


def _conditions(table: Table, reached: Reached, person_id: UUID) -> Iterator[ColumnElement[bool]]:
    if OWNER in table.c and table.c[OWNER].foreign_keys:
        yield table.c[OWNER] == person_id
        return
    for key in table.foreign_keys:
        for chunk in in_chunks(reached.get(key.column.table, ())):
            yield key.parent.in_(chunk)


def delete_rows(reached: Reached) -> int:
    """Delete what was reached, what depends on others first; return how many rows."""
    count = 0
    for table, ids in reversed(reached.items()):
        for chunk in in_chunks(ids):
            count += db.session.execute(delete(table).where(table.c.id.in_(chunk))).rowcount  # type: ignore[attr-defined]
    return count


def with_hanging(reached: Reached) -> Reached:
    """Return rows with all that hang on them and cannot be without, in the order in which tables depend."""
    while True:
        more = {table: ids - reached.get(table, set()) for table, ids in _hanging_on(reached)}
        if not any(more.values()):
            return {table: reached[table] for table in Base.metadata.sorted_tables if reached.get(table)}
        for table, ids in more.items():
            reached.setdefault(table, set()).update(ids)


def _hanging_on(reached: Reached) -> Iterator[tuple[Table, set[UUID]]]:
    for table in Base.metadata.sorted_tables:
        found = set[UUID]()
        for key in table.foreign_keys:
            if not key.parent.nullable and key.column.table in reached:
                found |= _rows_where(table, key.parent.name, reached[key.column.table])
        if table.name in HANGS_WITHOUT_KEY:
            found |= _rows_where(table, HANGS_WITHOUT_KEY[table.name], set().union(*reached.values()))
        yield table, found


def _rows_where(table: Table, column: str, ids: set[UUID]) -> set[UUID]:
    found = set[UUID]()
    for chunk in in_chunks(ids):
        found.update(db.session.execute(select(table.c.id).where(table.c[column].in_(chunk))).scalars())
    return found


def loosen(reached: Reached) -> None:
    """Let rows that can be without what was reached no longer name it."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.parent.nullable and key.column.table in reached:
                for chunk in in_chunks(reached[key.column.table]):
                    db.session.execute(update(table).where(key.parent.in_(chunk)).values({key.parent.name: None}))


def in_chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Yield ids in lists that a query can take."""
    ordered = sorted(ids, key=str)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
