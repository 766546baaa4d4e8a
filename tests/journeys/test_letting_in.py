"""A young person with a new phone, and their mentor at a phone of their own: the numbers, the pictures, the end."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import Complaints, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


def ask(page: Page, *, with_axe: bool = True) -> str:
    """Ask on a new phone; return the numbers that it shows. Axe needs JavaScript."""
    page.goto("/c/derwent/sign-in")
    page.get_by_role("link", name="I am a young person with a new phone").tap()
    expect(page.get_by_role("button", name="Show me the numbers")).to_be_visible()
    assert not with_axe or violations(page) == []
    page.get_by_role("button", name="Show me the numbers").tap()
    code = page.locator(".let-in-code").inner_text()
    assert not with_axe or violations(page) == []
    return code


def let_in(page: Page, code: str) -> None:
    """Type the numbers as a mentor, choose whose phone it is, let it in."""
    page.goto("/caseload")
    page.get_by_role("link", name="Let a phone in").tap()
    page.get_by_role("button", name="Find the phone").tap()
    expect(page.locator("#code-error")).to_contain_text("Type all six numbers.")
    page.get_by_label("The six numbers on the phone").fill(code)
    assert violations(page) == []
    page.get_by_role("button", name="Find the phone").tap()
    expect(page.get_by_text("Chrome, Linux. It asked today at")).to_be_visible()
    page.get_by_role("button", name="Let it in").tap()
    expect(page.locator("#whose-error")).to_contain_text("Choose whose phone it is.")
    assert violations(page) == []
    page.get_by_label("Amina").check()
    page.get_by_role("button", name="Let it in").tap()
    expect(page.get_by_text("Let in, as Amina’s.")).to_be_visible()


def tap(page: Page, *words: str) -> None:
    for word in words:
        page.get_by_role("button", name=word, exact=True).tap()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_new_phone_is_let_in_tells_its_young_person_and_is_shut_out(
    cast: Cast, page_for: PageFor, scheme: str, complaints: Complaints
) -> None:
    phone, other = page_for(None, scheme=scheme), page_for(None, scheme=scheme)
    code, other_code = ask(phone), ask(other)
    assert code != other_code
    mentor = page_for(cast.mentor, scheme=scheme)
    let_in(mentor, code)
    expect(phone.get_by_role("heading", name="Choose 4 pictures")).to_be_visible()
    expect(phone.get_by_text("Your mentor let this phone in.")).to_be_visible()
    assert violations(phone) == []
    expect(other.locator(".let-in-code")).to_have_text(other_code)
    tap(phone, "Cat", "Sun", "Boat", "Star")
    phone.wait_for_url("**/home")
    expect(phone.get_by_text("A new phone was let in")).to_have_count(0)

    own = page_for(cast.young_person, scheme=scheme)
    own.goto("/home")
    own.get_by_role("link", name="A new phone was let in").tap()
    expect(own.get_by_text("Jo Mentor let it in.")).to_be_visible()
    assert violations(own) == []
    own.get_by_role("button", name="Forget the phone added").tap()
    expect(own.get_by_text("A private place to say how you are")).to_be_visible()
    complaints.expects_failures = True
    phone.goto("/my-pictures")
    tap(phone, "Cat", "Sun", "Boat", "Star")
    expect(phone.get_by_role("alert")).to_be_visible()


def test_without_javascript_and_with_no_signal_nothing_is_lost(
    cast: Cast, page_for: PageFor, complaints: Complaints
) -> None:
    phone = page_for(None, javascript=False)
    code = ask(phone, with_axe=False)
    mentor = page_for(cast.mentor)
    let_in(mentor, code)
    phone.get_by_role("link", name="My mentor says it is done").tap()
    for n, word in enumerate(("Cat", "Sun", "Boat", "Star"), start=1):
        phone.get_by_label(f"Picture {n}").select_option(label=word)
    phone.get_by_role("button", name="Go").tap()
    phone.wait_for_url("**/home")

    complaints.expects_failures = True
    another = page_for(None)
    code = ask(another)
    with another.expect_event("requestfailed"):
        another.context.set_offline(True)
    expect(another.locator(".let-in-code")).to_have_text(code)
    let_in(mentor, code)
    another.context.set_offline(False)
    expect(another.get_by_role("heading", name="Tap your 4 pictures")).to_be_visible()
    tap(another, "Dog", "Sun", "Boat", "Star")
    expect(another.get_by_text("Those are not your pictures.")).to_be_visible()
    tap(another, "Cat", "Sun", "Boat", "Star")
    another.wait_for_url("**/home")
