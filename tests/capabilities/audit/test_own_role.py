"""On PostgreSQL every test's app runs under the role that `audit roles` makes; here, what that must and must not do."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.crypto.keyring import keyring_from
from app.database import Base, db
from app.records.models import Erasure
from app.young_people.models import YoungPerson
from tests.capabilities.records.whole_life import plant_everything
from tests.conftest import SignIn
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.house_rules.valid_forms import NEW
from tests.people import PASSWORD, Cast

Run = Callable[..., Result]
REFUSED = (
    "UPDATE audit_entries SET action = 'x' WHERE sequence = 2",
    "DELETE FROM audit_entries WHERE sequence = 2",
    "TRUNCATE audit_entries",
    "UPDATE audit_heads SET council_id = council_id",
    "DELETE FROM audit_heads",
    "TRUNCATE audit_heads CASCADE",
    "DROP TRIGGER audit_entries_are_kept ON audit_entries",
    "CREATE TABLE of_its_own (id int)",
)
FORMS = (
    ("young_person", "/check-ins", {"id": NEW, "measure": "faces", "answer": "4"}),
    ("young_person", "/goals/new", {"title": "Swim", "rating": "3", "audience": "mentor"}),
    ("young_person", "/help-now/ask", {"words": "Please ring me"}),
    ("parent_carer", "/how-i-am", {"id": NEW, "answer": "8"}),
    ("mentor", "/young-people/{amina}/note", {"words": "Rang school"}),
    ("council_staff", "/providers", {"name": "River Trust"}),
)
"""A few; `test_extra_fields` sends every one under this role."""
ROUND = (
    ("prompts", "send"),
    ("retention", "run"),
    ("keys", "rotate", "--data"),
    ("keys", "verify"),
    ("accounts", "new-council", "severn", "Severn Council"),
    ("records", "forget", "YP-1", "--council", "derwent", "--why", "asked", "--reason", "asked", "--really"),
    ("impact", "refresh", "--at-once"),
    ("audit", "anchor"),
    ("audit", "verify"),
    ("audit", "roles", "--check"),
)
"""Every command that a council lets run by the clock, and those that delete or seal anew."""


@pytest.fixture(autouse=True)
def _is_that_role(app: Flask, databases: SqliteDatabases | PostgresDatabases) -> None:
    if not isinstance(databases, PostgresDatabases):
        pytest.skip("SQLite has no roles.")
    assert app
    who = db.session.execute(text("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")).one()
    assert tuple(who) == (databases.role, False)
    db.session.rollback()


def is_refused(words: str) -> bool:
    with pytest.raises(DBAPIError) as refused, db.engine.begin() as connection:
        connection.exec_driver_sql(words)
    return any(said in str(refused.value.orig) for said in ("permission denied", "must be owner"))


def count(kind: type[Base]) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(kind)).scalar_one()


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a function that runs a command of ours with keys that are not remembered."""
    app.extensions["settings"] = replace(app.extensions["settings"], keys_remembered=0.0)
    app.extensions["keyring"] = keyring_from(app.extensions["settings"])
    return lambda *words: app.test_cli_runner().invoke(args=list(words), input="YP-1\n")


def test_pages_of_every_role_write_and_the_trail_is_only_added_to(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    before = count(AuditEntry)
    mentor = app.test_client()
    right = {"email": "jo@derwent.example", "password": PASSWORD}
    assert mentor.post("/c/derwent/sign-in", data=right).status_code == 303
    for who, path, sent in FORMS:
        assert sign_in(cast.everybody[who]).post(path.format(amina=cast.amina), data=sent).status_code == 303, path
    phone, post = sign_in(cast.young_person), str(uuid4())
    assert phone.post("/posts/new", data={"id": post, "words": "Swans", "audience": "mentor"}).status_code == 303
    assert sign_in(cast.mentor).post(f"/posts/{post}/replies", data={"words": "How many?"}).status_code == 303
    assert phone.post(f"/posts/{post}/delete").status_code == 303
    assert phone.post("/profile/edit", data={"important": "Swans"}).status_code == 303
    assert count(AuditEntry) > before + len(FORMS)
    assert first_break(cast.council_id) is None
    assert [words for words in REFUSED if not is_refused(words)] == []
    assert first_break(cast.council_id) is None


def test_commands_add_change_and_delete_rows_of_every_table(cast: Cast, run: Run) -> None:
    assert len(plant_everything(cast)) >= 40
    for words in ROUND:
        done = run(*words)
        assert done.exit_code == 0, f"{words}: {done.output}"
    assert (count(Erasure), db.session.get(YoungPerson, cast.amina)) == (1, None)
    assert db.session.get(Account, cast.young_person.account_id) is None
    assert [words for words in REFUSED if not is_refused(words)] == []
    assert run("audit", "verify").exit_code == 0


def test_what_the_owner_makes_later_the_role_uses_too(
    app: Flask, databases: SqliteDatabases | PostgresDatabases
) -> None:
    assert isinstance(databases, PostgresDatabases)
    owner = create_engine(databases.for_the_owner(app.extensions["settings"].database_url))
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE made_later (id int)")
    owner.dispose()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO made_later VALUES (1)")
        connection.exec_driver_sql("UPDATE made_later SET id = 2")
        assert connection.exec_driver_sql("DELETE FROM made_later").rowcount == 1
