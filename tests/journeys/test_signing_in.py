import pyotp
import pytest
from playwright.sync_api import Page

from app.accounts.models import Account
from app.accounts.services import make_sign_in_card
from app.database import db, transaction
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser


def type_password(page: Page, password: str) -> None:
    page.get_by_label("E-mail address").fill("jo@derwent.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_mentor_sets_up_an_app_then_signs_in_with_password_and_a_recovery_code(cast: Cast, page_for: PageFor) -> None:
    assert cast
    page = page_for(None)
    page.goto("/c/derwent/sign-in")
    type_password(page, "not this")
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("E-mail address").input_value() == "jo@derwent.example"
    type_password(page, PASSWORD)
    page.get_by_role("button", name="Set up an app").click()
    secret = page.locator(".address").inner_text().replace(" ", "")
    assert violations(page) == []
    page.get_by_label("Type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Go on").click()
    recovery = page.locator(".recovery-codes code").first.inner_text()
    assert violations(page) == []
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/caseload")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/c/derwent/sign-in")
    type_password(page, PASSWORD)
    page.get_by_label("Code from your authenticator app").fill(recovery)
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/caseload")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/c/derwent/sign-in", "/c/derwent/card", "/help-now"])
def test_axe_finds_nothing_before_sign_in(cast: Cast, page_for: PageFor, path: str, scheme: str) -> None:
    assert cast
    page = page_for(None, scheme=scheme)
    page.goto(path)
    assert violations(page) == []


def test_a_young_person_uses_a_card_then_pictures(cast: Cast, page_for: PageFor) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
    page = page_for(None)
    page.goto(f"/c/derwent/card#{code}")
    page.get_by_role("button", name="Next").click()
    for word in ("Cat", "Sun", "Boat", "Star"):
        page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_url("**/home")
    page.context.clear_cookies(name="tidemark")
    page.goto("/my-pictures")
    for word in ("Cat", "Sun", "Boat", "Moon"):
        page.get_by_role("button", name=word, exact=True).click()
    page.get_by_role("alert").wait_for()
    for word in ("Cat", "Sun", "Boat", "Star"):
        page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_url("**/home")
