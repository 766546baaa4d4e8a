"""A young person looks back at their weeks and year on a phone, and a screen reader finds each day in words."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.accounts.values import Viewer
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor

pytestmark = pytest.mark.browser

WIDTHS = """() => [1, 5].map((level) => document.querySelector(`.year .day-${level}`).getBoundingClientRect().width)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_half_a_year_and_a_year(demo_people: dict[str, Viewer], page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    page = page_for(demo_people["young_person"], scheme=scheme)
    page.goto("/me")
    page.get_by_role("link", name="My weeks").tap()
    expect(page.get_by_role("img", name="Your last half year, week by week.")).to_be_visible()
    for summary in page.get_by_text("The same in words").all():
        summary.tap()
    table = page.get_by_role("table", name="Each day of the last twelve months")
    assert table.get_by_role("row").count() == 32
    assert table.get_by_role("columnheader").count() == 13
    assert table.get_by_role("cell", name="good").count() > 3
    hard, good = page.evaluate(WIDTHS)
    assert good > 2 * hard
    assert violations(page) == []
    page.screenshot(path=tmp_path / "weeks.png", full_page=True)
