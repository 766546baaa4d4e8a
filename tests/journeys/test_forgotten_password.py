"""Somebody forgot their password: asks for a letter on a phone, follows its link, and signs in with a new one."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.capabilities.notifications.conftest import mailing
from tests.capabilities.notifications.services_of_the_world import MailServer
from tests.capabilities.passwords.test_forgotten import LINK
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PHONE, PageFor
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser
NEW = "seven herons over the weir"
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def mails(app: Flask) -> Iterator[MailServer]:
    with mailing(app) as server:
        yield server


def nothing_wrong(page: Page) -> None:
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)


def test_a_mentor_who_forgot_their_password_chooses_a_new_one_by_e_mail(
    app: Flask, cast: Cast, page_for: PageFor, mails: MailServer
) -> None:
    assert PHONE == (390, 844)
    page = page_for(None)
    page.goto("/c/derwent/sign-in")
    nothing_wrong(page)
    page.get_by_role("link", name="I forgot my password").click()
    page.get_by_label("E-mail address").fill("jo@derwent.example")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("an e-mail is on its way to it")).to_be_visible()
    nothing_wrong(page)
    assert app.test_cli_runner().invoke(args=["prompts", "send"]).exit_code == 0
    ((to, letter),) = mails.letters
    found = LINK.search(letter.get_payload(decode=True).decode())  # type: ignore[union-attr]
    assert found is not None
    assert to == "jo@derwent.example"
    assert str(cast.mentor.account_id) not in letter.as_string()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    page.goto(f"{found[1]}#{found[2]}")
    expect(page.get_by_label("The code")).to_have_value(found[2])
    assert found[2] not in page.url
    nothing_wrong(page)
    for words in ("qwertyqwerty", NEW):
        page.get_by_label("New password", exact=True).fill(words)
        page.get_by_label("New password once more").fill(words)
        page.get_by_role("button", name="Change it").click()
        if words != NEW:
            expect(page.get_by_text("tried first")).to_be_visible()
            nothing_wrong(page)
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    assert not [one for one in asked if found[2] in one]
    for words, then in ((PASSWORD, "don’t go together"), (NEW, "Set up one of these two first")):
        page.get_by_label("E-mail address").fill("jo@derwent.example")
        page.get_by_label("Password").fill(words)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text(then)).to_be_visible()
    page.goto(f"{found[1]}#{found[2]}")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("That code does not work now.")).to_be_visible()
