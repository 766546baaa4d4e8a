"""Decisions about who sees what: part by part, with or for a young person, at once, and due to be looked at again."""

from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.profiles.queries import current_profile, profile_for_provider
from app.profiles.values import PART_KEYS, SECTION_KEYS
from app.web.errors import NotFoundError
from app.young_people.decision_queries import decisions_that_hold
from app.young_people.decision_services import CannotBeDecidedError, decide_with
from app.young_people.decision_values import DECIDABLE, PARTS, Decided, Way
from app.young_people.models import SharingDecision, YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.capabilities.profiles.test_profiles import SECTIONS, save, share
from tests.conftest import SignIn
from tests.people import Cast

AS_PAGE = dict.fromkeys(PARTS, "as_page")
FOR_HER = {
    "choice": "team",
    "way": "for_them",
    "asked": "Sana (her mum)",
    "why": "The new taxi driver has to know what helps.",
    "review_on": (clock.today() + timedelta(days=60)).isoformat(),
}


def seen_by(cast: Cast, viewer: Viewer) -> set[str]:
    profile = current_profile(young_person_for(viewer, cast.amina))
    return set(profile.sections) if profile else set()


def path(cast: Cast, what: str = "") -> str:
    return f"/young-people/{cast.amina}/decisions{'/' if what else ''}{what}"


def decide(cast: Cast, viewer: Viewer, what: str, choice: str, how: Decided) -> None:
    with transaction():
        access = young_person_for(viewer, cast.amina)
        decide_with(viewer=viewer, access=access, what=what, choice=choice, how=how)


def read(client: FlaskClient, at: str) -> str:
    response = client.get(at)
    assert response.status_code == 200
    return unescape(response.text)


def test_the_parts_that_can_be_chosen_are_those_of_the_page() -> None:
    assert set(PARTS) == PART_KEYS


