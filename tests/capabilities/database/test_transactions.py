import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.accounts.services import create_council
from app.audit.queries import first_break
from app.checkins.models import CheckIn
from app.database import UnfinishedWorkError, db, transaction
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import write_note
from tests.conftest import SignIn, settings_for
from tests.people import Cast

WRITERS = 8
AT_ONCE = 100


def note(cast: Cast, words: str) -> None:
    write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words=words)


def notes() -> int:
    return db.session.execute(select(func.count()).select_from(Note)).scalar_one()


def test_a_block_that_fails_leaves_nothing(cast: Cast) -> None:
    def fail() -> None:
        with transaction():
            note(cast, "half a thought")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert notes() == 0
    assert first_break(cast.council_id) is None


def test_a_transaction_inside_another_is_refused(cast: Cast) -> None:
    def nest() -> None:
        with transaction():
            note(cast, "outer")
            with transaction():
                note(cast, "inner")

    with pytest.raises(UnfinishedWorkError):
        nest()
    assert notes() == 0


def test_changes_made_outside_a_transaction_are_refused(cast: Cast) -> None:
    person = db.session.get_one(YoungPerson, cast.amina)
    person.measure = "scale"
    with pytest.raises(UnfinishedWorkError), transaction():
        pass
    db.session.rollback()
    assert db.session.get_one(YoungPerson, cast.amina).measure == "faces"


def test_many_writers_at_once_all_get_their_turn_and_the_trail_stays_whole(app: Flask, cast: Cast) -> None:
    def write(number: int) -> None:
        with app.app_context(), transaction():
            note(cast, f"visit {number}")

    db.session.rollback()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(3 * WRITERS)))
    assert notes() == 3 * WRITERS
    assert first_break(cast.council_id) is None


def test_the_same_check_in_sent_a_hundred_times_at_once_is_one_row(cast: Cast, sign_in: SignIn) -> None:
    check_in_id = uuid4()
    clients = [sign_in(cast.young_person) for _ in range(AT_ONCE)]
    data = {"id": str(check_in_id), "measure": "faces", "answer": "4"}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda client: client.post("/check-ins", data=data).status_code, clients))
    assert len(set(answers)) == 1
    assert answers[0] in {200, 303}
    kept = db.session.execute(select(CheckIn).where(CheckIn.young_person_id == cast.amina)).scalars().all()
    assert [(one.id, one.answer) for one in kept] == [(check_in_id, 4.0)]


def test_where_nothing_can_be_written_the_page_says_so_and_comes_back(cast: Cast, sign_in: SignIn) -> None:
    client, data = sign_in(cast.young_person), {"id": str(uuid4()), "measure": "faces", "answer": "4"}
    turn = Path(f"{db.engine.url.database}.turn")
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no turns.")
    turn.unlink()
    turn.mkdir()
    response = client.post("/check-ins", data=data)
    assert response.status_code == 503
    assert "can’t save anything right now" in response.text
    turn.rmdir()
    assert client.post("/check-ins", data=data).status_code == 303


def test_only_its_owner_reads_a_database_file(tmp_path: Path) -> None:
    """Whoever else has an account on the server has no business with it, sealed or not."""
    names = ("records.db", "keys.db")
    urls = (f"sqlite:///{tmp_path}/{names[0]}", f"sqlite:///{tmp_path}/{names[1]}")
    before = os.umask(0o022)
    try:
        with create_app(settings_for(urls, tmp_path)).app_context():
            upgrade()
            with transaction():
                create_council(slug="derwent", name="Derwent")
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("*.db*")}
    finally:
        os.umask(before)
    files = {name + end for name in names for end in ("", "-wal", "-shm")}
    assert {name: mode for name, mode in modes.items() if name in files} == dict.fromkeys(files, 0o600)
