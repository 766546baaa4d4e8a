"""A young person puts a picture on their one page, with and without a signal, and the adults they choose see it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.web import printing
from tests.capabilities.media import made
from tests.journeys.accessibility import violations
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_media import COLOURS_OF, drag, is_loaded, photo
from tests.people import Cast

pytestmark = pytest.mark.browser
BISCUIT = "My dog Biscuit on the wall"


def put_photo_on(page: Page, folder: Path) -> None:
    page.goto("/profile")
    page.get_by_role("link", name="New photo").tap()
    page.get_by_label("What is in your photo?").fill(BISCUIT)
    page.get_by_label("Choose or take a photo").set_input_files(photo(folder))
    assert is_loaded(page, "Your photo")
    expect(page.get_by_text("For Jo")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_photo_then_a_drawing_and_what_the_adults_see(
    lived_in: Cast, page_for: PageFor, tmp_path: Path, scheme: str
) -> None:
    young = page_for(lived_in.young_person, scheme=scheme)
    put_photo_on(young, tmp_path)
    young.get_by_role("button", name="Add it").tap()
    assert is_loaded(young, BISCUIT)
    assert violations(young) == []
    mentor = page_for(lived_in.mentor, scheme=scheme)
    mentor.goto(f"/young-people/{lived_in.amina}/profile")
    assert is_loaded(mentor, BISCUIT)
    assert violations(mentor) == []
    mentor.get_by_role("link", name="Print on one page").tap()
    assert is_loaded(mentor, BISCUIT)
    assert violations(mentor) == []

    young.get_by_role("link", name="New drawing").tap()
    expect(young.get_by_role("img", name="Your drawing")).to_be_visible()
    young.wait_for_load_state()
    young.get_by_label("Red").check(force=True)
    young.get_by_label("Thick").check(force=True)
    drag(young, (0.2, 0.2), (0.8, 0.8))
    young.get_by_role("button", name="Add it").tap()
    assert is_loaded(young, "The drawing that Amina chose")
    assert young.get_by_role("img", name="The drawing that Amina chose").evaluate(COLOURS_OF)["red"] > 10
    young.get_by_role("link", name="Earlier versions").tap()
    young.locator("summary").nth(1).tap()
    assert is_loaded(young, f"Photo: {BISCUIT}")
    assert violations(young) == []

    young.goto("/profile/who-sees")
    young.get_by_label("My picture").select_option(label="Only me")
    young.get_by_role("button", name="Save").tap()
    expect(young.get_by_text("This part: just you")).to_be_visible()
    mentor.goto(f"/young-people/{lived_in.amina}/profile")
    expect(mentor.get_by_role("heading", name="How best to support me")).to_be_visible()
    expect(mentor.locator("main img")).to_have_count(0)

    young.get_by_role("button", name="Take it away").tap()
    expect(young.get_by_text("Nobody sees the drawing now.")).to_be_visible()
    young.get_by_role("button", name="Put it back").tap()
    assert is_loaded(young, "The drawing that Amina chose")


def test_a_link_carries_it_for_a_reader_without_an_account(lived_in: Cast, page_for: PageFor, tmp_path: Path) -> None:
    young = page_for(lived_in.young_person)
    put_photo_on(young, tmp_path)
    young.get_by_role("button", name="Add it").tap()
    young.get_by_role("link", name="Make a link").tap()
    young.get_by_label("Who is it for?").fill("Mrs Khan")
    expect(young.get_by_role("checkbox", name="My picture")).not_to_be_checked()
    young.get_by_role("checkbox", name="My picture").check()
    young.get_by_role("button", name="Make the link").tap()
    teacher = page_for(None)
    teacher.goto(young.get_by_role("textbox", name="The link").input_value())
    teacher.get_by_role("button", name="Open it").tap()
    assert is_loaded(teacher, BISCUIT)
    assert violations(teacher) == []
    teacher.screenshot(path=tmp_path / "opened.png", full_page=True)
    if not printing.why_not():
        with teacher.expect_download() as download:
            teacher.get_by_role("button", name="Keep as PDF").tap()
        (only,) = PdfReader(download.value.path()).pages
        assert len(only.images) == 1


def test_with_no_signal_or_a_bad_file_nothing_is_lost(
    lived_in: Cast, page_for: PageFor, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expects_failures = True
    page = page_for(lived_in.young_person)
    put_photo_on(page, tmp_path)
    page.context.set_offline(True)
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("Check your signal, then try again.")).to_be_visible()
    expect(page.get_by_label("What is in your photo?")).to_have_value(BISCUIT)
    page.context.set_offline(False)
    svg = tmp_path / "me.svg"
    svg.write_bytes(made.svg())
    page.get_by_label("Choose or take a photo").set_input_files(svg)
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("A program can hide in it")).to_be_visible()
    expect(page.get_by_label("What is in your photo?")).to_have_value(BISCUIT)
    page.get_by_label("Choose or take a photo").set_input_files(tmp_path / "IMG_0001.JPG")
    page.get_by_role("button", name="Add it").tap()
    assert is_loaded(page, BISCUIT)
    expect(page.get_by_role("heading", name="How best to support me")).to_be_visible()
