"""Who was forgotten stays so: no backup of records, of keys or of both brings anything back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.accounts.models import Account
from app.accounts.session_services import start_session
from app.accounts.values import Proof, Viewer
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.crypto.keyring import current_keyring, keyring_from
from app.crypto.models import DataKey
from app.database import db, transaction
from app.operations.readiness import NotReadyError, check_ready
from app.records.models import KeptConcern
from app.records.replay import replay_tombstones
from app.young_people.models import YoungPerson
from tests.capabilities.records.forgetting import everything_readable, forget, opened_by_any_key, sealed_rows
from tests.capabilities.records.whole_life import WORD
from tests.conftest import FreshClient
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

Databases = SqliteDatabases | PostgresDatabases


@dataclass(frozen=True)
class Backups:
    """Copies of both databases from the day before somebody was forgotten."""

    records: str
    keys: str


@pytest.fixture
def yesterday(app: Flask, planted: Cast, databases: Databases) -> Backups:
    """Return yesterday's backups; since then Amina was forgotten."""
    db.session.rollback()
    for engine in db.engines.values():
        engine.dispose()
    settings = app.extensions["settings"]
    made = Backups(databases.copy(settings.database_url), databases.copy(settings.keys_database_url))
    forget(planted)
    return made


@contextmanager
def restored(app: Flask, **urls: str) -> Iterator[Flask]:
    """Give an app over restored databases, and the keys and the list of the forgotten of today."""
    db.session.rollback()
    other = create_app(replace(app.extensions["settings"], **urls))
    other.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    other.test_client_class = FreshClient
    with other.app_context():
        yield other
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    with transaction():
        token = start_session(account=db.session.get_one(Account, viewer.account_id), proof=Proof.SECOND_STEP)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def test_yesterday_s_backup_with_today_s_keys_shows_none_of_their_words(
    app: Flask, planted: Cast, yesterday: Backups
) -> None:
    with restored(app, database_url=yesterday.records) as other:
        values = sealed_rows(planted.amina)
        assert len({column for column, _, _ in values}) > 40
        assert opened_by_any_key(current_keyring(), values) == []
        check_ready(other)
        assert sealed_rows(planted.amina) == []
        assert db.session.get(YoungPerson, planted.amina) is None
        assert WORD not in everything_readable(but=KeptConcern)
        for viewer, paths in {
            planted.council_staff: ("/young-people", "/offers"),
            planted.mentor: ("/caseload",),
            planted.parent_carer: ("/caseload",),
        }.items():
            client = client_of(other, viewer)
            for path in paths:
                shown = client.get(path)
                assert (shown.status_code, WORD in shown.text) == (200, False), path
            assert client.get(f"/young-people/{planted.amina}").status_code == 404
        kept = db.session.execute(select(KeptConcern)).scalar_one()
        assert kept.words == f"{WORD} concerns words"
        actions = select(AuditEntry.action).where(AuditEntry.young_person_id == planted.amina)
        assert "young_person:forgotten_again" in set(db.session.execute(actions).scalars())
        assert first_break(planted.council_id) is None
        assert replay_tombstones() == 0


def test_yesterday_s_keys_restored_too_are_destroyed_before_anything_is_served(
    app: Flask, planted: Cast, yesterday: Backups
) -> None:
    with restored(app, database_url=yesterday.records, keys_database_url=yesterday.keys) as other:
        values = sealed_rows(planted.amina)
        assert opened_by_any_key(current_keyring(), values) == []
        client = other.test_client()
        assert client.get("/").status_code == 200
        with db.engines["keys"].connect() as connection:
            assert connection.execute(select(DataKey).where(DataKey.owner_id == planted.amina)).first() is None
        other.extensions["keyring"] = keyring_from(
            replace(other.extensions["settings"], tombstones=other.extensions["settings"].tombstones.with_name("none"))
        )
        assert opened_by_any_key(current_keyring(), values) == []
        assert db.session.get(YoungPerson, planted.amina) is None


def test_today_s_records_with_yesterday_s_keys_bring_nobody_back(app: Flask, planted: Cast, yesterday: Backups) -> None:
    with restored(app, keys_database_url=yesterday.keys) as other:
        check_ready(other)
        with db.engines["keys"].connect() as connection:
            assert connection.execute(select(DataKey).where(DataKey.owner_id == planted.amina)).first() is None


def test_a_lost_list_of_the_forgotten_is_refused_and_written_again_from_the_records(
    app: Flask, planted: Cast, yesterday: Backups
) -> None:
    assert yesterday
    tombstones = current_keyring().tombstones
    before = tombstones.read()
    tombstones.path.unlink()
    with pytest.raises(NotReadyError, match="list of who was forgotten is missing"):
        check_ready(app)
    assert app.test_client().get("/").status_code == 503
    tombstones.make()
    check_ready(app)
    assert tombstones.read() == before
    assert [one.owner for one in before] == [planted.amina]


def test_a_line_that_was_cut_off_is_taken_out_and_one_that_is_damaged_stops_the_start(
    app: Flask, planted: Cast, yesterday: Backups
) -> None:
    assert planted
    assert yesterday
    tombstones = current_keyring().tombstones
    whole = tombstones.path.read_bytes()
    tombstones.path.write_bytes(whole + whole[:40])
    assert len(tombstones.read()) == 1
    tombstones.add(replace(tombstones.read()[0], owner=uuid4(), council=uuid4(), erasure=uuid4(), carried=""))
    assert len(tombstones.read()) == 2
    tombstones.path.write_bytes(b"{}\n" + whole)
    with pytest.raises(NotReadyError, match="damaged at line 1"):
        check_ready(app)
