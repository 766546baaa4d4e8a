"""Forgetting a young person: what goes, and what is kept."""

import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import services as audit
from app.audit.queries import first_break
from app.breaks.models import Attendance, Session
from app.breaks.queries import counts_of
from app.crypto.envelope import UnreadableError
from app.crypto.keyring import OwnerKind, current_keyring, keyring_from
from app.crypto.models import DataKey
from app.crypto.tombstones import LOOKED_EVERY, TombstonesUnavailableError
from app.database import Base, db, transaction
from app.notifications.models import Notice
from app.notifications.services import notify
from app.notifications.values import Kind
from app.records.erasure import OpenConcernError, forget_young_person, what_goes
from app.records.models import Erasure, KeptConcern
from app.records.reach import rows_about
from app.safeguarding.models import Concern
from app.young_people.models import YoungPerson
from tests.capabilities.records.forgetting import (
    ORDER,
    amina,
    columns_naming,
    everything_readable,
    forget,
    sealed_rows,
)
from tests.capabilities.records.whole_life import BY_ACCOUNT, ONLY_ADULTS, WORD, holds_a_person, plant_everything
from tests.conftest import SignIn
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

Databases = SqliteDatabases | PostgresDatabases


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
