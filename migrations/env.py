"""Runs each migration against both databases: the records, and the keys."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

import app
from app.database import WRITE, Moment, db

for module in pkgutil.iter_modules(app.__path__):
    if module.ispkg and importlib.util.find_spec(f"app.{module.name}.models"):
        importlib.import_module(f"app.{module.name}.models")

NAMES = {"": None, "keys": "keys"}


def leave_out_empty(_context: object, _revision: object, directives: list) -> None:
    """Write no migration where nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives:
        changes = directives[0].upgrade_ops_list
        if len(changes) == len(NAMES) and all(operations.is_empty() for operations in changes):
            directives[:] = []


def plain_type(kind: str, thing: object, _context: object) -> str | bool:
    """Write our own moments as plain date-times, so that an old migration needs none of today's code."""
    return "sa.DateTime()" if kind == "type" and isinstance(thing, Moment) else False


def migrate(name: str, connection: Connection) -> None:
    context.configure(
        connection=connection,
        upgrade_token=f"{name}_upgrades",
        downgrade_token=f"{name}_downgrades",
        target_metadata=db.metadatas[NAMES[name]],
        process_revision_directives=leave_out_empty,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_type,
        compare_type=True,
    )
    context.run_migrations(engine_name=name)


@contextmanager
def letting_go_of_references(connection: Connection) -> Iterator[None]:
    """Let SQLite make a table anew that other rows refer to; it can be told so only before a transaction begins."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def refuse_lost_references(connection: Connection) -> None:
    """Stop, and so undo the migration, where a row refers to one that is not there any more."""
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise SystemExit(
            f"This migration would leave rows of {lost[0]} without those of {lost[2]}: nothing was changed."
        )


def run() -> None:
    """Migrate the keys first, so that no record is without its key's table; each database commits by itself."""
    for name in ("keys", ""):
        engine = db.engines[NAMES[name]]
        with (
            engine.connect().execution_options(**{WRITE: True}) as connection,
            letting_go_of_references(connection),
            connection.begin(),
        ):
            migrate(name, connection)
            refuse_lost_references(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations run against the databases themselves: leave out --sql.")
run()
