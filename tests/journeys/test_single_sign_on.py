"""A mentor signs in with the account that they have at their council; an administrator sets that up."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.settings import SignOnSettings
from tests.journeys.accessibility import violations
from tests.journeys.conftest import Complaints, PageFor
from tests.people import PASSWORD, Cast
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider, serving

pytestmark = pytest.mark.browser
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    with serving() as provider:
        provider.shows_a_page, provider.claims = True, {"amr": ["pwd", "mfa"]}
        app.extensions["settings"] = replace(app.extensions["settings"], sign_on=SignOnSettings(loopback=True))
        yield provider


def test_an_administrator_sets_it_up_and_a_mentor_signs_in_with_it(
    cast: Cast, provider: Provider, page_for: PageFor, complaints: Complaints
) -> None:
    complaints.expects_failures = True  # the provider's own little site has no icon
    admin = page_for(cast.administrator)
    admin.goto("/accounts")
    admin.get_by_role("link", name="Single sign-on").click()
    admin.get_by_label("What people call it").fill("Derwent account")
    admin.get_by_label("Issuer").fill(provider.url)
    admin.get_by_label("Client ID").fill(CLIENT_ID)
    admin.get_by_label("Client secret").fill(CLIENT_SECRET)
    admin.get_by_label("Values that mean two steps").fill("mfa")
    admin.get_by_role("button", name="Check and save").click()
    expect(admin.get_by_text("Saved. Your provider answers.")).to_be_visible()
    assert (violations(admin), admin.evaluate(STICKS_OUT)) == ([], False)

    page = page_for(None)
    page.goto("/c/derwent/sign-in")
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)
    page.get_by_role("link", name="Sign in with Derwent account").click()
    page.get_by_role("link", name="Jo Mentor").click()
    expect(page.get_by_role("heading", name="Which account is yours?")).to_be_visible()
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)
    page.get_by_label("E-mail address").fill("jo@derwent.example")
    page.get_by_label("Password").fill("not it at all")
    page.get_by_role("button", name="Connect and sign in").click()
    expect(page.get_by_text("These don’t go together")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value("jo@derwent.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Connect and sign in").click()
    expect(page.get_by_role("link", name="My young people")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/c/derwent/sign-in")
    page.get_by_role("link", name="Sign in with Derwent account").click()
    page.get_by_role("link", name="Jo Mentor").click()
    expect(page.get_by_role("link", name="My young people")).to_be_visible()
    page.goto("/my-sign-in")
    expect(page.get_by_text("It signs you in here.")).to_be_visible()
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)


def test_somebody_who_stops_at_the_provider_is_told_what_to_do(
    cast: Cast, provider: Provider, page_for: PageFor, complaints: Complaints
) -> None:
    complaints.expects_failures = True
    admin = page_for(cast.administrator)
    admin.goto("/single-sign-on")
    for label, text in (
        ("What people call it", "Derwent account"),
        ("Issuer", provider.url),
        ("Client ID", CLIENT_ID),
        ("Client secret", CLIENT_SECRET),
    ):
        admin.get_by_label(label).fill(text)
    admin.get_by_role("button", name="Check and save").click()
    expect(admin.get_by_text("Saved.")).to_be_visible()
    provider.refuses = True
    page = page_for(None, javascript=False)
    page.goto("/c/derwent/sign-in")
    page.get_by_role("link", name="Sign in with Derwent account").click()
    expect(page.get_by_role("alert")).to_contain_text("not signed in at your council")
    page.get_by_role("link", name="Back to signing in").click()
    expect(page.get_by_role("heading", name="Sign in to Derwent Council")).to_be_visible()
