"""The outbox: claims, what is withdrawn, and real processes side by side."""

import re
from datetime import timedelta

from flask import Flask

from app import clock
from app.accounts.models import Account
from app.database import db, transaction
from app.notifications.delivery import deliver
from app.notifications.outbox import claim, settle
from app.notifications.services import withdraw
from app.notifications.values import Outcome, Result
from app.prompts.asking import put_off_until, remind
from app.prompts.models import Prompt
from app.prompts.services import put_off
from app.prompts.values import Later
from app.young_people.queries import own_access
from app.young_people.services import add_young_person
from tests.capabilities.notifications.conftest import PUSH_KEY
from tests.capabilities.notifications.outbox import let_pass, notices, take_push, tell
from tests.capabilities.notifications.services_of_the_world import PushService
from tests.capabilities.prompts.agreed import asked
from tests.capabilities.prompts.test_asking import send_side_by_side
from tests.conftest import SignIn
from tests.people import Cast, details, young_viewer


def test_what_one_has_claimed_nobody_else_sends_until_the_claim_lapses(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    tell(cast.young_person)
    ids = [notice.id for notice in notices()]
    with transaction():
        assert len(claim(ids, clock.now())) == 1
    with transaction():
        assert claim(ids, clock.now()) == []
    assert deliver() == (0, 0)
    let_pass(timedelta(minutes=6))
    assert deliver() == (1, 0)


def test_a_late_word_from_a_process_that_was_thought_dead_changes_nothing(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    tell(cast.young_person)
    with transaction():
        claimed = claim([notice.id for notice in notices()], clock.now())
    let_pass(timedelta(minutes=6))
    deliver()
    with transaction():
        settle(claimed, Result.REFUSED, clock.now())
    assert notices()[0].outcome is Outcome.SENT


def test_nothing_is_sent_about_what_is_settled_or_to_whom_it_is_closed(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    about_id = tell(cast.young_person)
    with transaction():
        withdraw(about_id=about_id)
    tell(cast.young_person)
    db.session.get_one(Account, cast.young_person.account_id).is_active = False
    db.session.info["audited"] = True
    db.session.commit()
    deliver()
    assert pushes.pushes == []
    assert [notice.outcome for notice in notices()] == [Outcome.WITHDRAWN, Outcome.WITHDRAWN]


def test_an_old_notice_is_given_up_not_sent_late(cast: Cast, pushes: PushService) -> None:
    take_push(cast.young_person, pushes)
    tell(cast.young_person)
    let_pass(timedelta(hours=3))
    deliver()
    assert pushes.pushes == []
    assert notices()[0].outcome is Outcome.GAVE_UP


def test_an_answer_before_the_push_left_takes_it_back(cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    take_push(cast.young_person, pushes)
    asked(cast.young_person)
    sent = {"id": "6f1f7f9e-5a51-4f0e-8a0e-3f6d3a1d0c13", "answer": "4", "measure": "faces"}
    sign_in(cast.young_person).post("/check-ins", data=sent)
    deliver()
    assert pushes.pushes == []


def test_later_tells_once_more_when_later_has_come(cast: Cast, pushes: PushService, sign_in: SignIn) -> None:
    browser = take_push(cast.young_person, pushes)
    prompt_id = asked(cast.young_person).id
    deliver()
    with transaction():
        put_off(viewer=cast.young_person, access=own_access(cast.young_person), prompt_id=prompt_id, later=Later.HOUR)
    assert put_off_until(clock.now()) == []
    prompt = db.session.get_one(Prompt, prompt_id)
    prompt.due_at, prompt.nudged_at = clock.now(), clock.now() - timedelta(hours=1)
    db.session.info["audited"] = True
    db.session.commit()
    assert put_off_until(clock.now()) == [prompt_id]
    with transaction():
        assert remind(prompt_id, clock.now())
        assert not remind(prompt_id, clock.now())
    deliver()
    assert [browser.opened(push.body)["body"] for push in pushes.pushes] == ["Whenever you like."] * 2
    text = sign_in(cast.mentor).get(f"/young-people/{cast.amina}/reminders").text
    assert len(re.findall(r"pop-up on a phone: handed over at", text)) == 2


def test_two_processes_at_once_tell_everybody_once(app: Flask, cast: Cast, pushes: PushService) -> None:
    with transaction():
        viewers = [
            young_viewer(add_young_person(council_id=cast.council_id, details=details(f"P-{n}", f"P{n}"), actor=None))
            for n in range(12)
        ]
    for number, viewer in enumerate(viewers):
        take_push(viewer, pushes, f"phone-{number}")
        tell(viewer)
    push = {"TIDEMARK_PUSH_KEY": PUSH_KEY, "TIDEMARK_PUSH_LOOPBACK": "1"}
    said = send_side_by_side(app.extensions["settings"], 2, push)
    assert sum(int(re.findall(r"sent (\d+)", line)[0]) for line in said) == 12
    assert sorted(push.name for push in pushes.pushes) == sorted(f"phone-{number}" for number in range(12))
    assert {notice.outcome for notice in notices()} == {Outcome.SENT}
