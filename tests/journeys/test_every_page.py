"""Every page of a made-up council: axe, console, width and size of text, on a phone and a desk, light and dark."""

import re
from typing import Literal
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.values import Viewer
from tests.journeys.accessibility import violations
from tests.journeys.conftest import DESK, PHONE, PageFor
from tests.journeys.pages import FILES, NO_PAGE, OF_ONE, PAGES, all_paths, ids_of
from tests.journeys.screenshots import PAGES as SCREENSHOTS
from tests.journeys.screenshots import shots_of_pages

pytestmark = pytest.mark.browser

SMALLEST_TEXT = """() => Math.min(99, ...[...document.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && text.getBoundingClientRect().width)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
CONTROLS = (
    "button, .button, .govuk-button, .pill, summary, select, textarea, input:not([type=hidden])"
    ", nav a, header a:not(.skip), .back a"
)
SMALL_TARGETS = """(controls) => {
  const area = (one) => (one.matches("[type=radio], [type=checkbox]") && one.labels?.[0]) || one;
  const height = (one) => Math.max(...[one, area(one)].map((each) => each.getBoundingClientRect().height));
  return [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility() && area(one).getBoundingClientRect().width && height(one) < 44)
    .map((one) => `${height(one)} ${one.outerHTML.slice(0, 80)}`);
}"""
IDS = {name for paths in OF_ONE.values() for path in paths for name in re.findall(r"{(\w+)}", path)}
THEMES: tuple[tuple[Literal["light", "dark"], tuple[int, int]], ...] = (("light", PHONE), ("dark", DESK))


def problems_of(page: Page, *, is_touched: bool) -> list[str]:
    """Return what is wrong with the page that is open; `is_touched`: fingers tap what is on it."""
    found = violations(page)
    if page.evaluate(STICKS_OUT):
        found.append("wider than the screen")
    smallest = page.evaluate(SMALLEST_TEXT)
    if smallest < 12:
        found.append(f"text in a chart is {smallest:.1f} px")
    if is_touched:
        found += [f"small target: {one}" for one in page.evaluate(SMALL_TARGETS, CONTROLS)]
    return [f"{page.url.split('/', 3)[3]}: {one}" for one in found]


@pytest.mark.parametrize("role", PAGES)
def test_no_page_has_anything_wrong(demo_people: dict[str, Viewer], page_for: PageFor, role: str) -> None:
    """Each page is opened once: light on a phone, then dark on a desk."""
    found = []
    page = page_for(demo_people.get(role), size=PHONE)
    for path in all_paths(ids_of(demo_people))[role]:
        answer = page.goto(path)
        if answer is None or not answer.ok:
            found.append(f"{path}: {answer and answer.status}")
            continue
        for scheme, (width, height) in THEMES:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            is_touched = role == "young_person" or (width, height) == PHONE
            found += [f"{scheme}: {one}" for one in problems_of(page, is_touched=is_touched)]
    assert found == []


def test_every_page_is_looked_at_or_says_why_not(app: Flask) -> None:
    addresses = app.url_map.bind("localhost")
    listed = {path.partition("?")[0] for paths in all_paths(dict.fromkeys(IDS, uuid4())).values() for path in paths}
    shown = {addresses.match(path)[0] for path in listed}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.endswith(FILES)
    }
    assert pages - shown == set(NO_PAGE) & pages
    assert shown & set(NO_PAGE) == set()
    assert all(len(reason.split()) > 0 for reason in NO_PAGE.values())


def test_every_page_has_its_picture_in_both_themes(app: Flask) -> None:
    wanted = {
        f"{shot.name}-{scheme}.png"
        for shot in shots_of_pages(app, all_paths(dict.fromkeys(IDS, uuid4())))
        for scheme in ("light", "dark")
    }
    assert {path.name for path in SCREENSHOTS.glob("*.png")} == wanted


ROW = """() => {
  const row = document.querySelector(".bar ul"), here = row.querySelector("[aria-current]").getBoundingClientRect();
  return [row.getBoundingClientRect().height, here.left >= 0 && here.right <= innerWidth - 20];
}"""


@pytest.mark.parametrize("path", ["/what-helped", "/young-people", "/offers", "/data-requests", "/calls-for-help"])
def test_the_links_on_top_are_one_row_on_a_phone_with_the_page_s_own_in_sight(
    demo_people: dict[str, Viewer], page_for: PageFor, path: str
) -> None:
    page = page_for(demo_people["council_staff"], size=PHONE)
    page.goto(path)
    assert page.evaluate(ROW) == [44, True]


def test_a_link_that_has_the_focus_comes_into_sight(demo_people: dict[str, Viewer], page_for: PageFor) -> None:
    page = page_for(demo_people["council_staff"], size=PHONE)
    page.goto("/what-helped")
    last = page.get_by_role("link", name="Keeping safe")
    expect(last).not_to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Requests").focus()
    page.keyboard.press("Tab")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport(ratio=1)
