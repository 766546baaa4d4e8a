"""A mentor decides with others for a young person, who reads why on the phone and chooses otherwise."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import clock
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

WHY = "The new driver has to know what helps. Amina said: tell him, but not the rest."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_decided_told_and_chosen_otherwise(lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    mentor = page_for(lived_in.mentor, scheme=scheme)
    mentor.goto(f"/young-people/{lived_in.amina}")
    mentor.get_by_text("More for Amina").tap()
    mentor.get_by_role("link", name="Who sees what").tap()
    expect(mentor.get_by_role("heading", name="Who sees what of Amina")).to_be_visible()
    assert violations(mentor) == []
    mentor.get_by_role("link", name="Write down a decision: My one page, “What to do when things are hard”").tap()
    mentor.get_by_label("From now on").select_option("Only me")
    mentor.get_by_role("radio", name="I decided it for them, in their best interests").check()
    mentor.get_by_role("button", name="Write it down").tap()
    expect(mentor.get_by_role("link", name="Say why: the young person reads it.")).to_be_visible()
    mentor.get_by_label("Who else was asked?").fill("Sana (her mum)")
    mentor.get_by_label("Why is it in their interest?").fill(WHY)
    mentor.get_by_label("Look at it again on").fill((clock.today() + timedelta(days=60)).isoformat())
    assert violations(mentor) == []
    mentor.screenshot(path=tmp_path / "decide.png", full_page=True)
    mentor.get_by_role("button", name="Write it down").tap()
    expect(mentor.get_by_text("Decided for Amina by Jo Mentor today")).to_be_visible()
    mentor.goto(f"/young-people/{lived_in.amina}/profile")
    expect(mentor.get_by_role("heading", name="What to do when things are hard")).to_have_count(0)

    young = page_for(lived_in.young_person, scheme=scheme)
    young.goto("/home")
    young.get_by_role("link", name="Somebody chose something for you").tap()
    expect(young.get_by_text(f"Why: {WHY}").first).to_be_visible()
    assert violations(young) == []
    young.screenshot(path=tmp_path / "told.png")
    young.get_by_role("link", name="each part of your page").tap()
    young.get_by_label("What to do when things are hard").select_option("My mentor")
    young.wait_for_load_state("networkidle")
    assert violations(young) == []
    young.screenshot(path=tmp_path / "parts.png", full_page=True)
    young.get_by_role("button", name="Save").tap()
    expect(young.get_by_text("This part: Jo")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_role("heading", name="What to do when things are hard")).to_be_visible()
    young.goto("/me")
    expect(young.get_by_role("heading", name="Chosen for you")).to_have_count(0)
