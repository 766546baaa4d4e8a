"""A parent carer says how they are themself on a phone, and decides whether the mentor may know."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


def test_a_parent_carer_answers_keeps_it_and_then_shares_it(cast: Cast, page_for: PageFor) -> None:
    parent, mentor = page_for(cast.parent_carer), page_for(cast.mentor)
    parent.goto("/caseload")
    parent.get_by_role("link", name="How I am").tap()
    parent.get_by_role("button", name="4", exact=True).tap()
    expect(parent.get_by_text("4 out of 10", exact=True)).to_be_visible()
    mentor.goto(f"/young-people/{cast.amina}")
    expect(mentor.get_by_text("4 out of 10")).to_have_count(0)
    parent.get_by_label("My child’s mentor may see how I am").check()
    parent.get_by_role("button", name="Save").tap()
    expect(parent.get_by_role("status")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_role("heading", name="How Sana Parent is, themself")).to_be_visible()
    expect(mentor.get_by_text("4 out of 10, today")).to_be_visible()
