"""The forms that cannot wait on the phone: with no signal they stay as they are, say so, and go once there is one."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.goals.models import GoalRating
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_offline import listed, open_home, signal_is_back
from tests.journeys.wire import Wire
from tests.people import Cast

pytestmark = pytest.mark.browser

WORDS = "Text first, and wait for me."
NO_SIGNAL = "Check your signal, then try again."
WRITTEN = {
    "/profile/edit": ("#support", "Save", "Saved."),
    "/help-now": ("#words", "Ask Jo to get in touch", "You asked"),
    "/me/my-data": ("#words", "Ask to be forgotten", "I changed my mind"),
}


@pytest.fixture
def phone(lived_in: Cast, page_for: PageFor, complaints: Complaints, wire: Wire) -> Page:
    complaints.expects_failures = True
    page = page_for(lived_in.young_person, url=wire.url)
    open_home(page)
    return page


def test_what_is_typed_into_any_form_stays_until_there_is_a_signal(phone: Page, wire: Wire) -> None:
    for path, (field, button, done) in WRITTEN.items():
        phone.goto(path)
        phone.locator(field).fill(WORDS)
        wire.cut()
        phone.get_by_role("button", name=button).tap()
        expect(phone.get_by_text(NO_SIGNAL)).to_be_visible()
        expect(phone.locator(field)).to_have_value(WORDS)
        wire.mend()
        phone.get_by_role("button", name=button).tap()
        expect(phone.get_by_text(done).first).to_be_visible()


def test_not_safe_with_no_signal_says_so_and_goes_once_there_is_one(phone: Page, wire: Wire) -> None:
    phone.goto("/help-now")
    wire.cut()
    phone.get_by_role("button", name="I don’t feel safe").tap()
    expect(phone.get_by_text(NO_SIGNAL)).to_be_visible()
    expect(phone.get_by_role("link", name="999")).to_be_visible()
    wire.mend()
    phone.get_by_role("button", name="I don’t feel safe").tap()
    expect(phone.get_by_text("You said you don’t feel safe")).to_be_visible()


def test_with_no_signal_every_page_says_so_and_still_has_the_numbers_to_call(phone: Page, wire: Wire) -> None:
    wire.cut()
    for path in ("/my-breaks", "/profile", "/goals", "/posts", "/me/my-data", "/reminders", "/help-now"):
        phone.goto(path)
        expect(phone.get_by_role("heading", name="No signal right now")).to_be_visible()
        expect(phone.get_by_role("link", name="999")).to_be_visible()
    wire.mend()
    phone.goto("/my-breaks")
    expect(phone.get_by_role("heading", name="No signal right now")).to_have_count(0)


def test_a_goal_and_a_rating_wait_on_the_phone_and_are_there_once(phone: Page, wire: Wire) -> None:
    phone.goto("/goals/new")
    phone.locator("#title").fill(WORDS)
    phone.get_by_label("4", exact=True).check()
    wire.cut()
    phone.get_by_role("button", name="Set this goal").tap()
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    phone.goto("/goals")
    expect(phone.get_by_role("link", name=WORDS)).to_have_count(1)
    phone.get_by_role("link", name=WORDS).tap()
    phone.get_by_label("7", exact=True).check()
    wire.cut()
    phone.get_by_role("button", name="Save").first.tap()
    expect(listed(phone).filter(has_text="Waiting for a signal.")).to_have_count(1)
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone).filter(has_text="Waiting for a signal.")).to_have_count(0)
    db.session.rollback()
    ratings = db.session.execute(select(GoalRating)).scalars().all()
    assert [one.rating for one in ratings if one.rating == 7] == [7.0]
