"""A mentor takes a call for help on, writes down what was decided, and the young person reads what happens next."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import clock
from app.database import transaction
from app.safeguarding.services import raise_concern
from app.web import printing
from app.young_people.queries import own_access
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


def test_one_tap_says_that_somebody_does_not_feel_safe(lived_in: Cast, page_for: PageFor) -> None:
    young = page_for(lived_in.young_person)
    young.goto("/help-now")
    button = young.get_by_role("button", name="I don’t feel safe")
    expect(button).to_be_in_viewport()
    button.tap()
    expect(young.get_by_text("Sent. If you are not safe now, call one of the numbers.")).to_be_visible()
    expect(young.get_by_text("You said you don’t feel safe")).to_be_visible()
    assert violations(young) == []
    mentor = page_for(lived_in.mentor)
    mentor.goto(f"/young-people/{lived_in.amina}")
    expect(mentor.get_by_text("They tapped “I don’t feel safe”.")).to_be_visible()


WHY = "Amina said that the shouting has stopped. Her aunt stays until Sunday. Social care know."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_taken_on_decided_and_told(lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    with transaction():
        access = own_access(lived_in.young_person)
        raise_concern(viewer=lived_in.young_person, access=access, words="They shout all night.")
    mentor = page_for(lived_in.mentor, scheme=scheme)
    mentor.goto(f"/young-people/{lived_in.amina}")
    mentor.get_by_role("button", name="I have this").tap()
    expect(mentor.get_by_role("heading", name="Call for help of Amina")).to_be_visible()
    assert violations(mentor) == []
    mentor.get_by_role("checkbox", name="Talked with the young person").check()
    mentor.get_by_role("checkbox", name="Referred to children’s social care (MASH)").check()
    mentor.get_by_label("What was decided, and why?").fill(WHY)
    mentor.get_by_role("radio", name="It stays open, to be looked at again").check()
    mentor.get_by_role("checkbox", name="The young person may be told").check()
    mentor.get_by_role("button", name="Write it down").tap()
    expect(mentor.get_by_role("link", name="Say below on which day it is looked at again.")).to_be_visible()
    expect(mentor.get_by_label("What was decided, and why?")).to_have_value(WHY)
    assert violations(mentor) == []
    mentor.get_by_label("Look at it again on").fill((clock.today() + timedelta(days=7)).isoformat())
    mentor.screenshot(path=tmp_path / "decide.png", full_page=True)
    mentor.get_by_role("button", name="Write it down").tap()
    expect(mentor.get_by_text("Written down. Nobody can change it")).to_be_visible()
    expect(mentor.get_by_text("Jo Mentor decided: Talked with the young person; Referred to")).to_be_visible()
    assert violations(mentor) == []
    mentor.screenshot(path=tmp_path / "decided.png", full_page=True)
    assert mentor.evaluate("document.documentElement.scrollWidth") <= 390

    young = page_for(lived_in.young_person, scheme=scheme)
    young.goto("/home")
    young.get_by_role("link", name="You asked for help").tap()
    expect(young.get_by_text("Jo asked social workers to help.")).to_be_visible()
    expect(young.get_by_text("Her aunt stays")).to_have_count(0)
    assert violations(young) == []
    young.screenshot(path=tmp_path / "told.png", full_page=True)

    mentor.get_by_role("checkbox", name="No further action").check()
    mentor.get_by_label("What was decided, and why?").fill("All is calm. Amina says that it is enough.")
    mentor.get_by_role("radio", name="It is closed").check()
    mentor.get_by_role("button", name="Write it down").tap()
    expect(mentor.get_by_text("Closed.")).to_be_visible()
    expect(mentor.get_by_text(WHY)).to_be_visible()

    for name, file in (
        ("For a meeting (PDF)", "call-for-help.pdf"),
        ("For another program (JSON)", "call-for-help.json"),
    ):
        link = mentor.get_by_role("link", name=name)
        if "PDF" in name and printing.why_not():
            expect(link).to_have_count(0)
            continue
        with mentor.expect_download() as coming:
            link.tap()
        assert coming.value.suggested_filename == file
        coming.value.save_as(tmp_path / file)
        assert WHY in (tmp_path / file).read_text(errors="replace") or file.endswith(".pdf")
    link.scroll_into_view_if_needed()
    mentor.screenshot(path=tmp_path / "files.png")
