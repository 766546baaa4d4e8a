"""Backups of both databases, each sealed whole with a key kept apart, and a drill that proves they can be restored.

The records are copied first and the keys after them: a key is always there before the first row that needs it.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import URL, Engine, create_engine, func, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from app import clock
from app.audit.queries import first_break, trail_lengths
from app.checkins.models import CheckIn
from app.crypto.data_keys import unfinished_rotation
from app.crypto.envelope import UnreadableError
from app.crypto.key_providers import KeyUnavailableError, read_key_file
from app.crypto.resealing import open_all
from app.crypto.sealed_files import open_file, seal_file
from app.database import db
from app.operations.readiness import check_records
from app.records.models import Erasure, KeptConcern
from app.settings import Settings
from app.young_people.models import YoungPerson

READ = 1 << 20
NAMES = ("records", "keys")
PRIVATE = 0o600
PUT_BACK = frozenset({Erasure.__tablename__, KeptConcern.__tablename__})
"""What is kept of whoever was forgotten since the backup comes from the list of the forgotten: newer keys seal it."""


class BackupError(RuntimeError):
    """A backup cannot be made or restored; the sentence says why."""


@dataclass
class Drill:
    """What a restore found: seconds of each step, and how much is there."""

    seconds: dict[str, float] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begun


def backup_key(settings: Settings) -> bytes:
    """Return the key that backups are sealed with; raises BackupError."""
    try:
        return read_key_file(settings.backup_key_file, "The backup key")[0]
    except KeyUnavailableError as error:
        raise BackupError(str(error)) from error


def make_backup(settings: Settings, folder: Path) -> list[Path]:
    """Write both databases sealed into `folder`, with checksums beside; read both back; return the files."""
    key = backup_key(settings)
    if unfinished_rotation() is not None:
        raise BackupError("Data keys are being changed: back up once `keys rotate --data` has finished.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment, made = f"{clock.now():%Y%m%dT%H%M%SZ}", []
    for name, engine in zip(NAMES, (db.engine, db.engines["keys"]), strict=True):
        path = folder / f"tidemark-{name}-{moment}.sealed"
        partial = path.with_suffix(".partial")
        try:
            _seal_and_read_back(key, _copy_of(engine, folder), partial)
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
        path.with_suffix(".sha256").write_text(f"{checksum(path)}  {path.name}\n")
        made.append(path)
    return made


def _seal_and_read_back(key: bytes, contents: Iterator[bytes], path: Path) -> None:
    with open(path, "xb", opener=_privately) as target:
        seal_file(key, contents, target)
        target.flush()
        os.fsync(target.fileno())
    for _ in _opened(key, path):
        pass


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, as `sha256sum` prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_of(engine: Engine, folder: Path) -> Iterator[bytes]:
    return _sqlite_copy(engine, folder) if engine.dialect.name == "sqlite" else _postgres_dump(engine.url)


def _sqlite_copy(engine: Engine, folder: Path) -> Iterator[bytes]:
    """Yield a consistent copy, made by SQLite's own online backup while others read and write."""
    path = folder / f".{uuid4().hex}.db"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        with closing(sqlite3.connect(engine.url.database or "")) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise BackupError("The copy of the database is damaged: the database itself may be.")
        with path.open("rb") as file:
            while part := file.read(READ):
                yield part
    finally:
        path.unlink()


def _postgres_dump(url: URL) -> Iterator[bytes]:
    """Yield `pg_dump`'s own format, which `pg_restore` reads; nothing of it touches a disk in the clear."""
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    with subprocess.Popen(command, env=_postgres_environment(url), stdout=subprocess.PIPE) as process:  # noqa: S603
        if process.stdout is None:
            raise BackupError("pg_dump could not be read from.")
        while part := process.stdout.read(READ):
            yield part
    if process.returncode:
        raise BackupError("pg_dump could not copy the database: see what it said.")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not on this machine: install PostgreSQL’s client of the server’s version.")
    return found


def _postgres_environment(url: URL) -> dict[str, str]:
    """Return where to connect to, kept out of the list of processes."""
    told = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    told |= {"PGDATABASE": url.database, "PGHOSTADDR": None}
    hosts = url.query.get("host")
    told["PGHOST"] = told["PGHOST"] or (hosts if isinstance(hosts, str) else None)
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}


