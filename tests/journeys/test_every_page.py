"""Every page of a made-up council: axe, console, width and size of text, on a phone and a desk, light and dark."""

import re
from typing import Literal
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page

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
SMALL_TARGETS = """() => [...document.querySelectorAll("main button, main .button, nav a, header a")]
    .filter((one) => one.getBoundingClientRect().width && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML.slice(0, 80))"""
IDS = {name for paths in OF_ONE.values() for path in paths for name in re.findall(r"{(\w+)}", path)}
THEMES: tuple[tuple[Literal["light", "dark"], tuple[int, int]], ...] = (("light", PHONE), ("dark", DESK))


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
            found += [f"{scheme}: {one}" for one in problems_of(page, is_young=role == "young_person")]
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