def test_each_part_goes_to_those_chosen_for_it_at_once(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    share(cast, Audience.MENTOR, with_providers=True)
    phone = sign_in(cast.young_person)
    chosen = AS_PAGE | {"when_hard": "only_me", "support": "team"}
    assert phone.post("/profile/who-sees", data=chosen).status_code == 303
    db.session.rollback()
    assert seen_by(cast, cast.mentor) == SECTION_KEYS - {"when_hard"}
    assert seen_by(cast, cast.parent_carer) == {"support"}
    assert seen_by(cast, cast.young_person) == SECTION_KEYS
    _, placed = profile_for_provider(cast.provider, cast.amina, placed={cast.amina})
    assert placed is not None
    assert set(placed.sections) == SECTION_KEYS - {"when_hard"}
    for viewer, at in ((cast.mentor, ""), (cast.mentor, "/print"), (cast.mentor, "/one-page.pdf")):
        answer = sign_in(viewer).get(f"/young-people/{cast.amina}/profile{at}")
        assert SECTIONS["when_hard"].encode() not in answer.data
    assert SECTIONS["when_hard"] not in sign_in(cast.mentor).get(f"/young-people/{cast.amina}").text
    assert "This part: just you" in phone.get("/profile").text
    phone.post("/profile/who-sees", data=AS_PAGE)
    db.session.rollback()
    assert seen_by(cast, cast.mentor) == SECTION_KEYS
    assert seen_by(cast, cast.parent_carer) == set()


def test_only_what_changed_is_in_the_log_and_it_is_sealed(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    for _ in range(2):
        phone.post("/profile/who-sees", data=AS_PAGE | {"admire": "mentor"})
    assert "My one page, “What people like about me”: My mentor" in read(phone, "/me")
    assert "You chose this." in read(phone, "/me")
    db.session.rollback()
    assert len(db.session.execute(select(SharingDecision)).all()) == 1
    held = db.session.get_one(YoungPerson, cast.amina)
    assert held.profile_parts == {"admire": "mentor"}
    assert b"mentor" not in vars(held)["sealed_profile_parts"]


def test_an_unknown_answer_is_refused_and_nothing_changes(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.young_person).post("/profile/who-sees", data=AS_PAGE | {"admire": "everybody"})
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.execute(select(SharingDecision)).all() == []


def test_a_decision_for_somebody_counts_at_once_and_is_told_to_them_with_its_reason(
    cast: Cast, sign_in: SignIn
) -> None:
    save(cast.young_person)
    share(cast, Audience.ONLY_ME)
    desk, phone = sign_in(cast.mentor), sign_in(cast.young_person)
    assert desk.post(path(cast, "part_support"), data=FOR_HER).status_code == 303
    db.session.rollback()
    assert seen_by(cast, cast.parent_carer) == {"support"}
    assert "Somebody chose something for you" in phone.get("/home").text
    text = read(phone, "/me")
    for expected in (
        "Chosen for you",
        "Jo Mentor chose this for you. They asked: Sana (her mum).",
        "Why: The new taxi driver has to know what helps.",
        "You look at it again on",
    ):
        assert expected in text
    phone.post("/profile/who-sees", data=AS_PAGE)
    db.session.rollback()
    assert seen_by(cast, cast.parent_carer) == set()
    text = read(phone, "/me")
    assert "Chosen for you" not in text
    assert "Jo Mentor chose this for you." in text
    assert "Amina chose it today" in read(desk, path(cast))


def test_deciding_for_somebody_needs_who_was_asked_why_and_when_to_look_again(cast: Cast, sign_in: SignIn) -> None:
    desk = sign_in(cast.mentor)
    lacking = desk.post(path(cast, "default_audience"), data=FOR_HER | {"asked": " ", "why": ""})
    assert lacking.status_code == 422
    for sentence in ("nobody decides for somebody else alone", "the young person reads it"):
        assert sentence in lacking.text
    no_day = desk.post(path(cast, "default_audience"), data=FOR_HER | {"review_on": ""})
    assert (no_day.status_code, "when to look at it again" in no_day.text) == (422, True)
    assert FOR_HER["why"] in no_day.text
    for day in (clock.today(), clock.today() + timedelta(days=400)):
        answer = desk.post(path(cast, "default_audience"), data=FOR_HER | {"review_on": day.isoformat()})
        assert (answer.status_code, "within a year" in answer.text) == (422, True)
    db.session.rollback()
    assert db.session.execute(select(SharingDecision)).all() == []
    together = {"choice": "team", "way": "together", "asked": "", "why": "", "review_on": ""}
    assert desk.post(path(cast, "default_audience"), data=together).status_code == 303
    assert "You chose this with Jo Mentor." in read(sign_in(cast.young_person), "/me")


def test_what_is_due_stands_on_the_mentor_s_list_until_it_is_looked_at(cast: Cast, sign_in: SignIn) -> None:
    desk = sign_in(cast.mentor)
    desk.post(path(cast, "profile_audience"), data=FOR_HER)
    line = "look again at “Who sees my one page”"
    assert line not in read(desk, "/caseload")
    with transaction():
        db.session.execute(update(SharingDecision).values(review_on=clock.today()))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:moved", young_person_id=cast.amina)
    assert f"Amina: {line}" in read(desk, "/caseload")
    assert line not in read(sign_in(cast.parent_carer), "/caseload")
    assert "It is time to look at this again with Amina." in read(desk, path(cast))
    desk.post(path(cast, "profile_audience"), data=FOR_HER | {"way": "together"})
    assert line not in read(desk, "/caseload")


def test_who_is_no_mentor_of_theirs_decides_and_reads_nothing(cast: Cast, sign_in: SignIn) -> None:
    for viewer in (cast.unrelated_mentor, cast.parent_carer, cast.council_staff, cast.young_person):
        assert sign_in(viewer).get(path(cast)).status_code == 404
        assert sign_in(viewer).post(path(cast, "default_audience"), data=FOR_HER).status_code == 404
    with pytest.raises(NotFoundError):
        decide(cast, cast.parent_carer, "default_audience", "team", Decided(Way.TOGETHER))


@pytest.mark.parametrize(
    ("what", "choice", "how"),
    [
        ("first_name", "team", Decided(Way.TOGETHER)),
        ("in_group_figures", "team", Decided(Way.TOGETHER)),
        ("default_audience", "team", Decided(Way.THEMSELF)),
        ("default_audience", "team", Decided(Way.FOR_THEM, "Sana", "Because", None)),
    ],
)
def test_a_decision_that_is_none_is_refused(cast: Cast, what: str, choice: str, how: Decided) -> None:
    with pytest.raises(CannotBeDecidedError):
        decide(cast, cast.mentor, what, choice, how)


def test_every_thing_can_be_decided_to_every_answer(cast: Cast) -> None:
    for decidable in DECIDABLE.values():
        for choice, _ in decidable.answers:
            decide(cast, cast.mentor, decidable.what, choice, Decided(Way.TOGETHER))
    held = decisions_that_hold(own_access(cast.young_person))
    assert {what: one.choice for what, one in held.items()} == {
        one.what: one.answers[-1][0] for one in DECIDABLE.values()
    }
    person = db.session.get_one(YoungPerson, cast.amina)
    assert (person.default_audience, person.in_group_figures) == (Audience.TEAM, False)
    assert person.profile_parts == dict.fromkeys(PARTS, "team")


def test_a_mentor_s_look_at_it_is_told(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.mentor).get(path(cast))
    db.session.rollback()
    looks = select(AuditEntry.actor_id).where(AuditEntry.action == "sharing:seen")
    assert db.session.execute(looks).scalars().all() == [cast.mentor.account_id]
    assert "saw who sees what of yours" in read(sign_in(cast.young_person), "/me/who-looked")
