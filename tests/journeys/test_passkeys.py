"""Passkeys with Chromium's virtual authenticator: added, used, taken away; a finger that is not right opens nothing."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from app.accounts.models import Account
from app.accounts.services import enrol_device, make_sign_in_card, open_card, revoke_devices
from app.database import db, transaction
from tests.capabilities.accounts.test_second_step import grow_old
from tests.capabilities.accounts.test_signing_in_again import MY_PICTURES, ways_in
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


def young_person_s_phone(cast: Cast, page_for: PageFor) -> Page:
    """Open “Me” under a host name, on a phone that has a finger and knows the young person's pictures."""
    page = page_for(cast.young_person)
    page.goto("/me")
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
        card = open_card(council_id=cast.council_id, code=code, address="", browser="")
        assert card is not None
        token = enrol_device(card=card, pictures=MY_PICTURES).device_token
    cookie = next(one for one in page.context.cookies() if one["name"] == "tidemark")
    for name, value in (("tidemark", cookie["value"]), ("tidemark-device", token)):
        page.context.add_cookies([{"name": name, "value": value, "url": by_name(page)}])
    authenticator(page)
    page.goto(by_name(page))
    return page


def test_a_young_person_opens_tidemark_with_a_finger(cast: Cast, page_for: PageFor) -> None:
    page = young_person_s_phone(cast, page_for)
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("button", name="Take away the one added")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Open with my face or finger").click()
    expect(page.get_by_text("How are you right now?")).to_be_visible()


def test_a_finger_is_added_only_by_whoever_knows_the_pictures(cast: Cast, page_for: PageFor) -> None:
    page = young_person_s_phone(cast, page_for)
    grow_old(cast.young_person, 11)
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert ways_in(cast.young_person) == []
    for word in ("Cat", "Sun", "Boat", "Star"):
        page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_url("**/me")
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("button", name="Take away the one added")).to_be_visible()


def test_a_new_finger_is_no_proof_of_who_somebody_is(cast: Cast, page_for: PageFor) -> None:
    page = young_person_s_phone(cast, page_for)
    grow_old(cast.young_person, 9)
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("button", name="Take away the one added")).to_be_visible()
    grow_old(cast.young_person, 2)
    page.goto(page.url.partition("/me")[0] + "/my-copy")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()


def test_a_finger_opens_nothing_once_the_phones_are_forgotten(cast: Cast, page_for: PageFor) -> None:
    page = young_person_s_phone(cast, page_for)
    page.get_by_role("button", name="Use my face or finger").click()
    expect(page.get_by_role("button", name="Take away the one added")).to_be_visible()
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        revoke_devices(account=account, actor=cast.mentor)
    page.goto(page.url.partition("/me")[0] + "/")
    page.get_by_role("button", name="Open with my face or finger").click()
    expect(page.get_by_text("That passkey did not work here.")).to_be_visible()
