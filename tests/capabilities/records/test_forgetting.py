"""Forgetting a young person: what goes, what is kept, and that no backup brings anything back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Uuid, func, select

from app import create_app
from app.accounts.models import Account
from app.accounts.session_services import start_session
from app.accounts.values import Proof, Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.breaks.models import Attendance, Session
from app.breaks.queries import counts_of
from app.crypto.envelope import Place, UnreadableError
from app.crypto.keyring import Keyring, OwnerKind, current_keyring, keyring_from
from app.crypto.models import DataKey
from app.crypto.resealing import sealed_fields, sealed_tables
from app.crypto.tombstones import LOOKED_EVERY, TombstonesUnavailableError
from app.database import Base, Row, db, transaction
from app.notifications.models import Notice
from app.notifications.services import notify
from app.notifications.values import Kind
from app.operations.readiness import NotReadyError, check_ready
from app.records.erasure import OpenConcernError, destroy_key, forget_young_person, what_goes
from app.records.models import Erasure, KeptConcern
from app.records.reach import rows_about
from app.records.replay import replay_tombstones
from app.records.values import Basis, Order
from app.safeguarding.models import Concern
from app.young_people.models import YoungPerson
from tests.capabilities.records.whole_life import BY_ACCOUNT, ONLY_ADULTS, WORD, holds_a_person, plant_everything
from tests.conftest import FreshClient, SignIn
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

ORDER = Order(Basis.ASKED, "asked for it on the phone")
Databases = SqliteDatabases | PostgresDatabases
SealedValue = tuple[str, Place, bytes]


@pytest.fixture
def planted(cast: Cast) -> Cast:
    """Return the cast, with a row about Amina in every table that can hold one."""
    plant_everything(cast)
    return cast


def amina(cast: Cast) -> YoungPerson:
    return db.session.get_one(YoungPerson, cast.amina)


def forget(cast: Cast) -> UUID:
    with transaction():
        erasure = forget_young_person(person=amina(cast), order=ORDER, actor=cast.council_staff).id
    destroy_key(cast.amina)
    return erasure


def sealed_rows(owner: UUID) -> list[SealedValue]:
    """Return (column, place, ciphertext) of every sealed value of an owner in the records."""
    db.session.rollback()
    found = []
    for kind in sealed_tables():
        for row in db.session.execute(select(kind)).scalars():
            for name in sealed_fields(kind):
                sealed = getattr(row, f"sealed_{name}")
                if sealed is not None and row.key_owner[1] == owner:
                    found.append((f"{kind.__tablename__}.{name}", row.place_of(name), sealed))
    return found


def opened_by_any_key(keyring: Keyring, values: list[SealedValue]) -> list[str]:
    """Return the columns whose values open under any data key that is stored, whoever it belongs to."""
    with db.engines["keys"].connect() as connection:
        owners = {
            (OwnerKind(kind), owner) for kind, owner in connection.execute(select(DataKey.owner_kind, DataKey.owner_id))
        }
    opened = []
    for column, place, sealed in values:
        for owner in owners:
            try:
                keyring.unseal(owner, place, sealed)
            except UnreadableError:
                continue
            opened.append(column)
    return opened


def everything_readable(*, but: type[Row] | None = None) -> str:
    """Return every value that opens, and every value in clear, of all records but those of one table."""
    db.session.rollback()
    said = []
    for kind in sealed_tables():
        for row in db.session.execute(select(kind)).scalars() if kind is not but else ():
            said += [str(getattr(row, name)) for name in sealed_fields(kind)]
    for table in Base.metadata.sorted_tables:
        said += [str(tuple(row)) for row in db.session.execute(select(table))]
    return "\n".join(said)


def columns_naming(*ids: UUID) -> set[str]:
    """Return the columns of ids, in any table, that hold one of these."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Uuid) and db.session.execute(select(column).where(column.in_(ids))).first()
    }


def test_every_table_that_can_hold_a_person_is_reached(cast: Cast) -> None:
    planted = plant_everything(cast)
    assert {table.name for table in rows_about(amina(cast))} == planted
    assert planted >= {table.name for table in Base.metadata.sorted_tables if holds_a_person(table)}


def test_every_table_of_accounts_is_known_as_a_young_person_s_or_an_adult_s(app: Flask) -> None:
    assert app
    of_accounts = {
        table.name
        for table in Base.metadata.sorted_tables
        if "account_id" in table.c and not holds_a_person(table) and table.name not in {"young_people", "post_seen"}
    }
    assert of_accounts == {*BY_ACCOUNT, *ONLY_ADULTS}


