"""Whether Tidemark may serve: secret, keys and databases are here and are the right ones."""

import os
import sqlite3
import sys

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from app.accounts.gate import ALWAYS_OPEN
from app.accounts.models import Council
from app.accounts.queries import index_key_is_right
from app.crypto.envelope import WrongKeyError
from app.crypto.key_providers import KeyUnavailableError
from app.crypto.keyring import current_keyring
from app.database import db, sqlite_engines
from app.records.replay import replay_tombstones
from app.web.errors import show_error

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PRIMARY_CODE = 0xFF


class NotReadyError(RuntimeError):
    """Something that serving needs is missing or wrong; the sentence says what to do."""


def check_ready(app: Flask) -> None:
    """Raise NotReadyError with one sentence unless secret, databases and keys are in order."""
    if not app.secret_key:
        raise NotReadyError("There is no TIDEMARK_SECRET_KEY: set it to 32 or more random characters.")
    check_records(app)


def check_records(app: Flask) -> None:
    """Raise NotReadyError with one sentence unless databases and keys are in order: what serving and commands need.

    Whoever has been forgotten since a backup that was restored is forgotten again first.
    """
    with app.app_context():
        try:
            for engine in sqlite_engines():
                if is_damaged(engine):
                    raise NotReadyError("A database file is damaged: restore it from a backup before serving.")
            if not inspect(db.engine).has_table(Council.__tablename__):
                raise NotReadyError("The database is not set up: run `flask --app wsgi db upgrade`.")
        except SQLAlchemyError as error:
            raise NotReadyError(
                "The database cannot be reached or read: if it is new, run `flask --app wsgi db upgrade`."
            ) from error
        try:
            current_keyring().check()
            found = index_key_is_right()
        except (KeyUnavailableError, WrongKeyError) as error:
            raise NotReadyError(str(error)) from error
        if not found:
            raise NotReadyError("The index key is not the one these records were indexed with: put the right one back.")
    check_tombstones(app)


def is_damaged(engine: Engine) -> bool:
    """Say whether SQLite finds its file broken, or cannot take it for a database at all; an empty file is neither."""
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text("PRAGMA quick_check(1)")).scalar_one() != "ok")
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE in DAMAGE:
            return True
        raise


FAULT_FROM, FAULT_TO = (3, 7, 0), (3, 51, 3)
MENDED = {(3, 44): 6, (3, 50): 7}
"""Older versions of SQLite that were mended too: from which number of theirs."""


def has_checkpoint_fault(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite can spoil a file when two checkpoint at once (sqlite.org: the WAL-reset bug)."""
    if not FAULT_FROM <= version < FAULT_TO:
        return False
    mended = MENDED.get((version[0], version[1]))
    return mended is None or version[2] < mended


def sqlite_warning() -> str | None:
    """Return a sentence where the databases are SQLite files and this machine's SQLite has that fault, else None."""
    if not sqlite_engines() or not has_checkpoint_fault(sqlite3.sqlite_version_info):
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can spoil a file when two programs checkpoint at once. Tidemark takes turns, "
        "so it does not; let no other program write to the databases, or use SQLite 3.51.3 or newer."
    )


def check_tombstones(app: Flask) -> None:
    """Forget again whoever a restored backup brought back; raise NotReadyError where nobody can say who that is."""
    with app.app_context():
        try:
            replay_tombstones()
        except KeyUnavailableError as error:
            raise NotReadyError(str(error)) from error


def is_about_to_serve() -> bool:
    """Say whether a server is loading the app, rather than one of the other commands."""
    return os.environ.get("FLASK_RUN_FROM_CLI") != "true" or "run" in sys.argv[1:]


def require_ready(app: Flask) -> None:
    """Stop the process with one sentence where the app may not serve."""
    try:
        check_ready(app)
    except NotReadyError as error:
        raise SystemExit(f"Tidemark does not start. {error}") from error


def install_readiness(app: Flask) -> None:
    """Answer 503 until the checks have passed, whatever server runs the app.

    Whenever somebody is forgotten the tombstones are replayed: what a process that died began, another one finishes.
    """
    passed: dict[str, tuple[int, int]] = {}

    @app.before_request
    def refuse_until_ready() -> ResponseReturnValue | None:
        if request.endpoint in ALWAYS_OPEN:
            return None
        forgotten = current_keyring().tombstones.state()
        if forgotten is not None and passed.get("with") == forgotten:
            return None
        try:
            (check_tombstones if passed else check_ready)(app)
        except NotReadyError as error:
            app.logger.error("not ready: %s", error)  # noqa: TRY400 (the sentence is all there is to say)
            return show_error(503)
        if forgotten is not None:
            passed["with"] = forgotten
        return None
