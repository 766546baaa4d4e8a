"""A row about one young person in every table that can hold one, each sealed field with a word to look for.

The rows are made from the tables themselves, so that a new table is planted, and then looked for, without a change
here.
"""

import os
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Column, Date, LargeBinary, Table, Uuid, select
from sqlalchemy import Enum as EnumType

from app import clock
from app.accounts.models import Account
from app.audit import services as audit
from app.breaks.services import create_offer, create_session
from app.breaks.values import OfferDetails
from app.crypto.fields import (
    SealedBytes,
    SealedDate,
    SealedField,
    SealedList,
    SealedMap,
    SealedRow,
    SealedScore,
)
from app.crypto.keyring import OwnerKind
from app.crypto.resealing import sealed_fields
from app.database import Base, Moment, Row, db, transaction
from app.young_people.models import YoungPerson
from tests.people import Cast

WORD = "plantedword"
SCORE = 7.0
BY_ACCOUNT = (
    "channel_choices",
    "device_requests",
    "enrolled_devices",
    "notices",
    "passkeys",
    "push_subscriptions",
    "sign_in_cards",
    "signed_in_sessions",
)
"""Tables of an account's rows; a young person's account is theirs."""
ONLY_ADULTS = (
    "authenticators",
    "carer_check_ins",
    "carer_choices",
    "password_resets",
    "provider_members",
    "recovery_codes",
    "sign_on_invitations",
    "sign_on_subjects",
)


def classes() -> dict[str, type[Row]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def holds_a_person(table: Table) -> bool:
    return "young_person_id" in table.c and bool(table.c.young_person_id.foreign_keys)


def plant_everything(cast: Cast) -> set[str]:
    """Make one row about Amina in every table that can hold one; return the tables' names. Commits."""
    with transaction():
        offer = create_offer(
            council_id=cast.council_id,
            provider_id=cast.provider_id,
            details=OfferDetails(name="Climbing"),
            actor=cast.council_staff,
        )
        starts = clock.now() - timedelta(days=3)
        create_session(offer=offer, starts_at=starts, ends_at=starts + timedelta(hours=1), actor=cast.council_staff)
        _name_them(cast)
        planted = {"young_people", "accounts", "relationships"}
        for table in Base.metadata.sorted_tables:
            if table.name not in planted and (holds_a_person(table) or table.name in BY_ACCOUNT):
                db.session.add(_row(cast, table))
                db.session.flush()
                planted.add(table.name)
        db.session.add(_row(cast, Base.metadata.tables["post_seen"]))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:planted", young_person_id=cast.amina)
    return planted | {"post_seen"}


def _name_them(cast: Cast) -> None:
    person = db.session.get_one(YoungPerson, cast.amina)
    account = db.session.get_one(Account, cast.young_person.account_id)
    for row in (person, account):
        for name in sealed_fields(type(row)):
            setattr(row, name, _word(type(row), name))


def _word(kind: type[SealedRow], name: str) -> Any:  # noqa: ANN401 (any sealed field's value)
    field: SealedField[Any] = vars(kind)[name]
    word = f"{WORD} {kind.__tablename__} {name}"
    if isinstance(field, SealedScore):
        return SCORE
    if isinstance(field, SealedDate):
        return date(2012, 3, 27)
    if isinstance(field, SealedList):
        return [word]
    if isinstance(field, SealedMap):
        return {"said": word}
    return word.encode() if isinstance(field, SealedBytes) else word


def _row(cast: Cast, table: Table) -> Row:
    kind = classes()[table.name]
    values = {name: _word(kind, name) for name in sealed_fields(kind)} if issubclass(kind, SealedRow) else {}
    for column in table.columns:
        if column.name not in values and column.name != "id":
            value = _value(cast, table, column)
            if value is not None:
                values[column.name] = value
    owned = {"council_id", "young_person_id", "owner_kind", "owner_id", "account_id"} & values.keys()
    row = kind(**{name: values.pop(name) for name in owned})
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _value(cast: Cast, table: Table, column: Column[Any]) -> Any:  # noqa: ANN401 (any column's value)
    known = {
        "council_id": cast.council_id,
        "young_person_id": cast.amina,
        "owner_kind": OwnerKind.YOUNG_PERSON,
        "owner_id": cast.amina,
        "account_id": cast.young_person.account_id if table.name in BY_ACCOUNT else cast.mentor.account_id,
    }
    if column.name in known:
        return known[column.name]
    for key in column.foreign_keys:
        return cast.mentor.account_id if key.column.table.name == "accounts" else _one_of(key.column.table.name)
    kind = column.type
    if column.nullable and isinstance(kind, Moment) and column.name != "acknowledged_at":
        return None
    if isinstance(kind, EnumType) and kind.enum_class is not None:
        return next(iter(kind.enum_class))
    made: dict[type, Any] = {
        Uuid: uuid4(),
        Moment: clock.now() - timedelta(days=1),
        Date: clock.today(),
        LargeBinary: os.urandom(16),
        Boolean: True,
    }
    found = next((value for one, value in made.items() if isinstance(kind, one)), None)
    if found is not None:
        return found
    return "faces" if kind.python_type is str else 1


def _one_of(table: str) -> UUID | None:
    return db.session.execute(select(Base.metadata.tables[table].c.id).limit(1)).scalar()
