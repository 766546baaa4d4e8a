"""Passkeys with Chromium's virtual authenticator: added, used, taken away; a finger that is not right opens nothing."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journeys.conftest import DESK, PageFor
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give the page a phone's own authenticator, with a finger that is right."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return client, made["authenticatorId"]


def by_name(page: Page) -> str:
    """Return the page's address under a host name: passkeys are bound to one, never to an IP address."""
    return page.url.replace("127.0.0.1", "localhost")


@pytest.mark.usefixtures("cast")
def test_a_mentor_adds_a_passkey_and_signs_in_with_it_alone(page_for: PageFor) -> None:
    page = page_for(None, size=DESK)
    page.goto("/c/derwent/sign-in")
    home = by_name(page)
    client, device = authenticator(page)
    page.goto(home)
    page.get_by_label("E-mail address").fill("jo@derwent.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Set up one of these two first")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey is added")).to_be_visible()
    page.get_by_role("link", name="My young people").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page.goto(home)
    client.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    client.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="My young people")).to_be_visible()
    page.get_by_role("link", name="My sign-in").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Set up one of these two first")).to_be_visible()


def test_a_young_person_opens_tidemark_with_a_finger(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    page.goto("/me")
    cookie = next(one for one in page.context.cookies() if one["name"] == "tidemark")
    address = by_name(page)
    page.context.add_cookies([{"name": "tidemark", "value": cookie["value"], "url": address}])
    authenticator(page)
    page.goto(address)
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("button", name="Take away the one added")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Open with my face or finger").click()
    expect(page.get_by_text("How are you right now?")).to_be_visible()
