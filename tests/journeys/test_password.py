"""A mentor changes their password on a phone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser
NEW = "seven herons over the weir"
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_mentor_changes_their_password_and_signs_in_with_it(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.mentor)
    page.goto("/my-sign-in")
    page.get_by_role("link", name="Change my password").click()
    page.get_by_label("Your password now").fill(PASSWORD)
    for text in ("qwertyqwerty", NEW):
        page.get_by_label("New password", exact=True).fill(text)
        page.get_by_label("New password once more").fill(text)
        page.get_by_label("Your password now").fill(PASSWORD)
        page.get_by_role("button", name="Change it").click()
        if text != NEW:
            expect(page.get_by_role("alert").get_by_text("tried first")).to_be_visible()
            assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/c/derwent/sign-in")
    page.get_by_label("E-mail address").fill("jo@derwent.example")
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Set up one of these two first")).to_be_visible()
