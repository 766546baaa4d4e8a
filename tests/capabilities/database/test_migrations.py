"""Each migration runs over tables that have rows in them, with others that refer to them, and loses none."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask_migrate import upgrade
from sqlalchemy import Column, Connection, Engine, MetaData, Table, func, insert, select, update

from app import create_app
from app.accounts.passwords import hash_token, stretched
from app.database import db
from tests.conftest import settings_for
from tests.databases import PostgresDatabases, SqliteDatabases

VERSIONS = sorted(
    path.name.partition("_")[0] for path in (Path(__file__).parents[3] / "migrations" / "versions").glob("*.py")
)
MADE: dict[type, Any] = {
    bool: True,
    int: 1,
    float: 1.0,
    bytes: b"x" * 16,
    datetime: datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    date: date(2026, 1, 1),
    dict: {},
    UUID: uuid4(),
}
pytestmark = pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")


def value_of(connection: Connection, column: Column[Any]) -> Any:  # noqa: ANN401 (any column's value)
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar()
    if column.nullable and not column.primary_key:
        return None
    kind = column.type.python_type
    if kind is str:
        return uuid4().hex[: getattr(column.type, "length", None) or 32]
    return uuid4() if kind is UUID else MADE[kind]


def fill(engine: Engine) -> dict[str, int]:
    """Put a row into every table that has none; return how many rows each has."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if not count(connection, table):
                values = {column.name: value_of(connection, column) for column in table.columns}
                connection.execute(insert(table).values(values))
        return {table.name: count(connection, table) for table in metadata.sorted_tables}


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_no_migration_loses_a_row(databases: SqliteDatabases | PostgresDatabases, tmp_path: Path) -> None:
    urls = databases.fresh(template=None)
    app = create_app(settings_for(urls, tmp_path))
    with app.app_context():
        known: dict[str, int] = {}
        for version in VERSIONS:
            upgrade(revision=version)
            found = fill(db.engine)
            assert {name: found[name] for name in known} == known, version
            known = found
        assert len(known) > 50
        assert set(known.values()) == {1}
        for engine in db.engines.values():
            with engine.connect() as connection:
                if engine.dialect.name == "sqlite":
                    assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
                    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            engine.dispose()
    databases.drop(urls)


def test_a_recovery_code_on_paper_goes_on_working(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    urls = databases.fresh(template=None)
    app = create_app(settings_for(urls, tmp_path))
    with app.app_context():
        upgrade(revision="0026")
        fill(db.engine)
        before = MetaData()
        before.reflect(db.engine, only=["recovery_codes"])
        digest = hash_token("abcdefghjkmnpqrs")
        with db.engine.begin() as connection:
            connection.execute(update(before.tables["recovery_codes"]).values(code_hash=digest))
        upgrade(revision="0028")
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT code_hash, salt FROM recovery_codes").one()
        assert bytes(kept.code_hash) == stretched(digest, bytes(kept.salt))
        for engine in db.engines.values():
            engine.dispose()
    databases.drop(urls)
