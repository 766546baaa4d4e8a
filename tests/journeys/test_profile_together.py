"""A mentor types a one-page profile with the young person beside them; it stands under the young person's name."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_said_by_one_typed_by_the_other(lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    mentor = page_for(lived_in.mentor, scheme=scheme)
    mentor.goto(f"/young-people/{lived_in.amina}/profile")
    mentor.get_by_role("link", name="Type it with Amina").tap()
    mentor.get_by_label("What helps you?").fill("word " * 150)
    mentor.get_by_role("button", name="Save it").tap()
    expect(mentor.get_by_role("link", name="There is room for 700")).to_be_visible()
    mentor.get_by_label("What helps you?").fill("Sit beside me, not opposite.")
    assert violations(mentor) == []
    mentor.screenshot(path=tmp_path / "together.png", full_page=True)
    mentor.get_by_role("button", name="Save it").tap()
    expect(mentor.get_by_text("Saved, as said by Amina and typed by you.")).to_be_visible()
    assert violations(mentor) == []
    young = page_for(lived_in.young_person, scheme=scheme)
    young.goto("/profile")
    expect(young.get_by_text("Sit beside me, not opposite.")).to_be_visible()
    expect(young.get_by_text("Said by Amina, typed by Jo Mentor")).to_be_visible()
