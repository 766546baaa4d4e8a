"""Agreeing when to be asked, being asked, answering or not; and what a mentor reads of it, with and without scripts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app import clock
from app.database import db
from app.prompts.models import PromptPlan
from app.prompts.times import from_map, to_map
from tests.capabilities.prompts.agreed import agree, all_prompts, make_due
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser
Ask = Callable[[], None]


@pytest.fixture
def ask(app: Flask) -> Ask:
    """Return a function that lets the agreed time come, at whatever hour it is, and runs what asks."""

    def send() -> None:
        db.session.rollback()
        plan = db.session.execute(select(PromptPlan)).scalar_one()
        plan.times = to_map(replace(from_map(plan.times), quiet_from=time(), quiet_until=time()))
        make_due(plan.id)
        result = app.test_cli_runner().invoke(args=["prompts", "send"])
        assert "Asked 1;" in result.output
        db.session.rollback()

    return send


@pytest.mark.parametrize("javascript", [True, False])
def test_times_are_chosen_talked_over_and_answered_with_a_tap(
    cast: Cast, page_for: PageFor, ask: Ask, *, javascript: bool
) -> None:
    young, mentor = (page_for(viewer, javascript=javascript) for viewer in (cast.young_person, cast.mentor))
    young.goto("/me")
    young.get_by_role("link", name="When we ask you").click()
    young.get_by_label("Monday").check(force=True)
    young.get_by_label("From what time?").select_option("16:00")
    young.get_by_role("button", name="Save").click()
    expect(young.get_by_role("heading", name="Mondays after 4pm")).to_be_visible()

    mentor.goto(f"/young-people/{cast.amina}")
    mentor.get_by_text("More for Amina").click()
    mentor.get_by_role("link", name="When they are asked").click()
    mentor.get_by_label("Sunday").check()
    mentor.get_by_role("button", name="Save").click()
    expect(mentor.get_by_text("Your suggestion is not answered yet: Mondays and Sundays after 4pm.")).to_be_visible()

    young.goto("/home")
    young.get_by_role("link", name="When should we ask you?").click()
    young.get_by_role("button", name="Yes, do that").click()
    expect(young.get_by_role("heading", name="Mondays and Sundays after 4pm")).to_be_visible()

    ask()
    young.goto("/home")
    expect(young.get_by_text("It’s time.")).to_be_visible()
    young.get_by_role("button", name="Good", exact=True).click()
    expect(young.get_by_text("It’s time.")).to_be_hidden()
    young.goto("/home")
    expect(young.get_by_text("It’s time.")).to_be_hidden()

    mentor.reload()
    expect(mentor.get_by_text("Answered at once")).to_be_visible()
    expect(mentor.get_by_text("Amina said yes to: Mondays and Sundays after 4pm.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_it_is_put_off_comes_back_is_let_go_and_rests(
    app: Flask, cast: Cast, page_for: PageFor, ask: Ask, *, javascript: bool
) -> None:
    agree(cast.young_person)
    ask()
    young, mentor = (page_for(viewer, javascript=javascript) for viewer in (cast.young_person, cast.mentor))
    young.goto("/home")
    young.get_by_text("Remind me later").click()
    young.get_by_role("button", name="In an hour").click()
    expect(young.get_by_text("Okay. We will ask you later.")).to_be_visible()
    expect(young.get_by_text("It’s time.")).to_be_hidden()
    mentor.goto(f"/young-people/{cast.amina}/reminders")
    expect(mentor.get_by_text("Put off until")).to_be_visible()

    an_hour_goes_by()
    assert "reminded 1" in app.test_cli_runner().invoke(args=["prompts", "send"]).output
    young.goto("/home")
    young.get_by_text("Remind me later").click()
    young.get_by_role("button", name="Not this time").click()
    expect(young.get_by_text("Okay. Not this time.")).to_be_visible()

    young.goto("/reminders")
    young.get_by_text("Have a break").click()
    young.get_by_role("button", name="For a week").click()
    expect(young.get_by_text("You are having a break, until")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text("Not this time, they said")).to_be_visible()
    expect(mentor.get_by_text("Amina paused it for a week.")).to_be_visible()
    mentor.get_by_role("button", name="Start again").click()
    expect(mentor.get_by_text("Amina sees that you changed this.")).to_be_visible()
    young.reload()
    expect(young.get_by_text("You are having a break")).to_be_hidden()


def an_hour_goes_by() -> None:
    """Let what was put off be due, and have been asked an hour earlier."""
    (prompt,) = all_prompts()
    prompt.due_at, prompt.nudged_at = clock.now() - timedelta(minutes=1), clock.now() - timedelta(hours=1)
    db.session.info["audited"] = True
    db.session.commit()
