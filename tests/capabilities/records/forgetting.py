"""Forgetting somebody in a test, and looking for what is left of them in the records."""

from uuid import UUID

from sqlalchemy import Uuid, select

from app.crypto.envelope import Place, UnreadableError
from app.crypto.keyring import Keyring, OwnerKind
from app.crypto.models import DataKey
from app.crypto.resealing import sealed_fields, sealed_tables
from app.database import Base, Row, db, transaction
from app.records.erasure import destroy_key, forget_young_person
from app.records.values import Basis, Order
from app.young_people.models import YoungPerson
from tests.people import Cast

ORDER = Order(Basis.ASKED, "asked for it on the phone")
SealedValue = tuple[str, Place, bytes]


def amina(cast: Cast) -> YoungPerson:
    return db.session.get_one(YoungPerson, cast.amina)


def forget(cast: Cast) -> UUID:
    with transaction():
        erasure = forget_young_person(person=amina(cast), order=ORDER, actor=cast.council_staff).id
    destroy_key(cast.amina)
    return erasure


def sealed_rows(owner: UUID) -> list[SealedValue]:
    """Return (column, place, ciphertext) of every sealed value of an owner in the records."""
    db.session.rollback()
    found = []
    for kind in sealed_tables():
        for row in db.session.execute(select(kind)).scalars():
            for name in sealed_fields(kind):
                sealed = getattr(row, f"sealed_{name}")
                if sealed is not None and row.key_owner[1] == owner:
                    found.append((f"{kind.__tablename__}.{name}", row.place_of(name), sealed))
    return found


def opened_by_any_key(keyring: Keyring, values: list[SealedValue]) -> list[str]:
    """Return the columns whose values open under any data key that is stored, whoever it belongs to."""
    with db.engines["keys"].connect() as connection:
        owners = {
            (OwnerKind(kind), owner) for kind, owner in connection.execute(select(DataKey.owner_kind, DataKey.owner_id))
        }
    opened = []
    for column, place, sealed in values:
        for owner in owners:
            try:
                keyring.unseal(owner, place, sealed)
            except UnreadableError:
                continue
            opened.append(column)
    return opened


def everything_readable(*, but: type[Row] | None = None) -> str:
    """Return every value that opens, and every value in clear, of all records but those of one table."""
    db.session.rollback()
    said = []
    for kind in sealed_tables():
        for row in db.session.execute(select(kind)).scalars() if kind is not but else ():
            said += [str(getattr(row, name)) for name in sealed_fields(kind)]
    for table in Base.metadata.sorted_tables:
        said += [str(tuple(row)) for row in db.session.execute(select(table))]
    return "\n".join(said)


def columns_naming(*ids: UUID) -> set[str]:
    """Return the columns of ids, in any table, that hold one of these."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Uuid) and db.session.execute(select(column).where(column.in_(ids))).first()
    }
