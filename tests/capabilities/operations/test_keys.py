"""Changing keys while people write: nothing is lost, nothing stays readable under a key that was retired."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from app import clock, create_app
from app.audit.models import AuditEntry
from app.crypto import data_keys
from app.crypto.data_keys import unfinished_rotation
from app.crypto.envelope import UnreadableError, WrongKeyError, key_version
from app.crypto.fields import UNREADABLE
from app.crypto.key_providers import read_key_file, replace_key_file
from app.crypto.keyring import OwnerKind, current_keyring, keyring_from
from app.crypto.models import DataKey, KeyCheck
from app.crypto.sealed_columns import sealed_column
from app.database import db, transaction, writing
from app.operations.key_rotation import rotate_data_keys
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import write_note
from bench.key_rotation import rotate_under_load
from tests.conftest import KEY, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

Run = Callable[..., Result]


def quietly(_label: str, _length: int) -> nullcontext[Callable[[int], None]]:
    return nullcontext(lambda _count: None)


@pytest.fixture
def remembered_briefly(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], keys_remembered=0.0)
    app.extensions["keyring"] = keyring_from(app.extensions["settings"])


@pytest.fixture
def key_file(app: Flask, tmp_path: Path) -> Path:
    """Let the app take the key that everything is sealed with from a file."""
    path = tmp_path / "kek"
    path.write_text(KEY + "\n")
    path.chmod(0o400)
    settings = replace(app.extensions["settings"], key_file=path, key_value=None, keys_remembered=0.0)
    app.extensions["settings"], app.extensions["keyring"] = settings, keyring_from(settings)
    return path


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["keys", *words])


def note_of(cast: Cast, words: str) -> UUID:
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        return write_note(viewer=cast.mentor, access=access, words=words).id


def words_of(note_id: UUID) -> str:
    db.session.expire_all()
    return db.session.get_one(Note, note_id).words


def versions_of(owner_id: UUID) -> list[int]:
    with db.engines["keys"].connect() as connection:
        return sorted(connection.execute(select(DataKey.version).where(DataKey.owner_id == owner_id)).scalars())


def sealed_under(note_id: UUID) -> int:
    column = sealed_column(Note, "words")
    sealed = db.session.execute(select(column).where(Note.id == note_id)).scalar_one()
    assert sealed is not None
    return key_version(sealed)


@pytest.mark.usefixtures("remembered_briefly")
def test_new_data_keys_open_everything_and_the_old_are_gone(cast: Cast, run: Run) -> None:
    note = note_of(cast, "went to the shop")
    before = db.session.execute(select(sealed_column(Note, "words")).where(Note.id == note)).scalar_one()
    assert before is not None
    done = run("rotate", "--data")
    assert done.exit_code == 0, done.output
    assert (sealed_under(note), versions_of(cast.amina), words_of(note)) == (2, [2], "went to the shop")
    assert run("verify").exit_code == 0
    assert "0 data keys were wrapped anew" in done.output
    row = db.session.get_one(Note, note)
    owner, place = row.key_owner, row.place_of("words")
    with pytest.raises(UnreadableError):
        current_keyring().unseal(owner, place, before)


@pytest.mark.usefixtures("remembered_briefly")
def test_a_rotation_stopped_half_way_goes_on_and_makes_no_key_twice(
    cast: Cast, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = note_of(cast, "went to the shop")

    class PowerCutError(RuntimeError):
        pass

    def cut(_seconds: float) -> None:
        raise PowerCutError

    monkeypatch.setattr(data_keys, "SETTLED_AFTER", 10)
    current_keyring().remembered = 60.0
    with pytest.raises(PowerCutError):
        rotate_data_keys(bar=quietly, wait=cut)
    assert (versions_of(cast.amina), words_of(note)) == ([1, 2], "went to the shop")
    assert "is not finished" in run("status").output
    rotate_data_keys(bar=quietly, wait=lambda _seconds: None)
    assert (versions_of(cast.amina), words_of(note), unfinished_rotation()) == ([2], "went to the shop", None)


@pytest.mark.usefixtures("remembered_briefly")
def test_a_server_that_still_has_the_old_key_in_mind_loses_nothing(app: Flask, cast: Cast) -> None:
    """Another process seals under the old key until it forgets it, and opens what is sealed under the new one."""
    server = keyring_from(replace(app.extensions["settings"], keys_remembered=60.0))
    owner = db.session.get_one(YoungPerson, cast.amina).key_owner
    note = note_of(cast, "first")
    place = db.session.get_one(Note, note).place_of("words")
    assert server.newest_version(owner) == 1

    def meanwhile(_seconds: float) -> None:
        with writing(db.engine) as connection:
            sealed = server.seal(owner, place, b"written meanwhile")
            assert key_version(sealed) == 1
            connection.execute(update(Note).where(Note.id == note).values({sealed_column(Note, "words"): sealed}))

    current_keyring().remembered = 60.0
    rotate_data_keys(bar=quietly, wait=meanwhile)
    assert (words_of(note), sealed_under(note)) == ("written meanwhile", 2)
    sealed = db.session.execute(select(sealed_column(Note, "words")).where(Note.id == note)).scalar_one()
    assert sealed is not None
    assert server.unseal(owner, place, sealed) == b"written meanwhile"


@pytest.mark.usefixtures("remembered_briefly")
def test_the_old_key_stays_while_a_value_of_it_does_not_open(cast: Cast, run: Run) -> None:
    note, other = note_of(cast, "went to the shop"), note_of(cast, "and back")
    whole = db.session.execute(select(sealed_column(Note, "words")).where(Note.id == note)).scalar_one()
    assert whole is not None
    with writing(db.engine) as connection:
        broken = whole[:-1] + bytes([whole[-1] ^ 1])
        connection.execute(update(Note).where(Note.id == note).values({sealed_column(Note, "words"): broken}))
    done = run("rotate", "--data")
    assert done.exit_code == 1
    assert "notes.words: 1 cannot be opened" in done.output
    assert (versions_of(cast.amina), words_of(note), words_of(other)) == ([1, 2], UNREADABLE, "and back")
    assert run("verify").exit_code == 1
    with writing(db.engine) as connection:
        connection.execute(update(Note).where(Note.id == note).values({sealed_column(Note, "words"): whole}))
    assert run("rotate", "--data").exit_code == 0
    assert (words_of(note), versions_of(cast.amina)) == ("went to the shop", [3])


@pytest.mark.usefixtures("remembered_briefly")
def test_a_rotation_is_told_to_every_council_s_audit_trail(cast: Cast, run: Run) -> None:
    assert run("rotate", "--data").exit_code == 0
    query = select(AuditEntry.council_id, AuditEntry.action).where(AuditEntry.action.startswith("keys:"))
    told = {tuple(row) for row in db.session.execute(query)}
    councils = (cast.council_id, cast.other_council_id)
    assert told == {(council, f"keys:rotation_{what}") for council in councils for what in ("begun", "finished")}


def test_the_next_key_takes_over_and_the_old_one_is_retired(key_file: Path, cast: Cast, run: Run) -> None:
    assert run("status").exit_code == 0
    (old,) = read_key_file(key_file, "key")
    note = note_of(cast, "went to the shop")
    assert "is now first" in run("new", "--next").output
    assert key_file.stat().st_mode & 0o777 == 0o400
    assert "run `keys rotate`" in run("status").output
    refused = run("retire")
    assert (refused.exit_code, "run `flask --app wsgi keys rotate` first" in refused.output) == (1, True)
    assert run("rotate").exit_code == 0
    assert run("retire").exit_code == 0
    (current,) = read_key_file(key_file, "key")
    assert current != old
    assert words_of(note) == "went to the shop"
    assert run("status").exit_code == 0
    replace_key_file(key_file, [old])
    current_keyring().read_keys_again()
    with pytest.raises(WrongKeyError):
        current_keyring().load(OwnerKind.YOUNG_PERSON, [cast.amina])


def test_a_server_reads_the_key_file_again_for_a_key_it_does_not_know(app: Flask, key_file: Path, run: Run) -> None:
    assert run("status").exit_code == 0
    server = keyring_from(replace(app.extensions["settings"], keys_remembered=600.0))
    first = server.provider.current_id()
    assert run("new", "--next").exit_code == 0
    assert run("rotate").exit_code == 0
    server.check()
    assert server.provider.current_id() != first
    assert key_file.exists()


def test_a_key_is_not_retired_while_a_server_may_still_wrap_with_it(key_file: Path, run: Run) -> None:
    assert run("new", "--next").exit_code == 0
    assert run("rotate").exit_code == 0
    with writing(db.engines["keys"]) as connection:
        connection.execute(update(KeyCheck).values(created_at=clock.now()))
    current_keyring().remembered = 60.0
    refused = run("retire")
    assert (refused.exit_code, "Servers may use the older key" in refused.output) == (1, True)
    with writing(db.engines["keys"]) as connection:
        connection.execute(update(KeyCheck).values(created_at=clock.now() - timedelta(minutes=3)))
    assert run("retire").exit_code == 0
    assert len(read_key_file(key_file, "key")) == 1


@pytest.mark.usefixtures("remembered_briefly")
def test_a_key_from_the_environment_is_changed_there(run: Run) -> None:
    for words in (("new", "--next"), ("retire",)):
        refused = run(*words)
        assert (refused.exit_code, "TIDEMARK_KEY" in refused.output) == (1, True)


def test_verify_reads_every_sealed_value(cast: Cast, run: Run) -> None:
    note_of(cast, "went to the shop")
    done = run("verify")
    assert done.exit_code == 0
    people = db.session.execute(select(func.count()).select_from(YoungPerson)).scalar_one()
    read = int(done.output.splitlines()[-1].split()[0])
    assert read > people
    assert "0 do not open" in done.output


def test_nothing_is_lost_when_it_is_killed_half_way_while_check_ins_arrive(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    urls = databases.fresh()
    app = create_app(replace(settings_for(urls, tmp_path), key_value=KEY, index_key_value=KEY))
    found = rotate_under_load(app, urls, 1_500, tmp_path)
    assert found.is_good, found
