"""The main job, from a face tapped on a phone to the mentor's reply, and who finds nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import SignIn
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

POST = "Went to the shop on my own. It was loud but I wore my headphones."
GOAL = "Swim a whole length"
SUPPORT = "Text first, don’t ring."
REPLY = "That is a big step, and the headphones were your idea."


def check_in_with_two_taps(page: Page) -> None:
    """One tap on a face saves; opening the app was the other."""
    page.goto("/home")
    page.get_by_role("button", name="Good", exact=True).tap()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def write_a_post(page: Page) -> None:
    page.goto("/home")
    page.get_by_role("link", name="Say more").tap()
    page.locator("#words").fill(POST)
    page.get_by_label("My mentor").check()
    page.get_by_role("button", name="Post it").tap()
    expect(page.get_by_text(POST)).to_be_visible()


def set_a_goal(page: Page) -> None:
    page.get_by_role("link", name="Goals").tap()
    page.get_by_role("link", name="Set a goal").first.tap()
    page.locator("#title").fill(GOAL)
    page.get_by_label("4", exact=True).check()
    page.get_by_role("button", name="Set this goal").tap()
    expect(page.get_by_text(GOAL).first).to_be_visible()


def fill_in_the_profile(page: Page) -> None:
    page.goto("/profile/edit")
    page.locator("#support").fill(SUPPORT)
    page.locator("#admire").fill("I never forget a birthday.")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text(SUPPORT)).to_be_visible()


def read_and_reply(page: Page) -> None:
    """Find everything that was shared on the timeline, and answer the post."""
    page.goto("/caseload")
    page.get_by_role("link", name="Amina").first.tap()
    for words in (POST, GOAL):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator("svg[role=img]:visible").first).to_be_visible()
    page.get_by_text("Amina on one page").tap()
    expect(page.get_by_text(SUPPORT).first).to_be_visible()
    page.get_by_text("Reply", exact=True).first.tap()
    page.get_by_label("Your reply").first.fill(REPLY)
    page.get_by_role("button", name="Send").first.tap()
    expect(page.get_by_text(REPLY)).to_be_visible()


def test_from_a_face_on_a_phone_to_the_mentor_s_reply(cast: Cast, page_for: PageFor, sign_in: SignIn) -> None:
    young = page_for(cast.young_person)
    check_in_with_two_taps(young)
    write_a_post(young)
    set_a_goal(young)
    fill_in_the_profile(young)
    read_and_reply(page_for(cast.mentor))
    young.goto("/posts")
    expect(young.get_by_text(REPLY)).to_be_visible()
    expect(young.get_by_text("Jo", exact=False).first).to_be_visible()
    for stranger in (cast.unrelated_mentor, cast.other_council_staff, cast.council_staff, cast.provider):
        assert sign_in(stranger).get(f"/young-people/{cast.amina}").status_code == 404


def test_what_is_only_for_me_stays_with_me(cast: Cast, page_for: PageFor) -> None:
    young = page_for(cast.young_person)
    young.goto("/posts/new")
    young.locator("#words").fill("nobody else needs this")
    young.get_by_label("Only me").check()
    young.get_by_role("button", name="Post it").tap()
    expect(young.get_by_text("nobody else needs this")).to_be_visible()
    for viewer in (cast.mentor, cast.parent_carer):
        page = page_for(viewer)
        page.goto(f"/young-people/{cast.amina}")
        expect(page.get_by_role("heading", name="Amina").first).to_be_visible()
        expect(page.get_by_text("nobody else needs this")).to_have_count(0)


def test_the_whole_job_works_without_javascript(cast: Cast, page_for: PageFor) -> None:
    young = page_for(cast.young_person, javascript=False)
    young.goto("/home")
    young.get_by_role("button", name="Okay", exact=True).tap()
    expect(young.get_by_text("Saved").first).to_be_visible()
    write_a_post(young)
    mentor = page_for(cast.mentor, javascript=False)
    mentor.goto(f"/young-people/{cast.amina}")
    mentor.get_by_text("Reply", exact=True).first.tap()
    mentor.get_by_label("Your reply").first.fill(REPLY)
    mentor.get_by_role("button", name="Send").first.tap()
    expect(mentor.get_by_text(REPLY)).to_be_visible()


def test_too_long_a_post_keeps_every_letter(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    page.goto("/posts/new")
    typed = "word " * 4_000
    page.locator("#words").fill(typed)
    page.get_by_role("button", name="Post it").tap()
    expect(page.locator("#words-problem")).to_contain_text("19,999 letters")
    assert page.locator("#words").input_value().strip() == typed.strip()


def test_leaving_quickly_with_three_shifts_ends_the_session(cast: Cast, page_for: PageFor) -> None:
    page = page_for(cast.young_person)
    page.goto("/home")
    with page.expect_request("https://www.bbc.co.uk/weather"):
        for _ in range(3):
            page.keyboard.press("Shift")
    page = page.context.new_page()
    page.goto("/home")
    expect(page.get_by_text("How are you right now?")).to_have_count(0)
