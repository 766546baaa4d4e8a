"""What followed for one young person: who reads it, which check-ins count, what is never shown."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import Account
from app.accounts.sessions import viewer_of
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.breaks.services import create_offer, create_session
from app.breaks.values import OfferDetails
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.goals.services import set_goal
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell
from app.impact.services import refresh
from app.young_people.models import YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import tie_adult, update_details
from app.young_people.values import Audience, Tie
from tests.capabilities.impact_pages.council import MadeUp
from tests.capabilities.impact_pages.published import publish_known_cells
from tests.capabilities.insights.made import make_followed
from tests.conftest import SignIn
from tests.people import Cast, details

pytestmark = pytest.mark.any_database


def begin_refreshed(cast: Cast) -> MadeUp:
    made = make_followed(cast)
    with transaction():
        refresh(council_id=made.council_id)
    return made


before_a_refresh = pytest.mark.begins_with.with_args(make_followed)
after_a_refresh = pytest.mark.begins_with.with_args(begin_refreshed)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def text_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return re.sub(r"\s+", " ", unescape(response.text))


def path_of(made: MadeUp) -> str:
    return f"/young-people/{made.people[0]}/what-followed"


def themself(made: MadeUp) -> Viewer:
    person = db.session.get_one(YoungPerson, made.people[0])
    return viewer_of(db.session.get_one(Account, person.account_id))


def check_in(made: MadeUp, answer: float, audience: Audience, minutes: int = 1) -> None:
    viewer = themself(made)
    new = NewCheckIn(uuid4(), "scale", answer, clock.now() - timedelta(minutes=minutes), audience)
    with transaction():
        record_check_in(viewer=viewer, access=young_person_for(viewer, made.people[0]), new=new)


def without_csrf(text: str) -> str:
    return re.sub(r'name="csrf[-_]token" (value|content)="[^"]*"', "", text)


@after_a_refresh
def test_a_mentor_reads_what_followed_and_what_may_help_next(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    viewer = themself(made)
    with transaction():
        set_goal(viewer=viewer, access=young_person_for(viewer, made.people[0]), title="Text first", rating=6)
        boats = create_offer(
            council_id=cast.council_id, provider_id=cast.provider_id, details=OfferDetails("Boats"), actor=None
        )
        soon = clock.now() + timedelta(days=3)
        create_session(offer=boats, starts_at=soon, ends_at=soon + timedelta(hours=1), actor=None)
    text = text_of(sign_in(cast.mentor), path_of(made))
    for words in (
        "Only check-ins that Made shares with you count here.",
        "The 30 or more young people who came",
        "Made’s own check-ins alone",
        "Both together: our best guess for Made",
        "This is no proof that Climbing club worked for Made, or that it did not.",
        "Text first",
        "Weeks with a check-in from Made that you can see:",
        "This decides nothing: you and Made choose.",
        "Swimming",
        "Too few young people so far",
        "Next session:",
    ):
        assert words in text, words
    assert text.count("First session") >= 3
    assert "worked for Made because" not in text
    entry = db.session.execute(select(AuditEntry).where(AuditEntry.action == "what_followed:seen")).scalar_one()
    assert (entry.actor_id, entry.young_person_id) == (cast.mentor.account_id, made.people[0])


@after_a_refresh
def test_no_figure_is_shown_of_an_offer_to_which_few_came(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    text = text_of(sign_in(cast.mentor), path_of(made))
    gaming = text.split('id="after-', 3)
    part = next(one for one in gaming if "Gaming group</h2>" in one)
    assert "Too few young people have come to Gaming group for anything to be said of one of them." in part
    assert "points" not in part.split("<h3>")[0]
    assert 'class="interval' not in part
    days_out = text.split("Days out</h4>")[1].split("</li>")[0]
    assert "wellbeing was" not in days_out


@after_a_refresh
def test_what_is_only_theirs_counts_for_nobody_else_and_what_is_shared_counts_at_once(
    made: MadeUp, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.mentor), path_of(made)
    before = text_of(client, path)
    check_in(made, 0, Audience.ONLY_ME)
    assert without_csrf(text_of(client, path)) == without_csrf(before)
    for minutes in range(2, 9):
        check_in(made, 0, Audience.MENTOR, minutes)
    after = text_of(client, path)
    assert figure_of(after) < figure_of(before)


def figure_of(text: str) -> float:
    found = re.search(r"own check-ins alone <b>([+\u2212]?[\d.]+)</b>", text)
    assert found
    return float(found[1].replace("\u2212", "-"))


@after_a_refresh
def test_a_parent_carer_sees_what_followed_and_leaves_the_choice_to_others(
    made: MadeUp, cast: Cast, sign_in: SignIn
) -> None:
    text = text_of(sign_in(cast.parent_carer), path_of(made))
    assert "has no check-in that you can see since Climbing club began" in text
    assert "Made and their mentor choose that together." in text
    assert "Swimming" not in text


@before_a_refresh
def test_before_the_first_refresh_there_are_no_estimates(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    text = text_of(sign_in(cast.mentor), path_of(made))
    assert "has not been worked out yet" in text
    assert "best guess" not in text


@before_a_refresh
def test_the_team_and_strangers_find_nothing(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        person = db.session.get_one(YoungPerson, made.people[0])
        account = db.session.get_one(Account, cast.unrelated_mentor.account_id)
        tie_adult(person=person, account=account, tie=Tie.TEAM, actor=None)
    for viewer in (cast.unrelated_mentor, cast.council_staff, cast.other_young_person):
        assert sign_in(viewer).get(path_of(made)).status_code == 404
    mentor = sign_in(cast.mentor)
    assert mentor.get(f"/young-people/{made.people[1]}/what-followed").status_code == 404


@before_a_refresh
def test_a_note_begins_with_what_was_talked_about(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.mentor), f"/young-people/{made.people[0]}/note"

    def note(about: UUID | str) -> str:
        return text_of(client, f"{path}?about={about}")

    assert "We talked about Swimming." in note(made.offers["Swimming"].id)
    assert "We talked about" not in note(uuid4())
    assert "We talked about" not in note("x")


@before_a_refresh
def test_a_young_person_looks_back_at_all_of_their_own_weeks_without_a_reason(made: MadeUp, sign_in: SignIn) -> None:
    client = sign_in(themself(made))
    assert "What I have been to" in text_of(client, "/my-breaks")
    text = text_of(client, "/my-breaks/so-far")
    assert re.search(r"Before it, most weeks were [a-z ]+\. After you began, most weeks were [a-z ]+\.", text)
    assert "Was that because of Climbing club? Nobody can tell from this." in text
    assert text.count('class="went"') >= 6
    for word in ("estimate", "interval", "expected", "points", "wellbeing"):
        assert word not in text
    check_in(made, 0, Audience.ONLY_ME)
    assert text_of(client, "/my-breaks/so-far") != text


def test_somebody_who_went_to_nothing_yet_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing yet" in text_of(sign_in(cast.young_person), "/my-breaks/so-far")
    assert "has not come to a session of anything so far" in text_of(
        sign_in(cast.mentor), f"/young-people/{cast.amina}/what-followed"
    )


def headings_of(text: str) -> list[tuple[str, list[str]]]:
    """Return each heading of what may help next, with the offers under it."""
    parts = re.split(r"<h3 id=\"options-\d+\">", text)[1:]
    return [(part.split("</h3>")[0], re.findall(r"<h4>([^<]+)</h4>", part)) for part in parts]


def draw_toward_the_whole(group: str) -> None:
    """Publish a figure drawn toward the whole in every cell of a group that has a figure."""
    for row in db.session.execute(select(PublishedCell)).scalars():
        figures = Figures.from_text(row.figures)
        if row.group == group and figures.change is not None:
            row.figures = replace(figures, drawn_change=0.9, drawn_low=0.5, drawn_high=1.3).as_text()


def test_what_may_help_next_stands_on_published_cells_and_on_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    publish_known_cells(cast)
    client, path = sign_in(cast.mentor), f"/young-people/{cast.amina}/what-followed"
    text = text_of(client, path)
    assert headings_of(text) == [
        ("Better wellbeing followed for others", ["Climbing club", "Mentoring"]),
        ("We cannot tell yet", ["Days out", "Holiday hub"]),
        ("Lower wellbeing followed for others", ["Gaming group"]),
        ("Too few young people so far", ["Overnight stay", "Swimming"]),
    ]
    assert "Their figures are too close together for a better order." in text
    climbing = "For all who came, weekly wellbeing was 0.8 points higher than expected, likely between +0.5 and +1.1."
    assert climbing in text
    with transaction():
        person = db.session.get_one(YoungPerson, cast.amina)
        update_details(person=person, details=details("YP-1", "Amina", primary_need="Autism"), actor=None)
        draw_toward_the_whole("Autism")
    like_her = text_of(client, path)
    assert "For young people with Amina’s main need, weekly wellbeing was 0.9 points higher than expected" in like_her
    assert headings_of(like_her) == headings_of(text)
    with transaction():
        update_details(person=person, details=details("YP-1", "Amina", primary_need="Hearing loss"), actor=None)
    assert climbing in text_of(client, path)
