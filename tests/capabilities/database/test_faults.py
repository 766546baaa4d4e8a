"""A disk that is really full, a database that dies and comes back, a standby that takes over, a clock that is off."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError

from app import clock, create_app
from app.accounts.models import Account
from app.accounts.session_services import start_session
from app.accounts.values import Proof
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.checkins.models import CheckIn
from app.database import db, transaction
from tests.clusters import Cluster, binaries
from tests.conftest import FreshClient, SignIn, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast, make_cast

BACK_WITHIN = 5.0
"""Seconds after which a database that restarted must be in use again."""


def app_over(urls: tuple[str, str], folder: Path) -> Flask:
    app = create_app(settings_for(urls, folder))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = FreshClient
    return app


def client_of(app: Flask, account_id: UUID) -> FlaskClient:
    with app.app_context(), transaction():
        token = start_session(account=db.session.get_one(Account, account_id), proof=Proof.SECOND_STEP)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def check_in(client: FlaskClient, entry: UUID) -> int:
    return client.post("/check-ins", data={"id": str(entry), "measure": "faces", "answer": "4"}).status_code


def kept(app: Flask) -> list[UUID]:
    with app.app_context():
        return sorted(db.session.execute(select(CheckIn.id)).scalars())


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Put a disk of its own, in memory, at a folder; skips where this user may not."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("Only root may mount a small disk, and not everywhere.")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


def fill(path: Path) -> None:
    """Write until not one byte more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_on_a_disk_that_is_really_full_the_page_says_so_and_it_goes_on_once_there_is_room(
    cast: Cast, app: Flask, databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    if isinstance(databases, PostgresDatabases):
        pytest.skip("The disk of PostgreSQL is not ours to fill.")
    urls = app.extensions["settings"].database_url, app.extensions["settings"].keys_database_url
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, 16):
        copies = [disk / name for name in ("records.db", "keys.db")]
        for url, copy in zip(urls, copies, strict=True):
            shutil.copyfile(make_url(databases.copy(url)).database or "", copy)
        full = app_over((f"sqlite:///{copies[0]}", f"sqlite:///{copies[1]}"), tmp_path)
        client, entries = client_of(full, cast.young_person.account_id), [uuid4() for _ in range(3)]
        assert check_in(client, entries[0]) == 303
        fill(disk / "ballast")
        refused = client.post("/check-ins", data={"id": str(entries[1]), "measure": "faces", "answer": "4"})
        assert (refused.status_code, "can’t save anything right now" in refused.text) == (503, True)
        assert check_in(client, entries[2]) == 503
        (disk / "ballast").unlink()
        assert [check_in(client, entry) for entry in entries] == [303, 303, 303]
        assert kept(full) == sorted(entries)
        with full.app_context():
            assert first_break(cast.council_id) is None
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def clusters(request: pytest.FixtureRequest) -> Iterator[Callable[[], Cluster]]:
    """Return what makes a PostgreSQL server of the test's own."""
    programs = binaries()
    if programs is None:
        pytest.skip("There are no programs of a PostgreSQL server on this machine.")
    if request.config.getoption("--database") == "postgres":
        pytest.skip("Once is enough: with the tests on SQLite.")
    made: list[Cluster] = []

    def make() -> Cluster:
        made.append(Cluster(programs))
        return made[-1]

    yield make
    for cluster in reversed(made):
        cluster.throw_away()


def app_on(cluster: Cluster, folder: Path) -> Flask:
    return app_over((cluster.url("records"), cluster.url("keys")), folder)


def begin_on(cluster: Cluster, folder: Path) -> tuple[Flask, Cast]:
    for name in ("records", "keys"):
        cluster.run(f"CREATE DATABASE {name}")
    app = app_on(cluster, folder)
    with app.app_context():
        db.create_all(bind_key=[None, "keys"])
        return app, make_cast()


class Phone:
    """Sends one check-in after another, each until it is acknowledged, as the outbox of a phone does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.acknowledged, self.longest = client, list[UUID](), 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + 12
        while len(self.acknowledged) < count:
            assert time.monotonic() < until, "no check-in was acknowledged for 12 seconds"
            time.sleep(0.02)

    def _is_taken(self, entry: UUID) -> bool:
        try:
            return check_in(self.client, entry) == 303
        except OperationalError:  # once the answer was made: the connection that goes back to the pool is dead
            return False

    def _send(self) -> None:
        while not self._stop.is_set():
            entry, begun = uuid4(), time.monotonic()
            while not self._is_taken(entry):
                if self._stop.is_set():
                    return
                time.sleep(0.05)
            self.longest = max(self.longest, time.monotonic() - begun)
            self.acknowledged.append(entry)


def test_a_postgresql_that_dies_and_comes_back_is_in_use_again_within_five_seconds(
    clusters: Callable[[], Cluster], tmp_path: Path
) -> None:
    cluster = clusters().make().start()
    app, cast = begin_on(cluster, tmp_path)
    with Phone(client_of(app, cast.young_person.account_id)) as phone:
        phone.wait_for(5)
        cluster.restart()
        back = time.monotonic()
        before = len(phone.acknowledged)
        phone.wait_for(before + 1)
        took = time.monotonic() - back
        phone.wait_for(before + 5)
    assert took < BACK_WITHIN
    assert set(phone.acknowledged) <= set(kept(app))
    assert len(kept(app)) <= len(phone.acknowledged) + 1
    with app.app_context():
        assert first_break(cast.council_id) is None
        for engine in db.engines.values():
            engine.dispose()


def test_a_synchronous_standby_takes_over_with_everything_that_was_acknowledged(
    clusters: Callable[[], Cluster], tmp_path: Path
) -> None:
    primary = clusters().make().start()
    app, cast = begin_on(primary, tmp_path)
    standby = clusters().copy_of(primary).start()
    primary.set("synchronous_standby_names = 'standby'").reload()
    until = time.monotonic() + 10
    while primary.run("SELECT sync_state FROM pg_stat_replication") != "sync":
        assert time.monotonic() < until
        time.sleep(0.05)
    with Phone(client_of(app, cast.young_person.account_id)) as phone:
        phone.wait_for(10)
        primary.die()
    standby.promote()
    after = app_on(standby, tmp_path)
    assert set(phone.acknowledged) <= set(kept(after))
    client = client_of(after, cast.young_person.account_id)
    assert [check_in(client, phone.acknowledged[-1]), check_in(client, uuid4())] == [303, 303]
    assert len(kept(after)) == len(set(kept(after)))
    for one in (app, after):
        with one.app_context():
            if one is after:
                assert first_break(cast.council_id) is None
            for engine in db.engines.values():
                engine.dispose()


@pytest.mark.parametrize("days", [-3, 3])
def test_with_a_server_clock_three_days_off_sessions_end_and_the_order_stays(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    client, real = sign_in(cast.mentor), clock.now
    assert client.get("/my-sign-in").status_code == 200
    before = db.session.execute(select(func.max(AuditEntry.sequence))).scalar_one()
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=days))
    assert client.get("/my-sign-in").status_code in {302, 303}
    young = sign_in(cast.young_person)
    assert check_in(young, uuid4()) == 303
    monkeypatch.undo()
    again = sign_in(cast.young_person)
    assert check_in(again, uuid4()) == 303
    db.session.rollback()
    assert db.session.execute(select(func.max(AuditEntry.sequence))).scalar_one() > before
    assert first_break(cast.council_id) is None
