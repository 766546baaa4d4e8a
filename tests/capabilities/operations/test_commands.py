import base64
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.crypto.keyring import keyring_from
from app.database import db
from app.operations.readiness import NotReadyError, check_ready
from app.young_people.models import YoungPerson
from tests.conftest import settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

WRONG = base64.b64encode(b"w" * 32).decode()
COMMANDS = (
    ["accounts", "new-council", "trent", "Trent Council"],
    ["audit", "verify"],
    ["import", "people", "people.csv"],
    ["impact", "refresh"],
    ["keys", "status"],
)


@pytest.fixture(autouse=True)
def _people_to_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("reference,first_name,last_name\nA1,Ann,Able\n")


def use_keys(app: Flask, **changes: str | None) -> None:
    app.extensions["keyring"] = keyring_from(replace(app.extensions["settings"], **changes))


def known() -> int:
    return db.session.execute(select(func.count()).select_from(YoungPerson)).scalar_one()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_with_a_wrong_key_a_command_says_so_and_writes_nothing(app: Flask, cast: Cast, command: list[str]) -> None:
    check_ready(app)
    before = known()
    use_keys(app, key_value=WRONG)
    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 1
    assert "not the one these records were sealed with" in done.output
    use_keys(app)
    assert (known(), cast.amina) == (before, cast.amina)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_key_a_command_says_where_it_should_be(app: Flask, command: list[str]) -> None:
    use_keys(app, key_value=None)
    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 1
    assert "key-encryption key is missing" in done.output
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_before_the_tables_are_made_a_command_says_what_to_run(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path, command: list[str]
) -> None:
    app = create_app(settings_for(databases.fresh(template=None), tmp_path))
    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 1
    assert "flask --app wsgi db upgrade" in done.output


def test_a_wrong_index_key_is_noticed_before_anybody_is_added_twice(app: Flask, cast: Cast) -> None:
    check_ready(app)
    use_keys(app, index_key_value=WRONG)
    with pytest.raises(NotReadyError, match="index key is not the one these records were indexed with"):
        check_ready(app)
    assert app.test_client().get("/").status_code == 503
    use_keys(app)
    check_ready(app)
    assert cast.amina


def test_a_port_that_is_taken_is_named(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = app.test_cli_runner().invoke(args=["serve", "--port", str(port)])
    assert done.exit_code == 1
    assert f"Something else answers on port {port}" in done.output
