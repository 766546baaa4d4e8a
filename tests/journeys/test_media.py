"""From a face to a photo on a phone, and what the mentor sees of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.capabilities.media import made
from tests.journeys.accessibility import violations
from tests.journeys.chromium import find_without_windows, launch_flags
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_main_job import check_in_with_two_taps
from tests.people import Cast

pytestmark = pytest.mark.browser

PRETENDED = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
IS_LOADED = "(image) => image.complete && image.naturalWidth > 0"


@pytest.fixture(scope="module")
def with_microphone(browser: Browser) -> Iterator[Browser]:
    """Return a browser with a pretended microphone, which beeps."""
    hearing = browser.browser_type.launch(executable_path=find_without_windows(), args=[*launch_flags(), *PRETENDED])
    yield hearing
    hearing.close()


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


def drag(page: Page, *points: tuple[float, float]) -> None:
    """Draw through points, each a share of the paper's width and height."""
    paper = page.get_by_role("img", name="Your drawing")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    for index, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if not index:
            page.mouse.down()
    page.mouse.up()


COLOURS_OF = """(image) => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 24, height: 24});
    const paint = canvas.getContext("2d");
    paint.drawImage(image, 0, 0, 24, 24);
    const {data} = paint.getImageData(0, 0, 24, 24);
    const found = {red: 0, blue: 0, white: 0};
    for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue] = data.slice(at, at + 3);
        if (red > 240 && green > 240 && blue > 240) found.white++;
        else if (red > blue + 40) found.red++;
        else if (blue > red + 40) found.blue++;
    }
    return found;
}"""


def add_drawing(page: Page) -> None:
    """Draw a red line, undo a blue one, and draw another with the keys."""
    page.get_by_role("button", name="Drawing").tap()
    expect(page.get_by_role("img", name="Your drawing")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("Draw something first.")).to_be_visible()
    page.get_by_label("Red").check(force=True)
    page.get_by_label("Thick").check(force=True)
    drag(page, (0.2, 0.2), (0.8, 0.8))
    page.get_by_label("Blue").check(force=True)
    drag(page, (0.8, 0.2), (0.2, 0.8))
    page.get_by_role("button", name="Undo").tap()
    page.get_by_label("Red").check(force=True)
    page.get_by_role("img", name="Your drawing").focus()
    for key in ("Space", *["ArrowRight"] * 8, "Space"):
        page.keyboard.press(key)
    assert violations(page) == []
    page.get_by_label("What is in your picture?").fill("A red road")
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("Drawing added.")).to_be_visible()
    assert is_loaded(page, "Drawing: A red road")
    seen = page.get_by_role("img", name="Drawing: A red road").evaluate(COLOURS_OF)
    assert seen["red"] > 10
    assert seen["blue"] == 0
    assert seen["white"] > 300


def add_voice_note(page: Page) -> None:
    """Record what Chromium's pretended microphone hears, throw it away, record again, listen and add it."""
    page.get_by_role("button", name="Voice note").tap()
    record = page.get_by_role("button", name="Record")
    for again in (True, False):
        record.tap()
        expect(page.locator("[data-time]")).to_have_text("0:01")
        page.get_by_role("button", name="Stop").tap()
        expect(page.locator("audio[data-preview]")).to_be_visible()
        if again:
            page.get_by_role("button", name="Throw it away").tap()
            expect(page.locator("audio[data-preview]")).to_be_hidden()
    assert violations(page) == []
    page.get_by_label("What do you say in it?").fill("Beeping")
    page.get_by_role("button", name="Add it").tap()
    expect(page.get_by_text("Voice note added.")).to_be_visible()


PLAYS = """async (sound) => {
    sound.muted = true;
    await sound.play();
    await new Promise((done) => { sound.ontimeupdate = () => { if (sound.currentTime > 0) done(); }; });
    sound.pause();
    return sound.duration;
}"""


def hear(page: Page) -> None:
    seconds = page.locator("audio[aria-label='Voice note: Beeping']").first.evaluate(PLAYS)
    assert 0.5 < seconds < 10


def test_a_face_a_photo_a_drawing_and_a_voice_note_reach_the_mentor(
    cast: Cast, page_for: PageFor, with_microphone: Browser, tmp_path: Path
) -> None:
    young = page_for(cast.young_person, using=with_microphone)
    young.context.grant_permissions(["microphone"])
    check_in_with_two_taps(young)
    add_photo(young, tmp_path)
    add_drawing(young)
    add_voice_note(young)
    hear(young)
    mentor = page_for(cast.mentor)
    mentor.goto(f"/young-people/{cast.amina}")
    assert is_loaded(mentor, "Photo: Biscuit on the wall")
    assert is_loaded(mentor, "Drawing: A red road")
    hear(mentor)
    mentor.get_by_role("link", name="Photo: Biscuit on the wall").tap()
    assert is_loaded(mentor, "Photo: Biscuit on the wall")
    assert violations(mentor) == []


def test_only_the_page_that_records_may_ask_for_the_microphone(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    allowed = "(what) => document.featurePolicy.allowsFeature(what)"
    for path, may in (("/home", False), ("/posts/new/photo", False), ("/posts/new/voice", True)):
        page.goto(path)
        assert page.evaluate(allowed, "microphone") is may
        assert page.evaluate(allowed, "camera") is False


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
