"""A young person reads what is looked for, writes it and is told at once; their mentor takes it on."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.database import transaction
from app.safeguarding.cover import same_hours
from app.safeguarding.services import set_rules
from app.safeguarding.values import Rules, starter_phrases
from tests.journeys.accessibility import violations
from tests.journeys.conftest import DESK, PHONE, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

OFFICE = same_hours(frozenset(range(5)), time(9), time(17))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_told_before_told_at_once_and_taken_on(lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    cover = frozenset({lived_in.council_staff.account_id})
    with transaction():
        rules = Rules(starter_phrases(), OFFICE, timedelta(hours=4), cover)
        set_rules(viewer=lived_in.council_staff, rules=rules)
    young = page_for(lived_in.young_person, scheme=scheme)
    young.goto("/posts/new")
    assert violations(young) == []
    young.screenshot(path=tmp_path / "write.png", full_page=True)
    young.get_by_role("link", name="Which words, and what happens then").tap()
    expect(young.get_by_text("You are not in trouble. Nothing is taken from you.")).to_be_visible()
    assert violations(young) == []
    young.screenshot(path=tmp_path / "words.png", full_page=True)
    young.goto("/posts/new")
    young.get_by_role("textbox").fill("Maths was ok. Some days I wanna d1e. Dont tell mum.")
    young.get_by_role("radio", name="Only me").check()
    young.get_by_role("button", name="Post it", exact=True).tap()
    told = young.get_by_role("status").filter(has_text="Some words you wrote tell us")
    expect(told).to_contain_text("You are not in trouble.")
    expect(told).to_be_in_viewport()
    assert violations(young) == []
    young.screenshot(path=tmp_path / "told.png")
    young.get_by_role("link", name="Help now").tap()
    expect(young.get_by_text("Words you wrote: today at")).to_be_visible()
    expect(young.get_by_text("Adults are here to look at it: Monday to Friday, 9am to 5pm.")).to_be_visible()
    assert violations(young) == []
    young.screenshot(path=tmp_path / "help.png", full_page=True)

    mentor = page_for(lived_in.mentor, scheme=scheme)
    mentor.goto(f"/young-people/{lived_in.amina}")
    expect(mentor.get_by_text("Some days I wanna d1e.")).to_be_visible()
    expect(mentor.get_by_text("Dont tell mum")).to_have_count(0)
    assert violations(mentor) == []
    mentor.screenshot(path=tmp_path / "mentor.png")
    mentor.get_by_role("button", name="I have this").tap()
    expect(mentor.get_by_text("You have this. Amina is told that you have seen it.")).to_be_visible()
    young.reload()
    expect(young.get_by_text("Jo saw it")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_staff_set_what_is_looked_for(lived_in: Cast, page_for: PageFor, tmp_path: Path, size: tuple[int, int]) -> None:
    staff = page_for(lived_in.council_staff, size=size)
    staff.goto("/calls-for-help")
    staff.get_by_role("link", name="Set them").click()
    expect(staff.get_by_label("Phrases to look for, one in each line")).to_have_value("\n".join(starter_phrases()))
    assert violations(staff) == []
    for day, closes in {"Monday": "17:30", "Wednesday": "17:30", "Friday": "16:00"}.items():
        staff.get_by_label(f"{day}, from").fill("09:00")
        staff.get_by_label(f"{day}, to").fill(closes)
    staff.get_by_label("A mentor has to have it within so many hours of cover").fill("4")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_role("link", name="Choose one person or more.")).to_be_visible()
    staff.get_by_role("checkbox", name="Colin Staff").check()
    assert violations(staff) == []
    staff.screenshot(path=tmp_path / "rules.png", full_page=True)
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_text("Monday and Wednesday, 9am to 5:30pm; Friday, 9am to 4pm")).to_be_visible()
    assert violations(staff) == []
