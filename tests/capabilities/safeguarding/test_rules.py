"""A council's rules for calls for help: set, read back, refused beside their question, and told as they are."""

import re
from datetime import time
from html import unescape

import pytest
from sqlalchemy import select

from app import clock
from app.audit import services as audit
from app.database import db, transaction
from app.safeguarding.cover import same_hours
from app.safeguarding.models import ConcernRules
from tests.capabilities.safeguarding.cover_rules import ALWAYS, make_rules, read
from tests.conftest import SignIn
from tests.people import Cast

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
