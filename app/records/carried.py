"""Rows as a tombstone carries them: what was decided and what is kept, sealed as it is, to put back if need be."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, LargeBinary, Table, Uuid, insert, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.types import TypeEngine

from app import clock
from app.database import Base, Moment, Row, db
from app.records.models import Erasure, KeptConcern

CARRIED = (Erasure.__tablename__, KeptConcern.__tablename__)


def carry(erasure: Erasure) -> str:
    """Return an erasure with its kept concerns as text; sealed columns stay sealed."""
    query = select(KeptConcern).where(KeptConcern.erasure_id == erasure.id)
    rows: list[Row] = [erasure, *db.session.execute(query.order_by(KeptConcern.id)).scalars()]
    return json.dumps([[row.__tablename__, _said(row)] for row in rows], separators=(",", ":"))


def _said(row: Row) -> dict[str, Any]:
    table = Base.metadata.tables[row.__tablename__]
    stored = db.session.execute(select(table).where(table.c.id == row.id)).mappings().one()
    return {name: _plain(value) for name, value in stored.items()}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def put_back(carried: str) -> None:
    """Write the carried rows that are not there, and whose time is not over."""
    for name, said in json.loads(carried) if carried else ():
        table = Base.metadata.tables[name]
        values = {column: _read(table, column, value) for column, value in said.items() if column in table.c}
        if values["keep_until"] < clock.today():
            continue
        if db.session.execute(select(table.c.id).where(table.c.id == values["id"])).scalar_one_or_none() is None:
            db.session.execute(insert(table).values(values))


READERS: tuple[tuple[type[TypeEngine[Any]], Callable[[str], object]], ...] = (
    (Uuid, UUID),
    (LargeBinary, base64.b64decode),
    (Moment, datetime.fromisoformat),
    (Date, date.fromisoformat),
)


def _read(table: Table, column: str, value: Any) -> Any:  # noqa: ANN401 (any column's value)
    kind = table.c[column].type
    if value is not None and isinstance(kind, EnumType) and kind.enum_class is not None:
        return kind.enum_class(value)
    reader = next((read for of, read in READERS if isinstance(kind, of)), None)
    return value if reader is None or value is None else reader(value)
