"""The main job, from a face tapped on a phone to the council's comparison."""

import pytest

from app.database import transaction
from app.impact.services import refresh
from tests.conftest import SignIn
from tests.journeys.conftest import DESK, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

POST = "Went to the shop on my own. It was loud but I wore my headphones."
REPLY = "That is a big step, and the headphones were your idea."


def test_from_a_face_on_a_phone_to_the_mentor_s_reply(cast: Cast, page_for: PageFor, sign_in: SignIn) -> None:
    young = page_for(cast.young_person)
    check_in_with_two_taps(young)
    write_a_post(young)
    set_a_goal(young)
    fill_in_the_profile(young)

    mentor = page_for(cast.mentor)
    mentor.goto("/caseload")
    mentor.get_by_role("link", name="Amina").first.click()
    mentor.get_by_role("heading", name="Amina").first.wait_for()
    for words in (POST, "Good", "Swim a whole length", "Text first, don’t ring"):
        mentor.get_by_text(words, exact=False).first.wait_for()
    mentor.get_by_label("Reply", exact=False).first.fill(REPLY)
    mentor.get_by_role("button", name="Reply", exact=False).first.click()
    mentor.get_by_text(REPLY).first.wait_for()

    young.goto("/feed")
    young.get_by_text(REPLY).wait_for()
    young.get_by_text("Seen by Jo").first.wait_for()

    path = f"/young-people/{cast.amina}"
    for stranger in (cast.unrelated_mentor, cast.other_council_staff, cast.council_staff):
        assert sign_in(stranger).get(path).status_code == 404
