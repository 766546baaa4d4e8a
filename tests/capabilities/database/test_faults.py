"""A disk that is really full, and a server clock that is days off."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, make_url, select

from app import clock, create_app
from app.accounts.models import Account
from app.accounts.session_services import start_session
from app.accounts.values import Proof
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.checkins.models import CheckIn
from app.database import db, transaction
from tests.conftest import FreshClient, SignIn, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast


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
