"""A young person makes Tidemark theirs on a phone: big words, other letters, pictures, calm, and a voice."""

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

FAMILY = "() => getComputedStyle(document.body).fontFamily"
SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LOADED = "() => document.fonts.ready.then(() => [...document.fonts].some((one) => one.status === 'loaded'))"
A_VOICE = """
    window.said = [];
    speechSynthesis.getVoices = () => [{ lang: "en-GB", name: "A voice" }];
    speechSynthesis.speak = (one) => window.said.push(one.text);
    SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
"""


@pytest.mark.parametrize("javascript", [True, False])
def test_words_letters_and_pictures_change_and_stay(lived_in: Cast, page_for: PageFor, javascript: bool) -> None:  # noqa: FBT001 (the case)
    page = page_for(lived_in.young_person, javascript=javascript)
    page.goto("/me")
    usual = page.evaluate(SIZE)
    page.get_by_role("link", name="How it looks and reads").click()
    for choice in ("Very big", "Clear letters", "Dark"):
        page.locator("label", has_text=choice).click()
    for choice in ("Calm", "Big buttons", "Pictures beside the words", "A button that reads"):
        page.locator("label", has_text=choice).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. It looks like this now.")
    page.wait_for_load_state("load")
    assert page.evaluate(SIZE) > 1.4 * usual
    assert "Atkinson" in page.evaluate(FAMILY)
    if not javascript:
        return
    assert page.evaluate(LOADED)
    for path in ("/home", "/check-in", "/goals", "/posts", "/profile", "/me"):
        page.goto(path)
        assert not page.evaluate(STICKS_OUT), path
        assert violations(page) == [], path
    assert page.locator(".tabs .symbol").count() == 5
    expect(page.locator("[data-read-aloud]")).to_be_hidden()


def test_the_page_is_read_where_the_phone_has_a_voice(lived_in: Cast, page_for: PageFor) -> None:
    page = page_for(lived_in.young_person)
    page.add_init_script(A_VOICE)
    page.goto("/me/how-it-looks")
    page.locator("label", has_text="A button that reads").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. It looks like this now.")
    page.goto("/goals")
    page.get_by_role("button", name="Read to me").click()
    said = page.evaluate("() => window.said")
    assert said[0] == "Goals" or "oal" in said[0]
    assert any("Swim a whole length" in text for text in said)
    expect(page.get_by_role("button", name="Read to me")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Read to me").click()
    expect(page.get_by_role("button", name="Read to me")).to_have_attribute("aria-pressed", "false")
