"""A mentor reads on a phone what followed for one young person, and notes what they talked about."""

import re

import pytest
from playwright.sync_api import expect

from app.database import transaction
from app.impact.services import refresh
from tests.capabilities.insights.made import make_followed
from tests.journeys.conftest import PageFor
from tests.journeys.test_every_page import problems_of
from tests.people import Cast

pytestmark = pytest.mark.browser


def test_a_mentor_reads_what_followed_and_notes_what_they_talked_about(cast: Cast, page_for: PageFor) -> None:
    made = make_followed(cast)
    with transaction():
        refresh(council_id=made.council_id)
    page = page_for(cast.mentor)
    page.goto(f"/young-people/{made.people[0]}")
    page.get_by_role("link", name="What followed").tap()
    expect(page.get_by_role("heading", name="What followed for Made")).to_be_visible()
    expect(page.get_by_role("img", name="our best guess for Made")).to_be_visible()
    page.get_by_text("How this was worked out").first.tap()
    expect(page.get_by_role("region", name="as a table").first).to_be_visible()
    assert problems_of(page, is_touched=False) == []
    page.get_by_role("link", name="What may help next").tap()
    page.get_by_role("link", name=re.compile("talked about it.*Swimming")).tap()
    expect(page.get_by_label("Note", exact=True)).to_have_value("We talked about Swimming. ")
    page.get_by_role("button", name="Save the note").tap()
    expect(page.get_by_text("We talked about Swimming.").first).to_be_visible()
