"""Another outcome is chosen on a phone, with JavaScript and without, and followed to one intervention and to levels."""

import pytest
from playwright.sync_api import Page, expect

from tests.capabilities.impact_pages.published import publish_known_cells
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.journeys.test_explore import SMALLEST_TEXT, STICKS_OUT
from tests.people import Cast

pytestmark = pytest.mark.browser


def looks_right(page: Page) -> bool:
    """Say whether the page is as wide as the phone, its charts can be read, and axe finds nothing."""
    assert violations(page) == []
    assert not page.evaluate(STICKS_OUT)
    return bool(page.evaluate(SMALLEST_TEXT) >= 12)


def test_another_outcome_is_chosen_and_followed(cast: Cast, page_for: PageFor) -> None:
    publish_known_cells(cast)
    for javascript, scheme in ((True, "dark"), (False, "light")):
        page = page_for(cast.council_staff, javascript=javascript, scheme=scheme)
        page.goto("/what-helped?by=need")
        page.get_by_role("navigation", name="What changed").get_by_role("link", name="School attendance").click()
        page.wait_for_url("**/what-helped?outcome=school-attendance&by=need")
        expect(page.get_by_role("rowheader", name="Autism")).to_be_visible()
        page.get_by_text("For whom: By need").click()
        assert not javascript or looks_right(page)
        page.get_by_role("link", name="Everyone").click()
        expect(page.get_by_text("8.6 percentage points higher")).to_be_visible()
        assert not javascript or looks_right(page)
        page.get_by_role("link", name="Climbing club").click()
        expect(page.get_by_role("heading", name="School attendance in bands, before and after")).to_be_visible()
        expect(page.get_by_role("img", name="10% to 80%: 15 before, 15 after")).to_be_visible()
        assert not javascript or looks_right(page)
        page.get_by_role("link", name="Bands of every intervention").click()
        expect(page.get_by_role("heading", name="Climbing club")).to_be_visible()
        assert not javascript or looks_right(page)
        with page.expect_download() as file:
            page.get_by_role("link", name="CSV").click()
        assert "Climbing club,Under 10%,withheld,withheld" in file.value.path().read_text()
        page.goto("/what-helped")
        page.get_by_role("link", name="Treated as asked?").click()
        expect(page.get_by_role("img", name="57%, likely between 47% and 66%")).to_be_visible()
        assert not javascript or looks_right(page)
        page.context.close()
