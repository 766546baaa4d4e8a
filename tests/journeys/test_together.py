"""A mentor and a young person check in together on the mentor's device; each finds it where they look."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

SAID = "The bus was loud and I still got on"


def say_more(page: Page) -> None:
    """Choose a word, then a finer one that only now is shown."""
    brave = page.locator(".family").get_by_text("Brave", exact=True)
    expect(brave).to_be_hidden()
    page.get_by_role("checkbox", name="Proud", exact=True).tap()
    expect(brave).to_be_visible()
    page.get_by_role("checkbox", name="Brave", exact=True).tap()
    page.get_by_role("checkbox", name="My mentor", exact=True).tap()
    page.get_by_label("Anything you want to say?").fill(SAID)


def test_said_by_one_and_typed_by_the_other(cast: Cast, page_for: PageFor) -> None:
    mentor = page_for(cast.mentor)
    mentor.goto(f"/young-people/{cast.amina}")
    mentor.get_by_role("link", name="We did this together").tap()
    mentor.get_by_role("button", name="Save what Amina said").tap()
    expect(mentor.get_by_text("Choose one of the answers.")).to_be_visible()
    mentor.get_by_role("radio", name="Good", exact=True).tap()
    say_more(mentor)
    assert violations(mentor) == []
    mentor.get_by_role("button", name="Save what Amina said").tap()
    expect(mentor.get_by_text("Said by Amina, typed by you")).to_be_visible()
    assert violations(mentor) == []
    mentor.get_by_role("link", name="Go to the timeline").tap()
    expect(mentor.get_by_text("Said by Amina, typed by you")).to_be_visible()
    young = page_for(cast.young_person)
    young.goto("/check-ins")
    expect(young.get_by_text("You said it, Jo typed it.")).to_be_visible()
    young.get_by_text(SAID).tap()
    expect(young.locator(".family").get_by_text("Brave", exact=True)).to_be_visible()
    young.get_by_text("More words", exact=True).tap()
    expect(young.locator(".family").get_by_text("Let down", exact=True)).to_be_visible()
    assert violations(young) == []
    young.get_by_role("button", name="Undo").tap()
    expect(young.get_by_text("Taken back. Nobody sees it now.")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text(SAID)).to_have_count(0)
