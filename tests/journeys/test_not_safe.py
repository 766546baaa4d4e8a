"""“I don’t feel safe”, on a phone: what becomes of it is in sight and has the focus, without a touch more."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

UNCOVERED = """one => {
  const box = one.getBoundingClientRect();
  const middle = box.left + box.width / 2;
  return [box.top + 2, box.bottom - 2].every((y) => one.contains(document.elementFromPoint(middle, y)));
}"""


def is_in_sight(one: Locator) -> bool:
    """Say whether all of something is on the screen and nothing lies over it."""
    return bool(one.evaluate(UNCOVERED))


def tap(page: Page) -> None:
    page.goto("/help-now")
    page.get_by_role("button", name="I don’t feel safe").click()
    expect(page.get_by_role("status").filter(has_text="Sent.")).to_be_visible()


@pytest.mark.parametrize("with_scripts", ["yes", "no"])
def test_what_became_of_the_tap_is_in_sight_and_has_the_focus(cast: Cast, page_for: PageFor, with_scripts: str) -> None:
    page = page_for(cast.young_person, javascript=with_scripts == "yes")
    tap(page)
    sent = page.get_by_role("status").filter(has_text="Sent. If you are not safe now")
    answer = (
        page.locator(".call-line").filter(has_text="You said you don’t feel safe").filter(has_text="Nobody has seen")
    )
    expect(sent).to_be_focused()
    assert is_in_sight(sent)
    assert is_in_sight(answer)
    assert not is_in_sight(page.get_by_role("button", name="get in touch"))


def test_the_newest_answer_stands_by_the_button_and_pushes_it_nowhere(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    tap(page)
    tap(page)
    answers = page.locator(".call-line")
    expect(answers).to_have_count(2)
    assert is_in_sight(answers.first)
    assert is_in_sight(page.get_by_role("button", name="I don’t feel safe"))
    expect(page.locator("#ask .call-line")).to_have_count(1)
    page.goto("/help-now")
    expect(page.locator("body")).to_be_focused()
