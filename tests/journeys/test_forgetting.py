"""One member of staff proposes on a phone that somebody is forgotten; another confirms it."""

import pytest
from playwright.sync_api import Page, expect

from app.accounts.services import create_account
from app.accounts.sessions import viewer_of
from app.accounts.values import Role, Viewer
from app.database import transaction
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def is_fine(page: Page) -> None:
    assert violations(page) == [], page.url
    assert not page.evaluate(STICKS_OUT), page.url


def colleague(cast: Cast) -> Viewer:
    with transaction():
        account = create_account(
            council_id=cast.council_id,
            role=Role.COUNCIL_STAFF,
            name="Sefa Second",
            email="sefa@derwent.example",
            password=None,
            actor=None,
        )
        return viewer_of(account)


def test_two_people_forget_somebody(lived_in: Cast, page_for: PageFor) -> None:
    first = page_for(lived_in.council_staff)
    first.goto(f"/young-people/{lived_in.amina}/record")
    first.get_by_role("link", name="Forget Amina for good").click()
    first.get_by_role("button", name="Ask a colleague to confirm").click()
    expect(first.get_by_role("alert")).to_contain_text("Choose why.")
    is_fine(first)
    first.get_by_label("The record was made by mistake, or twice").check()
    first.get_by_label("What was decided, by whom").fill(
        "Entered twice; the other record stays. Agreed with the mentor."
    )
    first.get_by_role("button", name="Ask a colleague to confirm").click()
    expect(first.get_by_role("status")).to_have_text("Proposed. Nothing is forgotten until somebody else confirms it.")
    is_fine(first)
    first.get_by_role("link", name="Look at it").click()
    expect(first.get_by_role("button", name="Take it back")).to_be_visible()
    expect(first.get_by_role("button", name="Forget them for good")).to_have_count(0)
    is_fine(first)

    second = page_for(colleague(lived_in))
    second.goto("/data-requests")
    second.get_by_role("link", name="Confirm or turn down").click()
    expect(second.get_by_role("heading", name="Proposed by Colin Staff")).to_be_visible()
    is_fine(second)
    second.get_by_label("Type their reference").fill("YP-1")
    second.get_by_role("button", name="Forget them for good").click()
    expect(second.get_by_role("status")).to_contain_text("They are forgotten")
    expect(second.get_by_text("Colin Staff and Sefa Second")).to_be_visible()
    is_fine(second)
