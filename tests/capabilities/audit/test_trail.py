"""Whatever is done to a council's trail behind Tidemark's back, `flask audit verify` says so and says where."""

from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app import create_app
from app.audit import services as audit
from app.audit.chain import hash_of
from app.audit.guards import drop_guards
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import first_break
from app.audit.values import BrokenChain
from app.database import db, transaction, writing
from app.settings import Settings
from tests.people import Cast
from tests.side_by_side import side_by_side

pytestmark = pytest.mark.owner
CHANGES = {
    "action": "nothing:happened",
    "actor_id": uuid4(),
    "young_person_id": uuid4(),
    "record_kind": "posts",
    "record_id": uuid4(),
    "id": uuid4(),
    "previous_hash": b"x" * 32,
    "entry_hash": b"x" * 32,
}


@pytest.fixture(autouse=True)
def _unguarded(app: Flask) -> None:
    """Be somebody who owns the tables or holds the file: the database refuses them nothing."""
    assert app
    with writing(db.engine) as connection:
        drop_guards(connection)


def entries(cast: Cast) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.council_id == cast.council_id).order_by(AuditEntry.sequence)
    return list(db.session.execute(query).scalars())


def set_on(entry: AuditEntry, **values: object) -> None:
    db.session.execute(update(AuditEntry).where(AuditEntry.id == entry.id).values(**values))


def go_on(cast: Cast) -> None:
    audit.record(council_id=cast.council_id, actor_id=None, action="test:ran")


def test_an_untouched_trail_is_in_order_for_each_council(cast: Cast) -> None:
    assert first_break(cast.council_id) is None
    assert first_break(cast.other_council_id) is None
    assert [entry.sequence for entry in entries(cast)] == list(range(1, len(entries(cast)) + 1))


@pytest.mark.parametrize("field", CHANGES)
def test_an_edited_entry_is_named(cast: Cast, field: str) -> None:
    victim = entries(cast)[3]
    with transaction():
        set_on(victim, **{field: CHANGES[field]})
        go_on(cast)
    assert first_break(cast.council_id) == BrokenChain(4, "an entry was changed")


def test_an_entry_that_was_edited_with_its_hash_is_named(cast: Cast) -> None:
    victim = entries(cast)[3]
    with transaction():
        victim.action = "nothing:happened"
        victim.entry_hash = hash_of(victim)
        go_on(cast)
    assert first_break(cast.council_id) == BrokenChain(4, "an entry was changed, and its hash with it")


@pytest.mark.parametrize("place", [1, 4])
def test_a_deleted_entry_is_named(cast: Cast, place: int) -> None:
    victim = entries(cast)[place - 1]
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == victim.id))
        go_on(cast)
    assert first_break(cast.council_id) == BrokenChain(place, "an entry is missing")


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 6)])
def test_entries_that_were_put_in_another_order_are_named(cast: Cast, one: int, other: int) -> None:
    first, second = entries(cast)[one - 1], entries(cast)[other - 1]
    with transaction():
        set_on(first, sequence=-1)
        set_on(second, sequence=one)
        set_on(first, sequence=other)
        go_on(cast)
    assert first_break(cast.council_id) == BrokenChain(one, f"entry {other} was moved here")


def test_a_gap_closed_by_moving_the_rest_up_is_named(cast: Cast) -> None:
    found = entries(cast)
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == found[3].id))
        for entry in found[4:]:
            set_on(entry, sequence=entry.sequence - 1)
    assert first_break(cast.council_id) == BrokenChain(4, "entry 5 was moved here")


def test_a_tail_that_was_cut_off_is_noticed(cast: Cast) -> None:
    last = entries(cast)[-1]
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == last.id))
    assert first_break(cast.council_id) == BrokenChain(last.sequence, "the end of the trail was cut off")


def test_a_trail_without_its_end_is_noticed(app: Flask, cast: Cast) -> None:
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.sequence > 2))
        db.session.execute(delete(AuditHead))
    assert first_break(cast.council_id) == BrokenChain(3, "nothing says where the trail ends")
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "nothing says where the trail ends" in result.output


def test_the_command_names_the_broken_entry(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "guard"]).exit_code == 0
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    db.session.rollback()
    with writing(db.engine) as connection:
        drop_guards(connection)
    with transaction():
        set_on(entries(cast)[1], action="x")
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "broken at entry 2: an entry was changed" in result.output


WORKERS, EACH = 3, 12


def give_up(number: int) -> None:
    if number % 3 == 2:
        raise TimeoutError


def write_entries(settings: Settings, councils: list[UUID], worker: int) -> int:
    """Write to both councils' trails in turn, each entry in a transaction of its own; one in three is given up.

    Return how many were tried for each.
    """
    app = create_app(settings)
    with app.app_context():
        for number in range(EACH):
            for council_id in councils:
                with suppress(TimeoutError), transaction():
                    audit.record(council_id=council_id, actor_id=None, action=f"worker:{worker}.{number}")
                    give_up(number)
    return EACH


def test_workers_that_write_at_once_make_one_chain_for_each_council(app: Flask, cast: Cast) -> None:
    councils = [cast.council_id, cast.other_council_id]
    settings = app.extensions["settings"]
    written = side_by_side(write_entries, [(settings, councils, number) for number in range(WORKERS)])
    assert written == [EACH] * WORKERS
    kept = [number for number in range(EACH) if number % 3 != 2]
    expected = sorted(f"worker:{worker}.{number}" for worker in range(WORKERS) for number in kept)
    db.session.rollback()
    for council_id in councils:
        query = select(AuditEntry.action).where(AuditEntry.council_id == council_id, AuditEntry.action.like("worker:%"))
        assert sorted(db.session.execute(query).scalars()) == expected
        assert first_break(council_id) is None
