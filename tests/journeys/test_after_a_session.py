"""After a short break: two taps on a phone, and what the mentor and the provider see of them."""

import pytest
from playwright.sync_api import expect

from app.breaks.models import Offer
from app.database import db
from tests.capabilities.timeline.records import came_to
from tests.conftest import SignIn
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser


def test_two_taps_say_how_it_was_and_a_mentor_reads_them(cast: Cast, page_for: PageFor, sign_in: SignIn) -> None:
    came_to(cast, "Climbing club", 2)
    young = page_for(cast.young_person)
    young.goto("/home")
    panel = young.get_by_role("region", name="How was Climbing club?")
    panel.get_by_role("button", name="Good", exact=True).tap()
    asked = young.get_by_role("heading", name="Did they treat you how you asked?")
    expect(asked).to_be_visible()
    young.get_by_role("button", name="Mostly").tap()
    expect(young.get_by_role("heading", name="Thank you")).to_be_visible()
    young.get_by_role("link", name="Change").tap()
    expect(young.get_by_label("Mostly")).to_be_checked()
    young.get_by_label("Yes", exact=True).check()
    young.get_by_role("button", name="Save").tap()
    expect(young.get_by_text("Treated how you asked: yes")).to_be_visible()
    mentor = page_for(cast.mentor)
    mentor.goto(f"/young-people/{cast.amina}")
    expect(mentor.get_by_text("Treated as they asked: yes")).to_be_visible()
    offer_id = db.session.execute(db.select(Offer.id)).scalar_one()
    assert "reated" not in sign_in(cast.provider).get(f"/offers/{offer_id}").text
