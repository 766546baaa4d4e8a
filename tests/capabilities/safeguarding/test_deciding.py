"""What was decided on a call for help: written down once, added to, told where it may be, and missed where it lacks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.safeguarding.cover import same_hours
from app.safeguarding.models import Concern, ConcernDecision
from app.safeguarding.services import acknowledge, pass_on, raise_concern, set_rules
from app.safeguarding.values import Rules
from app.young_people.queries import own_access, young_person_for
from tests.capabilities.safeguarding.cover_rules import read
from tests.conftest import SignIn
from tests.people import Cast

WHY = "Amina said that the shouting has stopped. Her aunt stays until Sunday."
TALKED = "Jo talked with you."


@pytest.fixture
def call(cast: Cast) -> UUID:
    """A call for help that the mentor took on today; Colin covers."""
    cover = frozenset({cast.council_staff.account_id})
    hours = same_hours(frozenset(range(7)), time(0), time(23, 59))
    with transaction():
        set_rules(viewer=cast.council_staff, rules=Rules((), hours, timedelta(hours=4), cover))
        concern_id = raise_concern(viewer=cast.young_person, access=own_access(cast.young_person), words="planted").id
    with transaction():
        acknowledge(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), concern_id=concern_id)
    return concern_id


def sent(**changed: object) -> dict[str, object]:
    answers: dict[str, object] = {"decision_id": str(uuid4()), "done": ["talked"], "why": WHY, "now": "closed"}
    return answers | changed


def days_on(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def decisions() -> list[ConcernDecision]:
    db.session.rollback()
    return list(db.session.execute(select(ConcernDecision).order_by(ConcernDecision.at)).scalars())


def taken_on(at: datetime) -> None:
    with transaction():
        db.session.execute(update(Concern).values(acknowledged_at=at))


def test_of_several_who_take_it_on_at_once_the_first_stands(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    with transaction():
        db.session.execute(update(Concern).values(acknowledged_at=None, acknowledged_by=None))
        assert pass_on(call)
    mentor, cover = f"/young-people/{cast.amina}/concerns/{call}/acknowledge", f"/calls-for-help/{call}/take"
    taken = [*[(cast.mentor, mentor)] * 4, *[(cast.council_staff, cover)] * 4]
    desks = [(sign_in(viewer), path) for viewer, path in taken]
    db.session.rollback()
    query = select(AuditEntry.actor_id).where(AuditEntry.action == "concern:acknowledged").order_by(AuditEntry.sequence)
    before = len(db.session.execute(query).all())
    db.session.rollback()
    with ThreadPoolExecutor(len(desks)) as pool:
        answers = list(pool.map(lambda one: one[0].post(one[1]).status_code, desks))
    assert set(answers) == {303}
    (first,) = db.session.execute(query).scalars().all()[before:]
    assert db.session.execute(select(Concern.acknowledged_by)).scalar_one() == first


def test_taking_it_on_leads_to_where_it_is_decided(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    desk, path = sign_in(cast.mentor), f"/calls-for-help/{call}"
    taken = desk.post(f"/young-people/{cast.amina}/concerns/{call}/acknowledge")
    assert taken.headers["Location"] == path
    assert desk.post(path, data=sent()).status_code == 303
    (made,) = decisions()
    assert (made.done, made.why, made.look_again_on, made.is_told) == (["talked"], WHY, None, False)
    assert made.decided_by == cast.mentor.account_id
    page = read(desk, path)
    for words in ("Amina asked for help.", "Jo Mentor took it on.", "Jo Mentor decided: Talked with", WHY, "Closed."):
        assert words in page
    assert "Amina is not told of this here." in page
    actions = select(AuditEntry.action).where(AuditEntry.record_id == made.id)
    assert list(db.session.execute(actions).scalars()) == ["concern:decided"]
    held = repr(db.session.execute(text("select * from concern_decisions")).all())
    assert "aunt" not in held
    assert "talked" not in held


def test_it_is_added_to_and_what_stood_there_stays(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    desk, path = sign_in(cast.mentor), f"/calls-for-help/{call}"
    first = sent(now="open", look_again_on=days_on(3))
    for _ in range(2):
        assert desk.post(path, data=first).status_code == 303
    assert desk.post(path, data=first | {"why": "Something else"}).status_code == 303
    assert [one.why for one in decisions()] == [WHY]
    assert desk.post(path, data=sent(why="All is well.", done=["nothing_more"])).status_code == 303
    assert [one.why for one in decisions()] == [WHY, "All is well."]
    page = read(desk, path)
    assert page.index(WHY) < page.index("All is well.")
    timeline = read(desk, f"/young-people/{cast.amina}")
    assert "Calls for help that are closed" in timeline


def test_the_young_person_reads_what_is_next_only_where_they_may(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    phone, desk, path = sign_in(cast.young_person), sign_in(cast.mentor), f"/calls-for-help/{call}"
    desk.post(path, data=sent(done=["talked_parent_carer", "social_care"], now="open", look_again_on=days_on(9)))
    assert "Read what happens next." not in read(phone, "/home")
    help_now = read(phone, "/help-now")
    for words in ("social workers", "your parent or carer.", "looks at this again"):
        assert words not in help_now
    desk.post(path, data=sent(now="open", look_again_on=days_on(9), is_told="y"))
    assert "Read what happens next." in read(phone, "/home")
    help_now = read(phone, "/help-now")
    assert TALKED in help_now
    assert "Next: Jo looks at this again on" in help_now
    assert WHY not in help_now
    assert "social workers" not in help_now
    assert f"Amina reads: “{TALKED}" in read(desk, path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"done": []}, "Choose what was done"),
        ({"why": "  "}, "Write down what was decided, and why."),
        ({"why": "a" * 4001}, "There is room for 4,000 letters."),
        ({"now": "open", "look_again_on": ""}, "Say below on which day it is looked at again."),
        ({"now": "open", "look_again_on": "soon"}, "Not a valid date value."),
        ({"now": "open"}, "Say below on which day it is looked at again."),
        ({"now": ""}, "Choose whether it stays open."),
        ({"now": "open", "look_again_on": "2020-01-01"}, "Choose a day from tomorrow on"),
        ({"look_again_on": "2020-01-01"}, "A closed call is not looked at again."),
        ({"done": ["nothing_more", "social_care"]}, "A referral or a call to 999 is further action."),
        (
            {"done": ["nothing_more"], "now": "open", "look_again_on": "2020-01-01"},
            "With no further action it is closed.",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn, call: UUID, change: dict[str, object], sentence: str
) -> None:
    answer = sign_in(cast.mentor).post(f"/calls-for-help/{call}", data=sent() | change)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    if "why" not in change:
        assert WHY in unescape(answer.text)
    assert decisions() == []


def test_who_may_not_see_the_call_finds_nothing(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    path = f"/calls-for-help/{call}"
    assert "planted" not in read(sign_in(cast.council_staff), "/calls-for-help")
    for name, viewer in cast.everybody.items():
        if name != "mentor":
            client = sign_in(viewer)
            assert (client.get(path).status_code, client.post(path, data=sent()).status_code) == (404, 404), name
    assert decisions() == []


def test_nothing_is_decided_before_somebody_took_it_on(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    with transaction():
        db.session.execute(update(Concern).values(acknowledged_at=None, acknowledged_by=None))
    desk, path = sign_in(cast.mentor), f"/calls-for-help/{call}"
    assert "Nobody has taken it on yet." in read(desk, path)
    assert desk.post(path, data=sent()).status_code == 404


def test_without_a_decision_it_stands_with_the_mentor_and_with_those_who_cover(
    cast: Cast, sign_in: SignIn, call: UUID
) -> None:
    desk, staff, path = sign_in(cast.mentor), sign_in(cast.council_staff), f"/calls-for-help/{call}"
    wanted = "write down what was decided"
    taken_on(clock.now() - timedelta(days=4, hours=23))
    assert wanted not in read(desk, "/caseload")
    assert wanted not in read(staff, "/calls-for-help")
    assert wanted in read(desk, f"/young-people/{cast.amina}")
    taken_on(clock.now() - timedelta(days=5, minutes=1))
    assert wanted in read(desk, "/caseload")
    assert wanted in read(staff, "/calls-for-help")
    for viewer in (cast.parent_carer, cast.unrelated_mentor):
        assert wanted not in read(sign_in(viewer), "/caseload")
    assert "planted" in read(staff, path)
    assert "Colin can see it too if nobody says what is next within 5 days." in read(
        sign_in(cast.young_person), "/help-now"
    )
    desk.post(path, data=sent(now="open", look_again_on=days_on(1)))
    assert wanted not in read(desk, "/caseload")
    assert staff.get(path).status_code == 404


def test_it_comes_back_on_the_day_it_is_to_be_looked_at_again(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    desk, staff, path = sign_in(cast.mentor), sign_in(cast.council_staff), f"/calls-for-help/{call}"
    desk.post(path, data=sent(now="open", look_again_on=days_on(1)))
    assert "look at it again, due" not in read(desk, "/caseload")
    with transaction():
        db.session.execute(update(ConcernDecision).values(look_again_on=clock.today()))
    assert "look at it again, due" in read(desk, "/caseload")
    assert staff.post(path, data=sent(why="Seen to.")).status_code == 303
    assert "look at it again, due" not in read(desk, "/caseload")
    assert "Colin Staff decided" in read(staff, path)


def test_who_took_on_what_was_passed_on_decides_it(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        rules = Rules((), same_hours(frozenset(range(7)), time(0), time(23, 59)), timedelta(hours=1), covering(cast))
        set_rules(viewer=cast.council_staff, rules=rules)
        concern = raise_concern(viewer=cast.young_person, access=own_access(cast.young_person), words="planted")
        concern_id = concern.id
        db.session.execute(update(Concern).values(due_at=clock.now()))
    with transaction():
        assert pass_on(concern_id)
    staff = sign_in(cast.council_staff)
    read(staff, "/calls-for-help")
    taken = staff.post(f"/calls-for-help/{concern_id}/take")
    assert "Amina Testperson, call for help today" in read(staff, "/calls-for-help")
    page = read(staff, taken.headers["Location"])
    seen = (
        "Amina asked for help.",
        "It was passed on to those who cover.",
        "Colin Staff read it for the first time.",
        "Colin Staff took it on.",
    )
    assert [page.index(words) for words in seen] == sorted(page.index(words) for words in seen)
    assert staff.post(taken.headers["Location"], data=sent()).status_code == 303


def covering(cast: Cast) -> frozenset[UUID]:
    return frozenset({cast.council_staff.account_id})


def test_in_an_emergency_it_is_read_and_not_decided(cast: Cast, sign_in: SignIn, call: UUID) -> None:
    opener, path = sign_in(cast.unrelated_mentor), f"/calls-for-help/{call}"
    assert opener.get(path).status_code == 404
    reason = "School called: Amina is missing since noon."
    assert opener.post("/emergency-access", data={"reference": "YP-1", "reason": reason}).status_code == 303
    assert "planted" in read(opener, path)
    assert "Write it down" not in read(opener, path)
    assert opener.post(path, data=sent()).status_code == 404
