"""The database itself refuses to change the trail; on PostgreSQL the app's own role cannot take that off either."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app import create_app
from app.audit import services as audit
from app.audit.guards import REFUSAL, drop_guards, missing_guards
from app.audit.queries import first_break
from app.database import db, transaction, writing
from tests.people import Cast

pytestmark = pytest.mark.owner
SLIPPED_IN = (
    "INSERT INTO audit_entries (id, council_id, sequence, at, action, record_kind, previous_hash, entry_hash) "
    "SELECT {id}, council_id, {sequence}, at, 'nothing:happened', '', previous_hash, entry_hash FROM audit_entries "
    "WHERE sequence = 2"
)
TAMPERING = {
    "an entry is changed": "UPDATE audit_entries SET action = 'x' WHERE sequence = 2",
    "an entry is deleted": "DELETE FROM audit_entries WHERE sequence = 2",
    "an entry is slipped in": SLIPPED_IN,
    "the end is put back": "UPDATE audit_heads SET sequence = sequence - 1",
    "the end gets another hash": "UPDATE audit_heads SET entry_hash = previous_hash FROM audit_entries "
    "WHERE audit_entries.council_id = audit_heads.council_id AND audit_entries.sequence = 2",
    "the end skips an entry": "UPDATE audit_heads SET sequence = sequence + 1",
    "the end is deleted": "DELETE FROM audit_heads",
}


def statement(what: str) -> str:
    new = f"'{uuid4()}'" if db.engine.dialect.name == "postgresql" else f"'{uuid4().hex}'"
    return TAMPERING[what].format(id=new, sequence=10_000)


def is_refused(engine: Engine, words: str) -> str:
    with pytest.raises(DBAPIError) as refused, engine.begin() as connection:
        connection.exec_driver_sql(words)
    return str(refused.value.orig)


@pytest.mark.parametrize("what", TAMPERING)
def test_the_database_refuses_it_from_whoever_has_not_taken_the_guards_off(cast: Cast, what: str) -> None:
    assert REFUSAL in is_refused(db.engine, statement(what))
    assert first_break(cast.council_id) is None


def test_a_trail_begins_at_nothing_and_once(cast: Cast) -> None:
    end = "INSERT INTO audit_heads (council_id, sequence, entry_hash) SELECT council_id, 7, entry_hash FROM audit_heads"
    assert REFUSAL in is_refused(db.engine, end)
    assert first_break(cast.council_id) is None


def test_an_entry_is_not_put_in_the_place_of_another(cast: Cast) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE.")
    words = SLIPPED_IN.replace("INSERT", "INSERT OR REPLACE").format(id="id", sequence="sequence")
    assert REFUSAL in is_refused(db.engine, words)
    assert first_break(cast.council_id) is None


def test_guards_that_were_taken_off_are_missed_and_put_on_again(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    assert cast
    with writing(db.engine) as connection:
        assert missing_guards(connection) == set()
        drop_guards(connection)
    result = run(args=["audit", "verify"])
    assert (result.exit_code, "audit_entries_are_kept" in result.output) == (1, True)
    assert run(args=["audit", "guard"]).exit_code == 0
    assert run(args=["audit", "verify"]).exit_code == 0


@pytest.fixture
def as_role(app: Flask, cast: Cast) -> Iterator[Flask]:
    """Give the app that runs under the role which `audit roles` makes."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no roles.")
    assert cast
    role = f"tidemark_app_{uuid4().hex[:8]}"
    printed = app.test_cli_runner().invoke(args=["audit", "roles", "--role", role])
    assert printed.exit_code == 0, printed.output
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))")
        connection.exec_driver_sql(printed.output)
        connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD 'made-up'")
    url = make_url(app.extensions["settings"].database_url).set(username=role, password="made-up")
    settings = replace(app.extensions["settings"], database_url=url.render_as_string(hide_password=False))
    theirs = create_app(settings)
    theirs.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield theirs
    with theirs.app_context():
        db.engine.dispose()
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")


def test_the_app_s_own_role_adds_to_the_trail_and_can_do_nothing_else_with_it(as_role: Flask, cast: Cast) -> None:
    engine = create_engine(as_role.extensions["settings"].database_url)
    for words in (
        *(statement(what) for what in TAMPERING),
        "TRUNCATE audit_entries",
        "TRUNCATE audit_heads",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entries_are_kept ON audit_entries",
        "DROP TABLE audit_entries",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        refused = is_refused(engine, words)
        assert REFUSAL in refused or "permission denied" in refused or "must be owner" in refused, words
    engine.dispose()
    with as_role.app_context():
        with transaction():
            audit.record(council_id=cast.council_id, actor_id=None, action="test:ran")
        assert first_break(cast.council_id) is None
        runner = as_role.test_cli_runner()
        assert runner.invoke(args=["audit", "roles", "--check"]).exit_code == 0
        assert runner.invoke(args=["audit", "verify"]).exit_code == 0


def test_a_temporary_table_is_not_taken_for_the_end_of_the_trail(as_role: Flask, cast: Cast) -> None:
    engine = create_engine(as_role.extensions["settings"].database_url)
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE audit_heads AS SELECT * FROM audit_heads"))
        connection.execute(text("UPDATE audit_heads SET sequence = 9999"))
        with pytest.raises(ProgrammingError, match=REFUSAL):
            connection.exec_driver_sql(SLIPPED_IN.format(id=f"'{uuid4()}'", sequence=10_000))
    engine.dispose()
    assert first_break(cast.council_id) is None


def test_the_owner_of_the_tables_is_told_that_it_may_change_the_trail(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["audit", "roles", "--check"])
    assert result.exit_code == 1
    assert ("may change the trail" in result.output) or ("SQLite has no roles" in result.output)
    refused = app.test_cli_runner().invoke(args=["audit", "roles", "--role", "x; DROP TABLE y"])
    assert refused.exit_code == 1
