"""A member of staff opens a record in an emergency on a phone, ends it, and everybody who ought to know does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
REASON = "School called: they did not arrive this morning and wrote something to a friend."


def is_fine(page: Page) -> None:
    assert violations(page) == [], page.url
    assert not page.evaluate(STICKS_OUT), page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_a_record_is_opened_read_ended_seen_and_reviewed(
    lived_in: Cast,
    page_for: PageFor,
    javascript: bool,  # noqa: FBT001 (the case)
) -> None:
    staff = page_for(lived_in.council_staff, javascript=javascript)
    staff.goto(f"/young-people/{lived_in.amina}/record")
    staff.get_by_role("link", name="Emergency access").click()
    expect(staff.get_by_label("Their reference")).to_have_value("YP-1")
    staff.get_by_role("button", name="Open their record").click()
    expect(staff.get_by_role("alert")).to_contain_text("Say what the danger is.")
    if javascript:
        is_fine(staff)
    staff.get_by_label("What is the danger").fill(REASON)
    staff.get_by_role("button", name="Open their record").click()
    expect(staff.get_by_role("heading", name="Emergency access until")).to_be_visible()
    expect(staff.get_by_role("heading", name="Amina", exact=True)).to_be_visible()
    if javascript:
        is_fine(staff)

    mentor = page_for(lived_in.mentor, javascript=javascript)
    mentor.goto("/caseload")
    expect(mentor.get_by_text("Colin Staff (council staff) opened Amina’s record in an emergency")).to_be_visible()
    if javascript:
        is_fine(mentor)

    staff.goto("/emergency-access")
    expect(staff.get_by_role("link", name="Read Amina’s record")).to_be_visible()
    if javascript:
        is_fine(staff)
    staff.get_by_role("button", name="End it now").click()
    expect(staff.get_by_role("status")).to_have_text("Ended. The record is closed to you again.")

    young = page_for(lived_in.young_person, javascript=javascript)
    young.goto("/me/who-looked")
    expect(young.get_by_text(re.compile("opened all of yours, to keep somebody safe"))).to_be_visible()
    if javascript:
        is_fine(young)

    auditor = page_for(lived_in.auditor, javascript=javascript)
    auditor.goto("/audit")
    auditor.get_by_role("link", name="Emergency access", exact=True).click()
    expect(auditor.get_by_text("To review")).to_be_visible()
    if javascript:
        is_fine(auditor)
    auditor.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(auditor.get_by_text(REASON)).to_be_visible()
    auditor.get_by_label("Yes: the reason holds").check()
    auditor.get_by_label("What you looked at").fill("The call from school is in their log; two pages were read.")
    if javascript:
        is_fine(auditor)
    auditor.get_by_role("button", name="Save the review").click()
    expect(auditor.get_by_text("It was right")).to_be_visible()


def test_the_record_is_closed_once_it_was_ended_on_its_own_page(lived_in: Cast, page_for: PageFor) -> None:
    page = page_for(lived_in.unrelated_mentor)
    page.goto("/caseload")
    page.get_by_role("link", name="Emergency access").click()
    page.get_by_label("Their reference").fill("YP-1")
    page.get_by_label("What is the danger").fill(REASON)
    page.get_by_role("button", name="Open their record").click()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("status")).to_have_text("Ended. The record is closed to you again.")
    answer = page.request.get(f"/young-people/{lived_in.amina}")
    assert answer.status == 404
