"""A database file that is damaged stops the start, before anything is served from it or written to it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app import create_app
from app.operations.readiness import check_ready
from app.settings import Settings
from tests.conftest import WITH_CAST, let_go, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast
from tests.servers import ROOT, environment_of

SQLITE_PAGE = 4096


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def zero_pages(path: Path) -> None:
    """Write nothing but zeros over every page after the first."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(SQLITE_PAGE)
        file.write(bytes(size - SQLITE_PAGE))


def zero_one_page(path: Path) -> None:
    """Write zeros over the first page of the accounts, as a failing disk would."""
    table = "accounts" if "records" in path.name else "data_keys"
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with path.open("r+b") as file:
        file.seek((number - 1) * SQLITE_PAGE)
        file.write(bytes(SQLITE_PAGE))


def no_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


HARMS = (cut_short, zero_pages, zero_one_page, no_header)
SENTENCE = "A database file is damaged: restore it from a backup before serving."


@dataclass(frozen=True)
class Damaged:
    """The settings of an app one of whose database files is damaged: where that is, and what is left in it."""

    settings: Settings
    path: Path
    left: bytes


Damage = Callable[[int, Callable[[Path], None]], Damaged]


@pytest.fixture
def damaged(databases: SqliteDatabases | PostgresDatabases, made_cast: Cast, tmp_path: Path) -> Damage:
    """Return a function that harms the records (0) or the keys (1) of an app that was ready."""
    if isinstance(databases, PostgresDatabases):
        pytest.skip("PostgreSQL looks after its own files")
    assert made_cast

    def damage(which: int, harm: Callable[[Path], None]) -> Damaged:
        urls = databases.fresh(WITH_CAST)
        path, settings = Path(make_url(urls[which]).database or ""), settings_for(urls, tmp_path)
        whole = create_app(settings)
        check_ready(whole)
        with whole.app_context():
            let_go()
        for one in urls:
            with closing(sqlite3.connect(make_url(one).database or "")) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                assert connection.execute("PRAGMA page_size").fetchone() == (SQLITE_PAGE,)
        harm(path)
        return Damaged(settings, path, path.read_bytes())

    return damage


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_database_file_stops_the_start_with_a_sentence(
    damaged: Damage, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None], which: int
) -> None:
    found, served = damaged(which, harm), list[object]()
    monkeypatch.setattr(os, "execve", lambda *words: served.append(words))
    started = create_app(found.settings).test_cli_runner().invoke(args=["serve", "--port", "1"])
    assert (started.exit_code, served) == (1, [])
    assert SENTENCE in started.output
    assert isinstance(started.exception, SystemExit)
    assert create_app(found.settings).test_client().get("/").status_code == 503
    assert found.path.read_bytes() == found.left


@pytest.mark.parametrize("which", [0, 1])
def test_a_process_that_is_to_serve_a_damaged_file_says_the_sentence_and_ends(damaged: Damage, which: int) -> None:
    found = damaged(which, zero_one_page)
    started = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", "1"],
        cwd=ROOT,
        env=environment_of(found.settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 1
    assert SENTENCE in started.stderr
    assert "Traceback" not in started.stderr
    assert found.path.read_bytes() == found.left
