"""A mentor changes their password on a phone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser
GIVEN, NEW = "a word for the beginning", "seven herons over the weir"
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


def test_a_new_mentor_chooses_a_password_of_their_own_first(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.administrator)
    page.goto("/accounts")
    for label, text in (("Name", "Nia Newcomer"), ("E-mail address", "nia@derwent.example"), ("First password", GIVEN)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("What they do").select_option("mentor")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Made the account for Nia Newcomer. Tell them the password")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/c/derwent/sign-in")
    page.get_by_label("E-mail address").fill("nia@derwent.example")
    page.get_by_label("Password").fill(GIVEN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Choose a password of your own first.")).to_be_visible()
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)
    page.get_by_role("link", name="Choose a password").click()
    expect(page.get_by_role("heading", name="Choose a password of your own")).to_be_visible()
    page.get_by_label("Your password now").fill(GIVEN)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password once more").fill(NEW)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    expect(page.get_by_text("Choose a password of your own first.")).to_have_count(0)
    expect(page.get_by_text("Set up one of these two first")).to_be_visible()