def test_nothing_of_them_is_left_but_what_is_kept(planted: Cast) -> None:
    assert WORD in everything_readable(but=KeptConcern)
    people = db.session.execute(select(func.count()).select_from(YoungPerson)).scalar_one()
    erasure_id = forget(planted)
    assert WORD not in everything_readable(but=KeptConcern)
    kept = db.session.execute(select(KeptConcern)).scalar_one()
    assert (kept.erasure_id, kept.words) == (erasure_id, f"{WORD} concerns words")
    assert kept.about["reference"] == f"{WORD} young_people reference"
    assert columns_naming(planted.amina, planted.young_person.account_id) == {
        "audit_entries.record_id",
        "audit_entries.young_person_id",
        "erasures.subject_id",
    }
    assert db.session.execute(select(func.count()).select_from(YoungPerson)).scalar_one() == people - 1
    assert first_break(planted.council_id) is None


def test_what_is_said_beforehand_is_what_happens(planted: Cast) -> None:
    before = what_goes(amina(planted))
    forget(planted)
    erasure = db.session.execute(select(Erasure)).scalar_one()
    assert (erasure.rows, erasure.concerns, erasure.keep_until) == (
        sum(before.rows.values()),
        before.concerns_kept,
        before.keep_until,
    )
    assert erasure.keep_until.year == 2037
    assert erasure.reason == ORDER.reason


def test_the_key_is_gone_from_the_database_and_from_its_files(app: Flask, planted: Cast, databases: Databases) -> None:
    with db.engines["keys"].connect() as connection:
        wrapped = connection.execute(select(DataKey.wrapped).where(DataKey.owner_id == planted.amina)).scalar_one()
    forget(planted)
    with db.engines["keys"].connect() as connection:
        left = connection.execute(select(func.count()).where(DataKey.owner_id == planted.amina)).scalar_one()
    assert left == 0
    if isinstance(databases, SqliteDatabases):
        path = Path(app.extensions["settings"].keys_database_url.removeprefix("sqlite:///"))
        held = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
        assert wrapped not in held


def test_sessions_still_count_who_came(planted: Cast) -> None:
    session = db.session.execute(select(Session)).scalar_one()
    before = counts_of([session])
    assert before == {session.id: 1}
    forget(planted)
    session = db.session.execute(select(Session)).scalar_one()
    assert counts_of([session]) == before
    assert db.session.execute(select(func.count()).select_from(Attendance)).scalar_one() == 0


def test_nobody_is_forgotten_while_a_call_for_help_is_open(planted: Cast) -> None:
    with transaction():
        concern = db.session.execute(select(Concern)).scalar_one()
        concern.acknowledged_at = None
        audit.record(council_id=planted.council_id, actor_id=None, action="test:opened")
    with pytest.raises(OpenConcernError):
        forget(planted)
    assert db.session.get(YoungPerson, planted.amina) is not None
    assert current_keyring().tombstones.read() == []


def test_another_process_has_no_key_from_the_moment_it_is_written_down(app: Flask, planted: Cast) -> None:
    server = keyring_from(replace(app.extensions["settings"], keys_remembered=600.0))
    ((_, place, sealed), *_) = sealed_rows(planted.amina)
    owner = (OwnerKind.YOUNG_PERSON, planted.amina)
    assert server.unseal(owner, place, sealed)
    with transaction():
        forget_young_person(person=amina(planted), order=ORDER, actor=None)
    time.sleep(LOOKED_EVERY)
    with pytest.raises(UnreadableError):
        server.unseal(owner, place, sealed)


def test_where_the_tombstone_cannot_be_written_nothing_has_happened(planted: Cast) -> None:
    path = current_keyring().tombstones.path
    path.unlink()
    path.mkdir()
    with pytest.raises(TombstonesUnavailableError):
        forget(planted)
    assert amina(planted).first_name.startswith(WORD)


def test_an_erasure_cut_off_before_its_commit_is_finished_by_the_next_request(planted: Cast, sign_in: SignIn) -> None:
    staff = sign_in(planted.council_staff)
    assert staff.get(f"/young-people/{planted.amina}/record").status_code == 200

    class PowerCutError(RuntimeError):
        pass

    def cut_off() -> None:
        with transaction():
            forget_young_person(person=amina(planted), order=ORDER, actor=None)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    assert staff.get(f"/young-people/{planted.amina}/record").status_code == 404
    db.session.rollback()
    assert db.session.get(YoungPerson, planted.amina) is None
    with db.engines["keys"].connect() as connection:
        assert connection.execute(select(DataKey).where(DataKey.owner_id == planted.amina)).first() is None


def test_a_mentor_s_notice_of_their_call_for_help_goes_with_it(planted: Cast) -> None:
    with transaction():
        concern = db.session.execute(select(Concern.id)).scalar_one()
        for about_id in (concern, uuid4()):
            notify(account_id=planted.mentor.account_id, kind=Kind.REPLY, about_id=about_id)
    assert db.session.execute(select(func.count()).select_from(Notice)).scalar_one() == 3
    forget(planted)
    left = db.session.execute(select(Notice)).scalars().all()
    assert [(one.account_id, one.kind) for one in left] == [(planted.mentor.account_id, Kind.REPLY)]


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
