"""Young people's pages in forced colours, with letters twice as large, and by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.values import Viewer
from tests.journeys.accessibility import violations
from tests.journeys.chromium import find_without_windows, launch_flags
from tests.journeys.conftest import PageFor
from tests.journeys.pages import PAGES
from tests.journeys.test_every_page import STICKS_OUT
from tests.people import Cast

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return "";
  return [one.innerText, one.getAttribute("aria-label"), one.value, one.id, one.labels?.[0]?.innerText].join(" | ");
}"""
VISIBLE_FOCUS = "() => getComputedStyle(document.activeElement.closest('label') ?? document.activeElement).outlineStyle"
OFFLINE = ("/offline",)
FURTHEST = 60


def problems_on_every_page(page: Page) -> list[str]:
    found = []
    for path in PAGES["young_person"] + OFFLINE:
        page.goto(path)
        found += [f"{path}: {one}" for one in violations(page)]
        if page.evaluate(STICKS_OUT):
            found.append(f"{path}: wider than the screen")
    return found


def test_nothing_is_wrong_in_forced_colours_or_with_letters_twice_as_large(
    lived_in: Cast, page_for: PageFor, large_letters: Browser
) -> None:
    page = page_for(lived_in.young_person)
    page.emulate_media(forced_colors="active")
    assert problems_on_every_page(page) == []
    page = page_for(lived_in.young_person, using=large_letters)
    page.goto("/home")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") == 34
    assert problems_on_every_page(page) == []


@pytest.mark.parametrize("path", ["/what-helped", "/young-people", "/calls-for-help", "/my-sign-in"])
def test_the_bar_on_top_of_a_staff_page_stays_on_a_phone_with_letters_twice_as_large(
    demo_people: dict[str, Viewer], page_for: PageFor, large_letters: Browser, path: str
) -> None:
    page = page_for(demo_people["council_staff"], using=large_letters)
    page.goto(path)
    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    for name in ("My sign-in", "Leave quickly"):
        expect(page.get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_in_viewport(ratio=1)
    assert (violations(page), page.evaluate(STICKS_OUT)) == ([], False)


@pytest.fixture
def large_letters(browser: Browser) -> Iterator[Browser]:
    """A browser whose person asked for letters of 32 px instead of 16."""
    flags = [*launch_flags(), "--blink-settings=defaultFontSize=32"]
    large = browser.browser_type.launch(executable_path=find_without_windows(), args=flags)
    yield large
    large.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words, and see that the focus can be seen."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            assert page.evaluate(VISIBLE_FOCUS) != "none"
            return
    raise AssertionError(words)


def test_a_check_in_a_post_and_a_goal_by_keyboard_alone(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    page.goto("/home")
    tab_to(page, "Good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved: Good")).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Taken back")).to_be_visible()
    tab_to(page, "Say more")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/new")
    tab_to(page, "What do you want to say?")
    page.keyboard.type("I made tea.")
    tab_to(page, "My mentor")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Only me")).to_be_checked()
    tab_to(page, "Post it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("I made tea.")).to_be_visible()
    tab_to(page, "Goals")
    page.keyboard.press("Enter")
    page.wait_for_url("**/goals")
    tab_to(page, "Set a goal")
    page.keyboard.press("Enter")
    page.wait_for_url("**/goals/new")
    tab_to(page, "What do you want to do?")
    page.keyboard.type("Swim a length")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Swim a length")).to_be_visible()