def _opened(key: bytes, path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            yield from open_file(key, source)
    except UnreadableError as error:
        raise BackupError(f"{path.name}: {error}") from error
    except OSError as error:
        raise BackupError(f"{path.name} cannot be read: {type(error).__name__}.") from error


def unseal_to(settings: Settings, sealed: Path, target: Path) -> None:
    """Write what a backup holds to a new file that only its owner can read; raises BackupError."""
    beside = sealed.with_suffix(".sha256")
    if beside.exists() and beside.read_text().split()[:1] != [checksum(sealed)]:
        raise BackupError(f"{sealed.name} is not what its checksum says: it was changed or cut short.")
    key = backup_key(settings)
    try:
        with open(target, "xb", opener=_privately) as file:
            file.writelines(_opened(key, sealed))
    except FileExistsError as error:
        raise BackupError(f"{target} is there already: restore to an empty folder.") from error
    except BackupError:
        target.unlink()
        raise


def drill(make_app: Callable[[Settings], Flask], settings: Settings, sealed: tuple[Path, Path], folder: Path) -> Drill:
    """Restore records and keys beside those in use, forget again who was forgotten since, and look at everything.

    `make_app` makes the app over other databases. What is restored is thrown away again.
    """
    done, files = Drill(), [folder / "records.db", folder / "keys.db"]
    with done.timed("unsealed"):
        for one, file in zip(sealed, files, strict=True):
            unseal_to(settings, one, file)
    shutil.copy(settings.tombstones, folder / "tombstones")
    with _served_from(settings, files, done) as urls:
        copy = replace(settings, database_url=urls[0], keys_database_url=urls[1], tombstones=folder / "tombstones")
        app = make_app(copy)
        with done.timed("keys proved, the forgotten forgotten again"):
            check_records(app)
        with app.app_context():
            _look_at_everything(done)
            for engine in db.engines.values():
                engine.dispose()
    return done


@contextmanager
def _served_from(settings: Settings, files: list[Path], done: Drill) -> Iterator[list[str]]:
    """Give addresses of databases that hold what was unsealed: the files themselves, or new ones on the same server."""
    urls = [make_url(settings.database_url), make_url(settings.keys_database_url)]
    if urls[0].get_backend_name() == "sqlite":
        yield [f"sqlite:///{file}" for file in files]
        return
    names = [f"tidemark_drill_{uuid4().hex[:12]}" for _ in urls]
    try:
        with done.timed("restored into PostgreSQL"):
            for url, name, file in zip(urls, names, files, strict=True):
                _run_on(url, f'CREATE DATABASE "{name}"')
                command = [_program("pg_restore"), "--no-owner", "--exit-on-error", "--dbname", name, str(file)]
                environment = _postgres_environment(url.set(database=name))
                if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603 (fixed words)
                    raise BackupError("pg_restore could not restore the copy: see what it said.")
        yield [u.set(database=name).render_as_string(hide_password=False) for u, name in zip(urls, names, strict=True)]
    finally:
        for url, name in zip(urls, names, strict=True):
            _run_on(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run_on(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except ProgrammingError as error:
        raise BackupError(f"{url.username} may not do this here: it takes a role that may create databases.") from error
    finally:
        engine.dispose()


def _look_at_everything(done: Drill) -> None:
    with done.timed("every sealed value opened"):
        opened = open_all(lambda _count: None)
    done.found["sealed values"] = opened.read
    for place, count in sorted(opened.unreadable.items()):
        if place.partition(".")[0] in PUT_BACK:
            done.found[f"in {place} whose keys are newer than this backup"] = count
        else:
            done.wrong.append(f"{place}: {count:,} do not open")
    with done.timed("every trail walked"):
        for council_id in trail_lengths():
            found = first_break(council_id)
            if found is not None:
                done.wrong.append(f"trail of {council_id} broken at entry {found.sequence}: {found.reason}")
    done.found["entries of trails"] = sum(trail_lengths().values())
    tables: dict[str, type[Any]] = {"young people": YoungPerson, "check-ins": CheckIn}
    for name, table in tables.items():
        done.found[name] = db.session.execute(select(func.count()).select_from(table)).scalar_one()
