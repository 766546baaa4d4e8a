"""Words that a council looks for: said beforehand, told at once, passed on in time, and kept only as far as needed."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from app import clock
from app.accounts.models import Account
from app.accounts.services import set_active
from app.accounts.values import Viewer
from app.audit import services as audit
from app.checkins.services import add_details, record_check_in
from app.checkins.values import CheckInDetails, NewCheckIn
from app.database import db, transaction
from app.feed.services import edit_post, write_post, write_reply
from app.goals.services import add_step, set_goal
from app.safeguarding.models import Concern
from app.safeguarding.services import raise_concern
from app.young_people.models import Relationship
from app.young_people.queries import own_access
from app.young_people.services import end_relationship
from app.young_people.values import Audience
from tests.capabilities.safeguarding.cover_rules import ALWAYS, make_rules, read
from tests.conftest import SignIn
from tests.people import Cast

LONG = "My day was long. I want to d1e. Nobody knows about the cupboard."
FOUND = "I want to d1e."
NOTE = "Some words tell an adult that you may need help"
TOLD = "Some words you wrote tell us that you may need an adult."


@pytest.fixture
def looked_for(cast: Cast) -> Cast:
    make_rules(cast, "want to die", "cut myself")
    return cast


def concerns() -> list[Concern]:
    db.session.rollback()
    return list(db.session.execute(select(Concern).order_by(Concern.raised_at)).scalars())


def write(cast: Cast, words: str, audience: Audience = Audience.ONLY_ME) -> None:
    with transaction():
        write_post(viewer=cast.young_person, access=own_access(cast.young_person), words=words, audience=audience)


def test_nothing_is_looked_for_until_the_council_says_what(cast: Cast, sign_in: SignIn) -> None:
    write(cast, LONG)
    assert concerns() == []
    phone = sign_in(cast.young_person)
    assert NOTE not in phone.get("/posts/new").text
    assert "No words are looked for right now." in phone.get("/help-now/words").text


def test_it_is_said_beside_every_box_before_anything_is_written(looked_for: Cast, sign_in: SignIn) -> None:
    phone = sign_in(looked_for.young_person)
    write(looked_for, "Hello")
    with transaction():
        access = own_access(looked_for.young_person)
        made = record_check_in(viewer=looked_for.young_person, access=access, new=NewCheckIn(uuid4(), "faces", 3))
        goal = set_goal(viewer=looked_for.young_person, access=access, title="Swim")
        paths = ("/posts/new", "/posts", "/goals/new", f"/goals/{goal.id}", f"/check-ins/{made.id}")
    for path in paths:
        assert NOTE in phone.get(path).text, path
    assert "Some words tell an adult by themselves." in phone.get("/me").text
    told = read(phone, "/help-now/words")
    for words in ("Jo can read the sentence", "under “Only me” too", "You are not in trouble", "Nobody is watching"):
        assert words in told
    assert NOTE not in sign_in(looked_for.mentor).get(f"/young-people/{looked_for.amina}").text


def test_every_kind_of_entry_is_looked_at_as_it_is_saved_and_changed(looked_for: Cast) -> None:
    viewer = looked_for.young_person
    with transaction():
        access = own_access(viewer)
        check_in = record_check_in(viewer=viewer, access=access, new=NewCheckIn(uuid4(), "faces", 1, words=LONG))
        post = write_post(viewer=viewer, access=access, words="Fine", audience=Audience.MENTOR)
        write_reply(viewer=viewer, post_id=post.id, words=LONG)
        edit_post(viewer=viewer, post_id=post.id, words=LONG, audience=Audience.MENTOR)
        goal = set_goal(viewer=viewer, access=access, title="Not cut my self")
        add_step(viewer=viewer, access=access, goal_id=goal.id, words="I wanna die")
        details = CheckInDetails(words=f"{LONG} I cut myself")
        add_details(viewer=viewer, access=access, check_in_id=check_in.id, details=details)
    assert sorted(one.about["source"] for one in concerns()) == [
        "check_in",
        "check_in",
        "goal",
        "goal",
        "post",
        "reply",
    ]


def test_the_same_words_in_the_same_entry_call_once(looked_for: Cast) -> None:
    viewer = looked_for.young_person
    with transaction():
        access = own_access(viewer)
        post = write_post(viewer=viewer, access=access, words=LONG, audience=Audience.MENTOR)
        for words in (f"{LONG} Really.", f"{LONG} No."):
            edit_post(viewer=viewer, post_id=post.id, words=words, audience=Audience.MENTOR)
    assert len(concerns()) == 1


def test_what_adults_write_is_not_looked_at(looked_for: Cast) -> None:
    with transaction():
        post = write_post(
            viewer=looked_for.young_person,
            access=own_access(looked_for.young_person),
            words="Hi",
            audience=Audience.MENTOR,
        )
        write_reply(viewer=looked_for.mentor, post_id=post.id, words="Did you say that you want to die?")
    assert concerns() == []


def test_only_the_sentence_is_kept_and_nothing_of_it_in_clear(looked_for: Cast) -> None:
    write(looked_for, LONG)
    (found,) = concerns()
    assert (found.words, found.about["phrases"]) == (FOUND, "want to die")
    for table in ("concerns", "concern_rules", "audit_entries", "notices"):
        held = repr(db.session.execute(text(f"select * from {table}")).all())  # noqa: S608 (a name of ours)
        for secret in ("to d1e", "want to die", "cupboard"):
            assert secret not in held, table


def test_the_young_person_is_told_at_once_and_the_mentor_sees_the_sentence(looked_for: Cast, sign_in: SignIn) -> None:
    phone, desk = sign_in(looked_for.young_person), sign_in(looked_for.mentor)
    sent = {"id": str(uuid4()), "words": LONG, "audience": "only_me"}
    page = unescape(phone.post("/posts/new", data=sent, follow_redirects=True).text)
    for words in (TOLD, "Jo should see it by", "You are not in trouble."):
        assert words in page
    assert TOLD not in read(phone, "/home")
    assert "Words you wrote: today at" in read(phone, "/help-now")
    timeline = read(desk, f"/young-people/{looked_for.amina}")
    for words in (
        "Amina wrote words to look at",
        FOUND,
        "a program found: want to die",
        "Somebody has to have it",
    ):
        assert words in timeline
    assert "cupboard" not in timeline
    caseload = read(desk, "/caseload")
    assert "Wrote words to look at" in caseload
    for viewer in (looked_for.parent_carer, looked_for.council_staff):
        other = sign_in(viewer)
        assert FOUND not in other.get(f"/young-people/{looked_for.amina}").text
        assert FOUND not in other.get("/calls-for-help").text
    (found,) = concerns()
    desk.post(f"/young-people/{looked_for.amina}/concerns/{found.id}/acknowledge")
    assert "Jo saw it" in read(phone, "/help-now")


def late(cast: Cast, by: timedelta) -> None:
    with transaction():
        db.session.execute(update(Concern).values(due_at=clock.now() - by))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:moved", young_person_id=cast.amina)


def send(app: Flask) -> None:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["prompts", "send"])
    assert result.exit_code == 0, result.output


def test_what_no_mentor_takes_in_time_goes_to_those_who_cover_once(
    app: Flask, looked_for: Cast, sign_in: SignIn
) -> None:
    staff, other = sign_in(looked_for.council_staff), sign_in(looked_for.other_council_staff)
    write(looked_for, LONG)
    send(app)
    assert concerns()[0].passed_on_at is None
    assert "No call is waiting" in read(staff, "/calls-for-help")
    late(looked_for, timedelta(minutes=1))
    for _ in range(2):
        send(app)
    (found,) = concerns()
    assert found.passed_on_at is not None
    shown = read(staff, "/calls-for-help")
    assert FOUND in shown
    assert "Amina Testperson" in shown
    assert FOUND not in other.get("/calls-for-help").text
    assert other.post(f"/calls-for-help/{found.id}/take").status_code == 404
    phone = sign_in(looked_for.young_person)
    assert "It went to more adults today" in read(phone, "/help-now")
    assert "read a call for help of yours" in read(phone, "/me/who-looked")
    assert staff.post(f"/calls-for-help/{found.id}/take").status_code == 303
    assert "Colin saw it" in read(phone, "/help-now")
    assert FOUND not in read(staff, "/calls-for-help")


def end_tie(cast: Cast) -> None:
    query = select(Relationship).where(Relationship.account_id == cast.mentor.account_id)
    end_relationship(relationship=db.session.execute(query).scalar_one(), actor=cast.mentor)


def close_account(cast: Cast, whose: Viewer | None = None) -> None:
    account = db.session.get_one(Account, (whose or cast.mentor).account_id)
    set_active(account=account, is_active=False, actor=cast.administrator)


@pytest.mark.parametrize("leave", [end_tie, close_account])
def test_who_has_no_mentor_reaches_those_who_cover_at_once(
    looked_for: Cast, sign_in: SignIn, leave: Callable[[Cast], None]
) -> None:
    with transaction():
        leave(looked_for)
    phone = sign_in(looked_for.young_person)
    sent = {"id": str(uuid4()), "words": LONG, "audience": "only_me"}
    page = unescape(phone.post("/posts/new", data=sent, follow_redirects=True).text)
    assert "Colin should see it by" in page
    assert FOUND in read(sign_in(looked_for.council_staff), "/calls-for-help")


def test_whoever_left_covers_no_more_and_is_promised_to_nobody(looked_for: Cast, sign_in: SignIn) -> None:
    phone = sign_in(looked_for.young_person)
    before = read(phone, "/help-now")
    assert "Colin" in before
    assert "Jo" in before
    with transaction():
        close_account(looked_for)
        close_account(looked_for, looked_for.council_staff)
    after = read(phone, "/help-now")
    assert "Colin" not in after
    assert "Jo" not in after


def test_asking_for_help_has_a_time_too(looked_for: Cast) -> None:
    with transaction():
        made = raise_concern(viewer=looked_for.young_person, access=own_access(looked_for.young_person), words="Hi")
        assert made.due_at == ALWAYS.after(made.raised_at, timedelta(hours=4))
        assert made.about["source"] == "asked"
