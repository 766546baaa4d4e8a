from flask import Flask
from sqlalchemy import delete, select, update

from app.audit import services as audit
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import first_break
from app.database import db, transaction
from tests.people import Cast


def entries(cast: Cast) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.council_id == cast.council_id).order_by(AuditEntry.sequence)
    return list(db.session.execute(query).scalars())


def test_an_untouched_trail_is_in_order_for_each_council(cast: Cast) -> None:
    assert first_break(cast.council_id) is None
    assert first_break(cast.other_council_id) is None
    assert [entry.sequence for entry in entries(cast)] == list(range(1, len(entries(cast)) + 1))


def test_an_edited_entry_is_named(cast: Cast) -> None:
    victim = entries(cast)[3]
    with transaction():
        db.session.execute(update(AuditEntry).where(AuditEntry.id == victim.id).values(action="nothing:happened"))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:ran")
    found = first_break(cast.council_id)
    assert found is not None
    assert (found.sequence, found.reason) == (4, "an entry was changed")


def test_a_deleted_entry_is_named(cast: Cast) -> None:
    victim = entries(cast)[3]
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == victim.id))
    found = first_break(cast.council_id)
    assert found is not None
    assert (found.sequence, found.reason) == (4, "an entry is missing")


def test_a_tail_that_was_cut_off_is_noticed(cast: Cast) -> None:
    last = entries(cast)[-1]
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == last.id))
    found = first_break(cast.council_id)
    assert found is not None
    assert found.reason == "the end of the trail was cut off"


def test_a_trail_without_its_end_is_noticed(app: Flask, cast: Cast) -> None:
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.sequence > 2))
        db.session.execute(delete(AuditHead))
    found = first_break(cast.council_id)
    assert found is not None
    assert found.reason == "nothing says where the trail ends"
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "nothing says where the trail ends" in result.output


def test_the_command_names_the_broken_entry(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    victim = entries(cast)[1]
    with transaction():
        db.session.execute(update(AuditEntry).where(AuditEntry.id == victim.id).values(action="x"))
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "broken at entry 2" in result.output
