"""From the comparison to one intervention and away with its figures, on a phone, with JavaScript and without."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.capabilities.impact_pages.published import publish_known_cells
from tests.capabilities.impact_pages.reading import path_of
from tests.journeys.accessibility import violations
from tests.journeys.conftest import DESK, PHONE, PageFor
from tests.journeys.test_every_page import SMALLEST_TEXT, STICKS_OUT
from tests.people import Cast

pytestmark = pytest.mark.browser

SIDEWAYS = """() => [...document.querySelectorAll("main table")]
    .filter((table) => table.getBoundingClientRect().right > table.closest(".card").getBoundingClientRect().right + 1)
    .map((table) => table.caption.textContent)"""


@pytest.fixture
def council(cast: Cast) -> Cast:
    publish_known_cells(cast)
    return cast


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_comparison_to_the_details_and_a_file(
    council: Cast, page_for: PageFor, tmp_path: Path, *, javascript: bool
) -> None:
    page = page_for(council.council_staff, javascript=javascript)
    page.goto("/what-helped")
    page.get_by_role("link", name="Climbing club").tap()
    expect(page.get_by_role("heading", name="Climbing club", level=1)).to_be_visible()
    expect(page.get_by_text("Prompts answered: 81% before, 74% after the first session.")).to_be_visible()
    expect(page.get_by_role("img", name="Change by sessions attended so far")).to_be_visible()
    page.get_by_text("Sessions as a table").tap()
    expect(page.get_by_role("row", name="8 or more, less 1 to 3 +1.2 +0.4 to +2.0")).to_be_visible()
    expect(page.get_by_role("row", name="Still coming 30")).to_be_visible()
    page.get_by_text("By sex and need", exact=True).tap()
    expect(page.get_by_role("row", name="Female · Autism +0.7 +0.2 to +1.2")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").tap()
    file = tmp_path / "figures.csv"
    waiting.value.save_as(file)
    parts = {row["Part"] for row in csv.DictReader(file.open())}
    assert {"Everyone", "Who answers", "Sessions attended", "By sex and need"} <= parts


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_reads_well_with_everything_unfolded(
    council: Cast, page_for: PageFor, scheme: str, size: tuple[int, int]
) -> None:
    page = page_for(council.council_staff, size=size, scheme=scheme)
    page.goto(path_of("Climbing club"))
    for fold in page.locator("main details").all():
        fold.evaluate("(one) => { one.open = true; }")
    assert page.evaluate(SMALLEST_TEXT) >= 12
    assert not page.evaluate(STICKS_OUT)
    assert page.evaluate(SIDEWAYS) == []
    assert violations(page) == []


def test_explore_draws_weeks_and_sessions(council: Cast, page_for: PageFor) -> None:
    page = page_for(council.council_staff)
    page.goto(path_of("Climbing club"))
    page.get_by_role("link", name="Explore").tap()
    page.locator("#dose[data-drawn=yes]").wait_for()
    assert page.locator("#shape .scatterlayer .point").count() == 6
    assert page.locator("#dose .scatterlayer .point").count() == 3
    assert page.locator("style").count() == 0
    assert page.evaluate(SMALLEST_TEXT) >= 12
    assert not page.evaluate(STICKS_OUT)
    assert violations(page) == []
