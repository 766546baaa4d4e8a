"""Words that a council looks for: said beforehand, told at once, passed on in time, and kept only as far as needed."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
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
from app.safeguarding.cover import Hours, same_hours
from app.safeguarding.models import Concern, ConcernRules
from app.safeguarding.services import raise_concern, set_rules
from app.safeguarding.values import Rules
from app.young_people.models import Relationship
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import end_relationship
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

ALWAYS = same_hours(frozenset(range(7)), time(0), time(23, 59))
LONG = "My day was long. I want to d1e. Nobody knows about the cupboard."
FOUND = "I want to d1e."
NOTE = "Some words tell an adult that you may need help"
TOLD = "Some words you wrote tell us that you may need an adult."


def make_rules(cast: Cast, *phrases: str, hours: Hours = ALWAYS) -> None:
    cover = frozenset({cast.council_staff.account_id})
    with transaction():
        set_rules(viewer=cast.council_staff, rules=Rules(phrases, hours, timedelta(hours=4), cover))


@pytest.fixture
def looked_for(cast: Cast) -> Cast:
    make_rules(cast, "want to die", "cut myself")
    return cast


def concerns() -> list[Concern]:
    db.session.rollback()
    return list(db.session.execute(select(Concern).order_by(Concern.raised_at)).scalars())


def read(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.text)


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


def test_hours_of_cover_are_told_as_they_are(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    assert "which may be tomorrow, or after the weekend" in read(phone, "/help-now")
    today = clock.today().weekday()
    make_rules(cast, hours=ALWAYS)
    text_now = read(phone, "/help-now")
    for words in (
        "Monday to Sunday, 12am to 11:59pm. That is now.",
        "Jo should see it by",
        "Colin can see it too",
    ):
        assert words in text_now
    assert not re.search("see it by (Today|Tomorrow)", text_now)
    make_rules(cast, hours=same_hours(frozenset({(today + 2) % 7}), time(9), time(10)))
    text_later = read(phone, "/help-now")
    assert "Not right now. The next time is" in text_later
    assert "That is now." not in text_later
    assert "Nobody is watching all the time." in text_later
    assert "Words that tell an adult" not in text_later


def test_asking_for_help_has_a_time_too(looked_for: Cast) -> None:
    with transaction():
        made = raise_concern(viewer=looked_for.young_person, access=own_access(looked_for.young_person), words="Hi")
        assert made.due_at == ALWAYS.after(made.raised_at, timedelta(hours=4))
        assert made.about["source"] == "asked"


RULES = {
    "phrases": "want to die\n  cut   myself \n\nwant to die",
    **{f"opens_{day}": "09:00" for day in range(5)},
    **{f"closes_{day}": "17:00" for day in range(4)},
    "closes_4": "16:00",
    "closed": "2026-12-23\n2026-12-24",
    "closed_on": "ENG",
    "within": "4",
}


def test_staff_set_the_rules_and_read_them_back(cast: Cast, sign_in: SignIn) -> None:
    staff = sign_in(cast.council_staff)
    assert "kill myself" in staff.get("/calls-for-help/rules").text
    sent = RULES | {"cover": [str(cast.council_staff.account_id)]}
    assert staff.post("/calls-for-help/rules", data=sent).status_code == 303
    db.session.rollback()
    row = db.session.execute(select(ConcernRules)).scalar_one()
    assert (row.phrases, row.minutes, row.closed) == (["want to die", "cut myself"], 240, ["2026-12-23", "2026-12-24"])
    assert row.hours["bank_holidays"] == "ENG"
    again = read(staff, "/calls-for-help/rules")
    for held in ("want to die\ncut myself", 'value="09:00"', "2026-12-24", 'value="ENG" checked'):
        assert held in again
    assert "Monday to Thursday, 9am to 5pm; Friday, 9am to 4pm; not on bank holidays" in read(staff, "/calls-for-help")
    told = read(sign_in(cast.young_person), "/help-now")
    assert (
        "Adults are here to look at it: Monday to Thursday, 9am to 5pm; Friday, 9am to 4pm; not on bank holidays."
        in told
    )


def test_one_span_for_all_days_that_was_kept_once_is_read_shown_and_kept_day_by_day(
    cast: Cast, sign_in: SignIn
) -> None:
    make_rules(cast, "want to die", hours=same_hours({0, 2, 4}, time(9), time(16, 30)))
    with transaction():
        row = db.session.execute(select(ConcernRules)).scalar_one()
        today_s = row.hours
        row.hours = {"days": "024", "opens": "09:00", "closes": "16:30"}
        audit.record(council_id=cast.council_id, actor_id=None, action="test:as_it_was")
    assert today_s == {"0": "09:00-16:30", "2": "09:00-16:30", "4": "09:00-16:30"}
    staff = sign_in(cast.council_staff)
    said = "Monday, Wednesday and Friday, 9am to 4:30pm"
    assert said in read(staff, "/calls-for-help")
    assert said in read(sign_in(cast.young_person), "/help-now")
    page = read(staff, "/calls-for-help/rules")
    assert [page.count(f'value="{at}"') for at in ("09:00", "16:30")] == [3, 3]
    both = {f"{which}_{day}": at for day in (0, 2, 4) for which, at in (("opens", "09:00"), ("closes", "16:30"))}
    sent = {
        "phrases": "want to die",
        "within": "4",
        "closed_on": "as-other-days",
        "cover": [str(cast.council_staff.account_id)],
    }
    assert staff.post("/calls-for-help/rules", data=sent | both).status_code == 303
    db.session.rollback()
    assert db.session.execute(select(ConcernRules)).scalar_one().hours == today_s


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({f"{which}_{day}": "" for which in ("opens", "closes") for day in range(5)}, "Give hours for one day or more"),
        ({"closes_1": ""}, "Type both times, or leave both empty."),
        ({"opens_5": "10:00"}, "Type both times, or leave both empty."),
        ({"closes_0": "08:00"}, "It has to end after it begins."),
        ({"opens_0": "soon"}, "Type a time, such as 09:00."),
        ({"closed_on": ""}, "Choose one."),
        ({"closed": "Christmas"}, "Type dates such as 2026-12-25, not Christmas."),
        ({"within": "0"}, "Type a whole number from 1 to 40."),
        ({"cover": []}, "Choose one person or more."),
        ({"phrases": "a" * 61}, "Make this shorter"),
        ({"phrases": "!!!"}, "There are no letters in this"),
    ],
)
def test_rules_that_cannot_hold_are_said_beside_their_question(
    cast: Cast, sign_in: SignIn, change: dict[str, object], sentence: str
) -> None:
    sent = RULES | {"cover": [str(cast.council_staff.account_id)]} | change
    answer = sign_in(cast.council_staff).post("/calls-for-help/rules", data=sent)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    db.session.rollback()
    assert db.session.execute(select(ConcernRules)).all() == []


def test_a_mentor_of_another_council_cannot_cover(cast: Cast, sign_in: SignIn) -> None:
    sent = RULES | {"cover": [str(cast.other_council_staff.account_id)]}
    assert sign_in(cast.council_staff).post("/calls-for-help/rules", data=sent).status_code == 422
    assert db.session.get(Account, cast.other_council_staff.account_id) is not None
    assert young_person_for(cast.mentor, cast.amina).name == "Amina"
