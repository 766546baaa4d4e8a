"""`flask records` and `flask keys sweep`: a look first, and nothing without saying that it is meant."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.models import DataKey
from app.database import db, writing
from app.records.models import Erasure
from app.young_people.models import YoungPerson
from tests.people import Cast

Run = Callable[..., Result]
REALLY = ("--why", "law", "--reason", "order of the court", "--really")


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*words: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=list(words), input=typed)

    return invoke


def forget(run: Run, *words: str, typed: str = "") -> Result:
    return run("records", "forget", "YP-1", "--council", "derwent", *words, typed=typed)


def test_without_really_it_only_says_what_would_go(cast: Cast, run: Run) -> None:
    done = forget(run)
    assert done.exit_code == 0, done.output
    assert "Who they are" in done.output
    assert "Nothing was written." in done.output
    assert "Amina" not in done.output
    assert db.session.get(YoungPerson, cast.amina) is not None


def test_the_reference_is_typed_again_and_then_it_is_done(cast: Cast, run: Run) -> None:
    assert "another reference" in forget(run, *REALLY, typed="YP-2\n").output
    assert "Say --why" in forget(run, "--really").output
    assert "Say with --reason" in forget(run, "--why", "law", "--really", typed="YP-1\n").output
    db.session.rollback()
    assert db.session.get(YoungPerson, cast.amina) is not None
    assert "They are forgotten." in forget(run, *REALLY, typed="YP-1\n").output
    db.session.rollback()
    assert db.session.get(YoungPerson, cast.amina) is None
    assert "There is no young person" in forget(run).output
    erasure = db.session.execute(select(Erasure)).scalar_one()
    assert (erasure.decided_by, erasure.reason) == (None, "order of the court")
    listed = run("records", "forgotten").output
    assert "A court or the Information Commissioner says so" in listed
    assert "Derwent Council: 0 wait for an answer" in listed


def test_a_key_without_an_owner_is_swept_once_it_is_old(cast: Cast, run: Run) -> None:
    owner = (OwnerKind.YOUNG_PERSON, uuid4())
    current_keyring().create(owner)
    assert "0 owners" in run("keys", "sweep").output
    with writing(db.engines["keys"]) as connection:
        long_ago = clock.now() - timedelta(days=31)
        connection.execute(update(DataKey).values(created_at=long_ago))
    counted = run("keys", "sweep").output
    assert "1 of kind young_person" in counted
    assert "Add --really" in counted
    assert "1 data keys are destroyed" in run("keys", "sweep", "--really").output
    with db.engines["keys"].connect() as connection:
        left = set(connection.execute(select(DataKey.owner_id)).scalars())
    assert owner[1] not in left
    assert {cast.amina, cast.council_id, cast.mentor.account_id} <= left
