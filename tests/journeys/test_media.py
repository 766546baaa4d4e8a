"""From a face to a photo on a phone, and what the mentor sees of it."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.capabilities.media import made
from tests.journeys.accessibility import violations
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_main_job import check_in_with_two_taps
from tests.people import Cast

pytestmark = pytest.mark.browser

IS_LOADED = "(image) => image.complete && image.naturalWidth > 0"


def photo(folder: Path) -> Path:
    path = folder / "IMG_0001.JPG"
    path.write_bytes(made.jpeg_with_gps((3_000, 2_000)))
    return path


def is_loaded(page: Page, alt: str) -> bool:
    image = page.get_by_role("img", name=alt).first
    expect(image).to_be_visible()
    page.wait_for_function(IS_LOADED, arg=image.element_handle())
    return True


def add_photo(page: Page, folder: Path) -> None:
    """Add a photo after a check-in: what is sent is smaller than what was taken, and previewed before."""
    page.get_by_role("link", name="Add: Photo").tap()
    page.get_by_label("Choose or take a photo").set_input_files(photo(folder))
    assert is_loaded(page, "Your photo")
    assert violations(page) == []
    page.get_by_label("What is in your photo?").fill("Biscuit on the wall")
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Add it").tap()
    assert made.MARK not in (sent.value.post_data_buffer or b"")
    expect(page.get_by_text("Photo added.")).to_be_visible()
    assert is_loaded(page, "Photo: Biscuit on the wall")


def test_a_photo_from_a_phone_to_the_mentor(cast: Cast, page_for: PageFor, tmp_path: Path) -> None:
    young = page_for(cast.young_person)
    check_in_with_two_taps(young)
    add_photo(young, tmp_path)
    mentor = page_for(cast.mentor)
    mentor.goto(f"/young-people/{cast.amina}")
    assert is_loaded(mentor, "Photo: Biscuit on the wall")
    mentor.get_by_role("link", name="Photo: Biscuit on the wall").tap()
    assert is_loaded(mentor, "Photo: Biscuit on the wall")
    assert violations(mentor) == []


def test_without_javascript_what_is_refused_keeps_what_was_typed(cast: Cast, page_for: PageFor, tmp_path: Path) -> None:
    page = page_for(cast.young_person, javascript=False)
    page.goto("/posts/new")
    page.locator("#words").fill("Look at this")
    page.get_by_role("button", name="Photo").tap()
    too_big = tmp_path / "big.jpg"
    too_big.write_bytes(made.fifty_megabytes())
    page.get_by_label("What is in your photo?").fill("Biscuit asleep")
    page.get_by_label("Choose or take a photo").set_input_files(too_big)
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("That is 50 MB. There is room for 12 MB.")).to_be_visible()
    expect(page.get_by_label("What is in your photo?")).to_have_value("Biscuit asleep")
    page.get_by_label("Choose or take a photo").set_input_files(photo(tmp_path))
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("Look at this")).to_be_visible()
    assert is_loaded(page, "Photo: Biscuit asleep")


def test_what_the_phone_cannot_open_says_so_beside_the_field(cast: Cast, page_for: PageFor, tmp_path: Path) -> None:
    page = page_for(cast.young_person)
    page.goto("/posts/new/photo")
    page.get_by_label("What is in your photo?").fill("A chart")
    drawing = tmp_path / "chart.svg"
    drawing.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script>")
    page.get_by_label("Choose or take a photo").set_input_files(drawing)
    page.get_by_role("button", name="Post it").tap()
    expect(page.get_by_text("A program can hide in it")).to_be_visible()
    expect(page.get_by_label("What is in your photo?")).to_have_value("A chart")
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(b"\xff\xd8\xff" + bytes(13_000_000))
    page.get_by_label("Choose or take a photo").set_input_files(huge)
    expect(page.get_by_text("That is too big to send.")).to_be_visible()


def test_with_no_signal_the_photo_stays_on_the_page(
    app: Flask, cast: Cast, page_for: PageFor, tmp_path: Path, complaints: Complaints
) -> None:
    assert app
    complaints.expects_failures = True
    page = page_for(cast.young_person)
    page.goto("/posts/new/photo")
    page.get_by_label("Choose or take a photo").set_input_files(photo(tmp_path))
    assert is_loaded(page, "Your photo")
    page.context.set_offline(True)
    page.get_by_role("button", name="Post it").tap()
    expect(page.get_by_text("Check your signal, then try again.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Post it").tap()
    expect(page.get_by_text("Photo added.")).to_be_visible()
