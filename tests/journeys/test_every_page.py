"""Every main page of a made-up council: axe, console, width and size of text, on a phone and a desk, light and dark."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts.sessions import viewer_of
from app.accounts.values import Viewer
from app.database import transaction
from app.demo import services as demo
from app.demo.queries import cast_accounts
from tests.journeys.accessibility import violations
from tests.journeys.conftest import DESK, PHONE, PageFor

pytestmark = pytest.mark.browser

PAGES = {
    "young_person": (
        "/home", "/check-in", "/check-ins", "/how-i-answer", "/posts", "/posts/new", "/posts/new/photo",
        "/posts/new/drawing", "/posts/new/voice", "/goals", "/goals/new", "/profile",
        "/profile/edit", "/profile/print", "/profile/versions", "/profile/links", "/profile/who-sees",
        "/my-breaks", "/my-breaks/so-far", "/me", "/me/my-data", "/my-copy", "/sign-in-again", "/me/who-looked",
        "/me/my-weeks", "/me/how-it-looks", "/reminders", "/help-now", "/help-now/words",
    ),
    "parent_carer": ("/caseload", "/my-copy"),
    "mentor": ("/caseload", "/emergency-access"),
    "council_staff": (
        "/what-helped", "/what-helped?by=need", "/what-helped?by=sex&and=age", "/what-helped/explore",
        "/what-helped?outcome=school-attendance", "/what-helped/treated-as-asked", "/what-helped/attendance-bands",
        "/what-helped/budget", "/young-people", "/offers", "/offers/new",
        "/data-requests", "/calls-for-help", "/calls-for-help/rules", "/notifications", "/emergency-access",
    ),
    "provider": ("/offers",),
    "administrator": ("/accounts", "/my-sign-in", "/my-sign-in/password", "/single-sign-on"),
    "auditor": ("/audit", "/audit?area=seen", "/audit/emergency-access", "/sign-in-again"),
}  # fmt: skip
SMALLEST_TEXT = """() => Math.min(99, ...[...document.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && text.getBoundingClientRect().width)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("main button, main .button, nav a, header a")]
    .filter((one) => one.getBoundingClientRect().width && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML.slice(0, 80))"""
FURTHER_LINKS = {
    "mentor": ("What followed", "When they are asked", "Who sees what"),
    "parent_carer": ("What followed",),
    "council_staff": ("Try a budget",),
}
FIRST_LINKS = {"mentor": "Amina", "parent_carer": "Amina", "provider": "Climbing", "council_staff": "Climbing"}


def problems_of(page: Page, *, is_young: bool) -> list[str]:
    """Return what is wrong with the page that is open."""
    found = violations(page)
    if page.evaluate(STICKS_OUT):
        found.append("wider than the screen")
    smallest = page.evaluate(SMALLEST_TEXT)
    if smallest < 12:
        found.append(f"text in a chart is {smallest:.1f} px")
    if is_young:
        found += [f"small target: {one}" for one in page.evaluate(SMALL_TARGETS)]
    return [f"{page.url.split('/', 3)[3]}: {one}" for one in found]


@pytest.fixture
def people(app: Flask) -> dict[str, Viewer]:
    assert app
    with transaction():
        demo.seed(people=24, seed=1)
    return {member.role: viewer_of(account) for member, account in cast_accounts()}


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_anything_wrong(
    people: dict[str, Viewer], page_for: PageFor, scheme: str, size: tuple[int, int]
) -> None:
    found = []
    for role, paths in PAGES.items():
        page = page_for(people[role], size=size, scheme=scheme)
        for path in paths:
            page.goto(path)
            found += problems_of(page, is_young=role == "young_person")
        if role in FIRST_LINKS:
            page.goto(paths[0])
            page.get_by_role("main").get_by_role("link", name=FIRST_LINKS[role]).first.click()
            page.wait_for_load_state("networkidle")
            found += problems_of(page, is_young=False)
            first = page.url
            for name in FURTHER_LINKS.get(role, ()):
                page.goto(first)
                page.get_by_role("link", name=name).click()
                page.wait_for_load_state("networkidle")
                found += problems_of(page, is_young=False)
        page.context.close()
    assert found == []
