"""From the comparison to one intervention and away with a file, on a phone, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from app.database import transaction
from app.impact.services import refresh
from tests.capabilities.impact_pages.council import Plan, make_council
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


def test_one_intervention_is_read_and_taken_to_a_meeting(cast: Cast, page_for: PageFor) -> None:
    with transaction():
        make_council(cast.council_id, (Plan("Climbing club", 150, effect=1.0),), people=170, weeks=13)
    with transaction():
        refresh(council_id=cast.council_id)
    for javascript in (True, False):
        page = page_for(cast.council_staff, javascript=javascript)
        page.goto("/what-helped")
        page.get_by_role("link", name="Climbing club").click()
        expect(page.get_by_role("heading", name="Climbing club", level=1)).to_be_visible()
        for section in ("Before and after the first session", "What is missing", "By sessions attended so far"):
            expect(page.get_by_role("heading", name=section)).to_be_visible()
        page.get_by_text("The same as a table").click()
        expect(page.get_by_role("row", name="Weeks 2 to 3")).to_be_visible()
        expect(page.get_by_role("row", name="1 to 3 sessions", exact=False).first).to_be_visible()
        expect(page.get_by_role("row", name="Still coming")).to_be_visible()
        with page.expect_download() as file:
            page.get_by_role("link", name="CSV").click()
        content = file.value.path().read_text()
        assert "Sessions attended so far,1 to 3 sessions" in content
        assert "Who stays and who stops,Still coming" in content
