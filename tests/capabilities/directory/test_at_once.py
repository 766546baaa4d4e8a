"""What is sent twice at once is done once: a tie that is ended is ended, and so is an emergency."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.audit import services as audit
from app.database import db, transaction
from app.young_people.models import EmergencyAccess, Relationship
from app.young_people.values import Tie
from tests.conftest import SignIn
from tests.people import Cast

REASON = "Did not come home; the police ask."


def at_once(client: FlaskClient, path: str, sent: dict[str, str]) -> list[int]:
    """Send a form four times at the same moment."""
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda one: one.post(path, data=sent).status_code, [client] * 4))


def test_a_tie_that_was_made_twice_at_once_is_one_and_ends_at_once(cast: Cast, sign_in: SignIn) -> None:
    desk, path = sign_in(cast.council_staff), f"/young-people/{cast.amina}"
    sent = {"account": f"{cast.unrelated_mentor.account_id}:mentor"}
    assert set(at_once(desk, f"{path}/ties", sent)) == {303}
    mine = select(Relationship.id).where(Relationship.account_id == cast.unrelated_mentor.account_id)
    made: list[UUID] = list(db.session.execute(mine.where(Relationship.young_person_id == cast.amina)).scalars())
    mentor = sign_in(cast.unrelated_mentor)
    assert mentor.get(path).status_code == 200
    assert len(made) == 1
    assert desk.post(f"{path}/ties/{made[0]}/end").status_code == 303
    assert mentor.get(path).status_code == 404


def test_of_two_ties_that_say_the_same_none_is_left(cast: Cast, sign_in: SignIn) -> None:
    """As they were made at once, before that made one."""
    with transaction():
        for _ in range(2):
            tie = Relationship(council_id=cast.council_id, young_person_id=cast.amina, tie=Tie.MENTOR)
            tie.account_id, tie.started_at = cast.unrelated_mentor.account_id, clock.now()
            db.session.add(tie)
        council, amina = cast.council_id, cast.amina
        audit.record(council_id=council, actor_id=None, action="relationship:started", young_person_id=amina)
    mine = select(Relationship.id).where(Relationship.account_id == cast.unrelated_mentor.account_id)
    made = db.session.execute(mine.where(Relationship.young_person_id == cast.amina)).scalars().first()
    mentor, path = sign_in(cast.unrelated_mentor), f"/young-people/{cast.amina}"
    assert mentor.get(path).status_code == 200
    assert sign_in(cast.council_staff).post(f"{path}/ties/{made}/end").status_code == 303
    assert mentor.get(path).status_code == 404


def test_an_emergency_that_was_opened_twice_at_once_is_one_and_ends_at_once(cast: Cast, sign_in: SignIn) -> None:
    desk, path = sign_in(cast.council_staff), f"/young-people/{cast.amina}"
    answers = at_once(desk, "/emergency-access", {"reference": "YP-1", "reason": REASON})
    assert sorted(answers) == [303, 422, 422, 422]
    assert len(db.session.execute(select(EmergencyAccess.id)).all()) == 1
    assert desk.post(f"{path}/emergency-access/end").status_code == 303
    assert desk.get(path).status_code == 404
