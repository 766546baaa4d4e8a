"""A young person shows their one page to a new teacher by a link, sees that it was opened, and stops it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from app.web import printing
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PHONE, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shown_opened_told_and_stopped(lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str) -> None:
    young = page_for(lived_in.young_person, scheme=scheme)
    young.goto("/profile")
    young.get_by_role("link", name="Make a link").tap()
    young.get_by_role("button", name="Make the link").tap()
    expect(young.get_by_text("Write who it is for.")).to_be_visible()
    young.get_by_label("Who is it for?").fill("Mrs Khan")
    young.get_by_role("checkbox", name="What people like and admire about me").uncheck()
    young.get_by_role("radio", name="One day").tap()
    assert violations(young) == []
    young.get_by_role("button", name="Make the link").tap()
    link = young.get_by_role("textbox", name="The link").input_value()
    assert violations(young) == []
    young.screenshot(path=tmp_path / "made.png", full_page=True)

    teacher = page_for(None, scheme=scheme, size=PHONE)
    teacher.goto(link)
    assert "#" not in teacher.url
    assert violations(teacher) == []
    teacher.get_by_role("button", name="Open it").tap()
    expect(teacher.get_by_role("heading", name="How best to support me")).to_be_visible()
    expect(teacher.get_by_role("heading", name="What people like and admire about me")).to_have_count(0)
    assert violations(teacher) == []
    teacher.screenshot(path=tmp_path / "opened.png", full_page=True)
    if not printing.why_not():
        with teacher.expect_download() as download:
            teacher.get_by_role("button", name="Keep as PDF").tap()
        assert len(PdfReader(download.value.path()).pages) == 1

    young.goto("/profile")
    expect(young.get_by_text(re.compile(r"^Mrs Khan opened it today at"))).to_be_visible()
    young.get_by_role("link", name="See my links, or make one").tap()
    young.screenshot(path=tmp_path / "told.png", full_page=True)
    young.get_by_role("button", name="Stop the link for Mrs Khan").tap()
    expect(young.get_by_text("Stopped. It does not open any more.")).to_be_visible()
    again = page_for(None, scheme=scheme)
    again.goto(link)
    again.get_by_role("button", name="Open it").tap()
    expect(again.get_by_text("That link does not work now.")).to_be_visible()
    expect(again.get_by_text("What to do when things are hard")).to_have_count(0)


def test_without_javascript_the_code_is_typed(lived_in: Cast, page_for: PageFor) -> None:
    young = page_for(lived_in.young_person, javascript=False)
    young.goto("/profile/links")
    young.get_by_label("Who is it for?").fill("Dr Lee")
    young.get_by_role("button", name="Make the link").tap()
    young.get_by_text("They can’t scan it").tap()
    code = young.locator(".receipt").inner_text()
    reader = page_for(None, javascript=False)
    reader.goto("/c/derwent/one-page")
    reader.get_by_label("The code").fill(code)
    reader.get_by_role("button", name="Open it").tap()
    expect(reader.get_by_role("heading", name="How best to support me")).to_be_visible()
