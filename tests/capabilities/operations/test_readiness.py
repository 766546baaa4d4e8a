import base64
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.crypto.keyring import keyring_from
from app.database import sqlite_engines
from app.operations.readiness import NotReadyError, check_ready, has_checkpoint_fault
from app.settings import UnsafeSettingsError, load_settings
from tests.conftest import settings_for
from tests.databases import PostgresDatabases, SqliteDatabases

ROOT = Path(__file__).parents[3]


def app_with(databases: SqliteDatabases | PostgresDatabases, folder: Path, **changes: object) -> Flask:
    settings = settings_for(databases.for_the_app(databases.fresh()), folder)
    return create_app(replace(settings, **changes))  # type: ignore[arg-type]


def test_it_is_ready_with_the_right_keys_twice(app: Flask) -> None:
    check_ready(app)
    check_ready(app)


def test_the_first_requests_of_all_may_come_at_once(app: Flask) -> None:
    def first_request(_: int) -> int:
        return app.test_client().get("/healthy").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(first_request, range(8))) == {200}


def test_a_missing_key_file_stops_it_with_a_sentence(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    app = app_with(databases, tmp_path, key_value=None)
    with pytest.raises(NotReadyError, match=r"key-encryption key is missing.*flask keys new"):
        check_ready(app)
    assert app.test_client().get("/").status_code == 503


def test_a_key_file_that_others_can_read_is_refused(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    path.write_text(base64.b64encode(b"k" * 32).decode())
    path.chmod(0o644)
    with pytest.raises(NotReadyError, match="must be 0400"):
        check_ready(app_with(databases, tmp_path, key_value=None))


def test_a_wrong_key_stops_it_with_a_sentence_and_changes_nothing(app: Flask) -> None:
    check_ready(app)
    wrong = replace(app.extensions["settings"], key_value=base64.b64encode(b"w" * 32).decode())
    app.extensions["keyring"] = keyring_from(wrong)
    with pytest.raises(NotReadyError, match="not the one these records were sealed with"):
        check_ready(app)
    assert app.test_client().get("/").status_code == 503
    app.extensions["keyring"] = keyring_from(replace(wrong, key_value=base64.b64encode(b"k" * 32).decode()))
    check_ready(app)


def test_an_empty_database_stops_it_with_a_sentence(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    app = create_app(settings_for(databases.fresh(template=None), tmp_path))
    with pytest.raises(NotReadyError, match="db upgrade"):
        check_ready(app)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"TIDEMARK_DEMO": "1"}, "Demo mode signs people in without a password"),
        ({"TIDEMARK_SECRET_KEY": "short"}, "TIDEMARK_SECRET_KEY"),
        ({"TIDEMARK_TRUSTED_HOSTS": ""}, "TIDEMARK_TRUSTED_HOSTS"),
        ({"TIDEMARK_KEYS_DATABASE_URL": "sqlite:///a.db"}, "keys need a database of their own"),
        ({"TIDEMARK_CLAMD": "scanner.example:3310"}, "go to the scanner unprotected"),
        ({"TIDEMARK_ENVIRONMENT": "prod"}, "cannot be used"),
    ],
)
def test_production_refuses_unsafe_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    good = {
        "TIDEMARK_ENVIRONMENT": "production",
        "TIDEMARK_SECRET_KEY": "x" * 40,
        "TIDEMARK_TRUSTED_HOSTS": "tidemark.example",
        "TIDEMARK_DATABASE_URL": "sqlite:///a.db",
        "TIDEMARK_KEYS_DATABASE_URL": "sqlite:///b.db",
    }
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    assert load_settings(tmp_path).is_production
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnsafeSettingsError, match=sentence):
        load_settings(tmp_path)


def test_help_needs_neither_keys_nor_database(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "TIDEMARK_DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
        "TIDEMARK_KEYS_DATABASE_URL": f"sqlite:///{tmp_path}/none-either.db",
        "TIDEMARK_KEY_FILE": str(tmp_path / "no-key"),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "impact", "estimate", "--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert "--check-ins" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_loads_the_app_without_keys_says_one_sentence(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "TIDEMARK_SECRET_KEY": "x" * 40,
        "TIDEMARK_DATABASE_URL": f"sqlite:///{tmp_path}/records.db",
        "TIDEMARK_KEYS_DATABASE_URL": f"sqlite:///{tmp_path}/keys.db",
        "TIDEMARK_KEY_FILE": str(tmp_path / "no-key"),
    }
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Tidemark does not start. ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_versions_of_sqlite_with_the_checkpoint_fault_are_known(version: tuple[int, ...], *, faulty: bool) -> None:
    assert has_checkpoint_fault(version) is faulty


def test_serving_warns_of_a_sqlite_with_the_checkpoint_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = app.test_cli_runner().invoke(args=["serve", "--port", str(taken.getsockname()[1])])
    assert ("can spoil a file when two programs checkpoint" in done.output) is bool(sqlite_engines())
    assert "Something else answers on port" in done.output
