"""A young person looks back at their weeks and year on a phone, and a screen reader finds each day in words."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.accounts.sessions import viewer_of
from app.database import transaction
from app.demo import services as demo
from app.demo.queries import cast_accounts
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor

pytestmark = pytest.mark.browser

WIDTHS = """() => [1, 5].map((level) => document.querySelector(`.year .day-${level}`).getBoundingClientRect().width)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_half_a_year_and_a_year(app: Flask, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    assert app
    with transaction():
        demo.seed(people=24, seed=1)
    viewer = next(viewer_of(account) for member, account in cast_accounts() if member.role == "young_person")
    page = page_for(viewer, scheme=scheme)
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
