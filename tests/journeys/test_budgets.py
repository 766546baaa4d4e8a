"""What young people's pages may weigh, counted on the wire with headers and all."""

import gzip

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.conftest import SignIn
from tests.journeys.conftest import PageFor
from tests.journeys.pages import PAGES
from tests.journeys.test_offline import open_home
from tests.journeys.wire import Wire
from tests.people import Cast

pytestmark = pytest.mark.browser

FIRST_VISIT, NEXT_VISIT, JAVASCRIPT = 60_000, 12_000, 35_000
SCRIPTS = "() => [...document.scripts].filter((one) => one.src).map((one) => one.getAttribute('src'))"


def weigh(page: Page, wire: Wire, path: str) -> int:
    before = wire.bytes_to_phone
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return wire.bytes_to_phone - before


def test_a_first_visit_and_the_next_stay_within_what_a_phone_s_data_is_worth(
    lived_in: Cast, page_for: PageFor, wire: Wire
) -> None:
    page = page_for(lived_in.young_person, url=wire.url)
    open_home(page)
    page.wait_for_load_state("networkidle")
    assert wire.bytes_to_phone <= FIRST_VISIT
    for path in ("/home", "/check-in", "/posts", "/profile", "/goals", "/me"):
        assert weigh(page, wire, path) <= NEXT_VISIT, path


def test_no_page_of_theirs_loads_more_script_than_its_share(
    app: Flask, lived_in: Cast, page_for: PageFor, sign_in: SignIn
) -> None:
    page = page_for(lived_in.young_person)
    client = sign_in(lived_in.young_person)
    worker = len(gzip.compress(client.get("/service-worker.js").data))
    heavy = {}
    for path in PAGES["young_person"]:
        page.goto(path)
        files = [
            app.test_client().get(source, headers={"Accept-Encoding": "gzip"}) for source in page.evaluate(SCRIPTS)
        ]
        weight = worker + sum(len(one.data) for one in files)
        if weight > JAVASCRIPT:
            heavy[path] = weight
    assert heavy == {}
