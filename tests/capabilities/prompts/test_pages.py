"""The pages about being asked: the young person's own, the card on home, and the mentor's log."""

from datetime import timedelta

import pytest

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.prompts.asking import expire
from app.prompts.queries import plan_of
from app.prompts.times import from_map
from app.prompts.values import Closing
from app.young_people.queries import own_access
from tests.capabilities.prompts.agreed import agree, all_prompts, asked
from tests.conftest import SignIn
from tests.people import Cast

pytestmark = pytest.mark.any_database

CHOSEN = {"days": ["0", "3"], "at": "16:00", "quiet_from": "21:00", "quiet_until": "08:00"}
OWN_WORDS = "Mondays and Thursdays after 4pm"


def test_a_young_person_chooses_their_times_and_reads_who_changed_them(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    assert "We don’t ask you" in client.get("/reminders").text
    text = client.post("/reminders", data=CHOSEN, follow_redirects=True).text
    assert OWN_WORDS in text
    assert "You chose: " + OWN_WORDS in text
    assert "Next time: " in text


def test_a_time_in_the_quiet_hours_is_refused_and_stays_typed(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.young_person).post("/reminders", data=CHOSEN | {"at": "21:30"})
    assert response.status_code == 422
    assert "That time is in your quiet time." in response.text
    assert '<option value="21:30" selected>' in response.text
    assert plan_of(own_access(cast.young_person)) is None


def test_a_mentor_suggests_and_the_young_person_says_yes(cast: Cast, sign_in: SignIn) -> None:
    mentor, young = sign_in(cast.mentor), sign_in(cast.young_person)
    address = f"/young-people/{cast.amina}/reminders"
    text = mentor.post(address, data=CHOSEN | {"how": "suggest"}, follow_redirects=True).text
    assert f"Your suggestion is not answered yet: {OWN_WORDS}." in text
    assert "When should we ask you?" in young.get("/home").text
    assert "Jo has an idea" in young.get("/reminders").text
    young.post("/reminders/suggestion", data={"answer": "yes"})
    assert "When should we ask you?" not in young.get("/home").text
    text = mentor.get(address).text
    assert "Amina said yes to: " + OWN_WORDS in text
    assert "You suggested: " + OWN_WORDS in text


def test_what_was_agreed_together_counts_at_once(cast: Cast, sign_in: SignIn) -> None:
    address = f"/young-people/{cast.amina}/reminders"
    sign_in(cast.mentor).post(address, data=CHOSEN | {"how": "together"})
    plan = plan_of(own_access(cast.young_person))
    assert plan is not None
    assert from_map(plan.times).days == (0, 3)
    assert "Jo wrote down what was agreed" in sign_in(cast.young_person).get("/reminders").text


def test_the_card_waits_on_home_until_it_is_answered(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    assert "It’s time." not in client.get("/home").text
    asked(cast.young_person)
    assert "It’s time." in client.get("/home").text
    assert "It’s time." in client.get("/check-in").text
    sent = {"id": "6f1f7f9e-5a51-4f0e-8a0e-3f6d3a1d0c11", "answer": "4", "measure": "faces"}
    client.post("/check-ins", data=sent)
    assert "It’s time." not in client.get("/home").text
    client.post(f"/check-ins/{sent['id']}/undo")
    assert "It’s time." in client.get("/home").text


def test_later_and_not_this_time_take_the_card_away(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    prompt = asked(cast.young_person)
    address = f"/reminders/{prompt.id}/later"
    assert "Okay. We will ask you later." in client.post(address, data={"when": "hour"}, follow_redirects=True).text
    assert "It’s time." not in client.get("/home").text
    assert sign_in(cast.other_young_person).post(address, data={"when": "hour"}).status_code == 404
    client.post(address, data={"when": "not-now"})
    (prompt,) = all_prompts()
    db.session.refresh(prompt)
    assert prompt.closed_as is Closing.SET_ASIDE
    assert client.post(address, data={"when": "hour"}).status_code == 404


def test_a_break_is_taken_and_ended_by_either(cast: Cast, sign_in: SignIn) -> None:
    agree(cast.young_person)
    young, mentor = sign_in(cast.young_person), sign_in(cast.mentor)
    assert (
        "You are having a break, until"
        in young.post("/reminders/pause", data={"for": "week"}, follow_redirects=True).text
    )
    address = f"/young-people/{cast.amina}/reminders"
    assert "You paused it for a week." in young.get("/reminders").text
    mentor.post(f"{address}/pause", data={"for": "resume"})
    assert "You are having a break" not in young.get("/reminders").text
    mentor.post(f"{address}/pause", data={"for": "open"})
    assert "You are having a break, until somebody starts it again" in young.get("/reminders").text
    young.post("/reminders/resume")
    assert "Paused" not in mentor.get(address).text


def test_a_mentor_reads_when_how_and_whether_but_not_what(cast: Cast, sign_in: SignIn) -> None:
    client, young = sign_in(cast.mentor), sign_in(cast.young_person)
    address = f"/young-people/{cast.amina}/reminders"
    assert "Not asked yet." in client.get(address).text
    prompt = asked(cast.young_person)
    assert "Waits for an answer" in client.get(address).text
    prompt.asked_at, prompt.expires_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=1)
    db.session.info["audited"] = True
    db.session.commit()
    with transaction():
        expire(clock.now())
    text = client.get(address).text
    assert ">No answer</span>" in text
    assert "Not answered the one time." in text
    asked(cast.young_person)
    sent = {"id": "6f1f7f9e-5a51-4f0e-8a0e-3f6d3a1d0c12", "answer": "1", "measure": "faces"}
    young.post("/check-ins", data=sent)
    text = client.get(address).text
    assert "Answered at once" in text
    assert "Answered 1 of the last 2 times." in text
    assert "really hard" not in text.lower()
    seen = db.session.query(AuditEntry).filter_by(action="prompts:seen", actor_id=cast.mentor.account_id)
    assert seen.count() == 4
    assert sign_in(cast.parent_carer).get(address).status_code == 404
    assert young.get(address).status_code == 404


def test_prompts_missed_are_told_on_the_caseload_in_words(cast: Cast, sign_in: SignIn) -> None:
    for days in (6, 3):
        prompt = asked(cast.young_person)
        prompt.asked_at, prompt.expires_at = (clock.now() - timedelta(days=n) for n in (days, days - 1))
        db.session.info["audited"] = True
        db.session.commit()
        with transaction():
            expire(clock.now())
    text = sign_in(cast.mentor).get("/caseload").text
    assert "Prompt missed" in text
    assert "Did not answer the last 2 times Tidemark asked" in text
    assert "Prompt missed" not in sign_in(cast.parent_carer).get("/caseload").text
