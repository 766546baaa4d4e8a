"""A backup is two sealed files; the drill proves that all of it can be read, and says how long each step took."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import make_url, text, update

from app.crypto.data_keys import begin_rotation
from app.crypto.envelope import TAG_BYTES, UnreadableError
from app.crypto.key_providers import make_key_file
from app.crypto.sealed_files import HEAD_BYTES, PIECE, open_file, seal_file
from app.database import db, transaction, writing
from app.operations.backups import checksum
from app.records.erasure import forget_young_person
from app.records.values import Basis, Order
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import write_note
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

Run = Callable[..., Result]
KEY = b"b" * 32


@pytest.fixture(autouse=True)
def _pg_dump_can_read_the_server(
    app: Flask, databases: SqliteDatabases | PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave the tests out where `pg_dump` is missing or older than the server: it refuses to copy a newer one's."""
    if not isinstance(databases, PostgresDatabases):
        return
    monkeypatch.setenv("PATH", databases.programs, prepend=os.pathsep)
    program = shutil.which("pg_dump")
    said = subprocess.run([program, "--version"], capture_output=True, check=True, text=True).stdout if program else ""  # noqa: S603
    version = re.search(r"(\d+)\.", said)
    assert app
    served = db.session.execute(text("SHOW server_version_num")).scalar_one()
    db.session.rollback()
    if version is None or int(version[1]) < int(served) // 10_000:
        pytest.skip("No pg_dump here is as new as the server.")


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Run a command of an app that has a backup key."""
    make_key_file(tmp_path / "backup-key")
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def made(cast: Cast, run: Run, tmp_path: Path) -> tuple[Path, Path]:
    """Write a note and back everything up."""
    with transaction():
        write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words="planted driftwood")
    done = run("backup", "--to", tmp_path / "backups")
    assert done.exit_code == 0, done.output
    return found_in(tmp_path / "backups")


def found_in(folder: Path) -> tuple[Path, Path]:
    (records,), (keys,) = folder.glob("tidemark-records-*.sealed"), folder.glob("tidemark-keys-*.sealed")
    assert len(list(folder.iterdir())) == 4
    return records, keys


def test_a_backup_says_nothing_and_its_checksums_hold(made: tuple[Path, Path]) -> None:
    for path in made:
        held = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert not any(word in held for word in (b"SQLite", b"PGDMP", b"check_ins", b"driftwood", b"audit"))
        assert path.with_suffix(".sha256").read_text() == f"{checksum(path)}  {path.name}\n"


@pytest.mark.owner
def test_the_drill_reads_everything_and_says_how_long_each_step_took(made: tuple[Path, Path], run: Run) -> None:
    done = run("restore", *made, "--check")
    assert done.exit_code == 0, done.output
    steps = re.findall(r"^ +\d+\.\d\d s  (.+)$", done.output, re.MULTILINE)
    assert {"unsealed", "every sealed value opened", "every trail walked", "from start to end"} <= set(steps)
    assert re.search(r"There: [1-9][\d,]* sealed values, [1-9]\d* entries of trails, [1-9]", done.output)
    assert "Everything in this backup can be read" in done.output


def test_a_role_that_may_not_make_databases_is_told_so(
    app: Flask, made: tuple[Path, Path], databases: SqliteDatabases | PostgresDatabases, run: Run
) -> None:
    if not isinstance(databases, PostgresDatabases):
        pytest.skip("SQLite has no roles.")
    done = run("restore", *made, "--check")
    assert (done.exit_code, "it takes a role that may create databases" in done.output) == (1, True)
    assert make_url(app.extensions["settings"].database_url).username == databases.role


@pytest.mark.owner
def test_whoever_was_forgotten_since_is_not_in_what_is_restored(cast: Cast, made: tuple[Path, Path], run: Run) -> None:
    before = run("restore", *made, "--check").output
    with transaction():
        forget_young_person(
            person=db.session.get_one(YoungPerson, cast.amina), order=Order(Basis.ASKED, "asked"), actor=None
        )
    after = run("restore", *made, "--check")
    assert after.exit_code == 0, after.output
    assert people_in(after.output) == people_in(before) - 1


def people_in(said: str) -> int:
    found = re.search(r"([\d,]+) young people", said)
    assert found is not None
    return int(found[1].replace(",", ""))


@pytest.mark.owner
def test_a_value_that_does_not_open_fails_the_drill_and_is_named(cast: Cast, run: Run, tmp_path: Path) -> None:
    with transaction():
        note = write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words="words").id
    with writing(db.engine) as connection:
        connection.execute(update(Note).where(Note.id == note).values(sealed_words=b"\x01" * 120))
    assert run("backup", "--to", tmp_path / "backups").exit_code == 0
    done = run("restore", *found_in(tmp_path / "backups"), "--check")
    assert (done.exit_code, "notes.words: 1 do not open" in done.output) == (1, True)


def test_a_restore_writes_the_databases_and_never_over_others(
    made: tuple[Path, Path], run: Run, tmp_path: Path
) -> None:
    assert run("restore", *made, "--to", tmp_path / "restored").exit_code == 0
    files = sorted(path.name for path in (tmp_path / "restored").iterdir())
    kind = "db" if db.engine.dialect.name == "sqlite" else "dump"
    assert files == [f"keys.{kind}", f"records.{kind}"]
    again = run("restore", *made, "--to", tmp_path / "restored")
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    assert run("restore", *made).exit_code == 2


@pytest.mark.parametrize("harm", [lambda held: held[:-1], lambda held: held[:100] + b"x" + held[101:]])
def test_a_backup_that_was_changed_is_refused(
    made: tuple[Path, Path], run: Run, harm: Callable[[bytes], bytes]
) -> None:
    made[0].write_bytes(harm(made[0].read_bytes()))
    done = run("restore", *made, "--check")
    assert (done.exit_code, "is not what its checksum says" in done.output) == (1, True)
    made[0].with_suffix(".sha256").unlink()
    done = run("restore", *made, "--check")
    assert (done.exit_code, "was changed or cut short" in done.output) == (1, True)


def test_without_the_right_key_nothing_is_made_or_opened(
    app: Flask, made: tuple[Path, Path], run: Run, tmp_path: Path
) -> None:
    make_key_file(tmp_path / "another")
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, backup_key_file=tmp_path / "another")
    done = run("restore", *made, "--check")
    assert (done.exit_code, "was sealed with key" in done.output) == (1, True)
    app.extensions["settings"] = replace(settings, backup_key_file=tmp_path / "none")
    done = run("backup", "--to", tmp_path / "more")
    assert (done.exit_code, "The backup key is missing" in done.output) == (1, True)


@pytest.mark.usefixtures("cast")
def test_no_backup_is_made_while_data_keys_change(run: Run, tmp_path: Path) -> None:
    begin_rotation()
    done = run("backup", "--to", tmp_path / "backups")
    assert (done.exit_code, "keys rotate --data" in done.output) == (1, True)


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_files_of_any_length_come_back_and_no_piece_can_be_left_out(length: int) -> None:
    contents, sealed = bytes(length), BytesIO()
    seal_file(KEY, (contents[at : at + 100_000] for at in range(0, length, 100_000)), sealed)
    whole = sealed.getvalue()
    assert b"".join(open_file(KEY, BytesIO(whole))) == contents
    first = whole[HEAD_BYTES : HEAD_BYTES + PIECE + TAG_BYTES]
    for cut in (whole[:-1], whole[: -len(whole[HEAD_BYTES:])], whole + b"x", whole + first, whole.replace(first, b"")):
        with pytest.raises(UnreadableError):
            list(open_file(KEY, BytesIO(cut)))


def test_a_dump_made_by_pg_dump_holds_no_planted_word(cast: Cast) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("There is no PostgreSQL in this run.")
    with transaction():
        write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words="planted driftwood")
    dumped = b""
    for engine in db.engines.values():
        url = make_url(engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
        dumped += subprocess.run(["pg_dump", "--inserts", url], capture_output=True, check=True).stdout  # noqa: S603, S607
    assert b"INSERT INTO public.notes" in dumped
    for word in ("planted driftwood", "driftwood", "Amina", "Jo Mentor", "jo@derwent.example"):
        for written in (word.encode(), word.encode().hex().encode()):
            assert written not in dumped
