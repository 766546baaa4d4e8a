"""The declarative base, the two databases (records, keys) and `transaction()`."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, ForeignKey, MetaData, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITE = "tidemark_write"
THERE_ALREADY = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""How PostgreSQL (appendix A of its manual) and SQLite say that something would be there twice."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC in every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def one_of(kind: type[StrEnum]) -> Enum:
    """Return a column type that keeps the values of an enum as short text."""
    return Enum(kind, native_enum=False, length=30, values_callable=lambda members: [m.value for m in members])


class Base(DeclarativeBase):
    """What every table of the records database stands on."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: Moment})


class KeysBase(DeclarativeBase):
    """What every table of the keys database stands on: backed up apart, with short retention."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES, info={"bind_key": "keys"}), type_annotation_map={datetime: Moment}
    )


class Row(Base):
    """A row whose UUID is made here, not by the database, so that ciphertext can be bound to it."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 (as SQLAlchemy's own constructor)
        self.id = values.pop("id", None) or uuid4()
        super().__init__(**values)


class CouncilRow(Row):
    """A row that belongs to one council; no query crosses from one council to another."""

    __abstract__ = True

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)


db = SQLAlchemy(model_class=Base)
db.metadatas["keys"] = KeysBase.metadata


class UnfinishedWorkError(RuntimeError):
    """A transaction was opened while changes of an earlier one were still waiting."""


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block writes, or nothing of it.

    On SQLite the write lock is taken at once, so that everything the block reads is what it will write against; objects
    that were read before are read again when touched. Raises UnfinishedWorkError when opened inside another one.
    """
    session = db.session
    if session.new or session.dirty or session.deleted or session.info.get(WRITE):
        raise UnfinishedWorkError("Changes were made outside transaction().")
    session.rollback()
    session.info[WRITE] = True
    with turn_to_write(db.engine):
        try:
            session.connection(bind_arguments={"bind": db.engine}, execution_options={WRITE: True})
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(WRITE, None)


def is_there_already(error: IntegrityError) -> bool:
    """Say whether a statement was refused because what there may be only once is there."""
    said = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return said in THERE_ALREADY


def hold(row: Row) -> bool:
    """Read a row as it stands now and lock it until the transaction ends; say whether it is there still.

    For what counts once: whoever wants the same at the same time waits, and then finds it done. Rows that refer to this
    one are written meanwhile. SQLite’s one write lock does all that by itself.
    """
    kind = type(row)
    query = select(kind).where(kind.id == row.id).with_for_update(key_share=True)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none() is not None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a write transaction of its own, committed at the end of the block."""
    with turn_to_write(engine), engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        yield connection


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait in line for SQLite's one write lock, and hold it through the commit and the checkpoint that may follow.

    Writers that poll the busy lock overtake each other, and SQLite before 3.51.3 must not checkpoint from two places at
    once. Does nothing on other databases. Raises OperationalError where the database's folder cannot be written.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    try:
        file = Path(f"{engine.url.database}.turn").open("a")  # noqa: SIM115 (closed below, once it has served)
    except OSError as error:
        raise OperationalError("take a turn to write", None, error) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def wipe_deleted(engine: Engine, table: str) -> None:
    """Take what was deleted from a table out of the database's files too, as far as they are its own.

    On SQLite deleted rows are overwritten (`secure_delete`), and the write-ahead log that still had them is emptied; on
    PostgreSQL the dead rows are vacuumed away. Copies that somebody made of the files stay what they are.
    """
    if engine.dialect.name == "sqlite":
        with turn_to_write(engine), engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    quoted = engine.dialect.identifier_preparer.quote(table)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM {quoted}")


def prepare_engines(app: Flask) -> None:
    """Give SQLite engines the settings under which nothing that was acknowledged is lost (`synchronous=FULL`)."""
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                event.listen(engine, "do_connect", _keep_from_others)
                event.listen(engine, "connect", _set_up_sqlite)
                event.listen(engine, "begin", _begin_sqlite)


def _keep_from_others(_dialect: Dialect, _record: ConnectionPoolEntry, place: Sequence[Any], _more: object) -> None:
    """Let a database file that is not there yet be one that only its owner reads; SQLite's logs beside it follow it."""
    if place[0].startswith((":", "file:")):
        return
    with suppress(OSError):
        os.close(os.open(place[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _set_up_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def sqlite_engines() -> list[Engine]:
    """Return the engines that are SQLite files; empty on PostgreSQL."""
    return [engine for engine in db.engines.values() if engine.dialect.name == "sqlite"]
