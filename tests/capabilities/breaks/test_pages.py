from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.audit.models import AuditEntry
from app.breaks import services
from app.breaks.models import Attendance, Offer, Placement, Provider, Session
from app.breaks.values import AttendanceStatus, OfferDetails
from app.database import db, transaction
from app.profiles.services import save_profile
from app.young_people.models import YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import add_young_person, choose_sharing
from app.young_people.values import Audience
from tests.capabilities.breaks.places import Break, attendances, make_break
from tests.conftest import SignIn
from tests.people import Cast, details

pytestmark = pytest.mark.any_database

GOOD_OFFER = {
    "name": "Forest school",
    "summary": "Fridays",
    "what_it_is_like": "Quiet, ten people",
    "place": "Eyam",
    "cost": "12.50",
    "is_open": "y",
}
GOOD_SESSION = {"on": "2027-03-23", "starts": "16:30", "ends": "18:00", "nights": "0", "weeks": "1"}


@pytest.fixture
def made(cast: Cast) -> Break:
    return make_break(cast)


def add_ill_person(cast: Cast, made: Break) -> UUID:
    """Place somebody of whom the council knows a good deal."""
    with transaction():
        person = add_young_person(
            council_id=cast.council_id,
            details=details(
                "YP-77",
                "Cass",
                diagnoses=("Tourettes",),
                primary_need="SEMH",
                presenting_needs=("self-harm",),
                ethnicity="Roma",
                contact="07700 900123",
            ),
            actor=None,
        )
        services.place_young_person(offer=made.offer, young_person_id=person.id, referred_on=None, actor=None)
        return person.id


def test_a_provider_sees_and_changes_only_their_own_organisations_offers(
    cast: Cast, made: Break, sign_in: SignIn
) -> None:
    client = sign_in(cast.provider)
    page = client.get("/offers").text
    assert "Climbing club" in page
    assert "Canoeing" not in page
    assert client.get(f"/offers/{made.offer_id}").status_code == 200
    for path in (
        f"/offers/{made.other_offer_id}",
        f"/offers/{made.other_offer_id}/edit",
        f"/offers/{made.other_offer_id}/sessions/new",
        f"/sessions/{made.other_session_id}/register",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/offers/{made.other_offer_id}/edit", data=GOOD_OFFER).status_code == 404
    assert client.post(f"/offers/{made.other_offer_id}/sessions/new", data=GOOD_SESSION).status_code == 404


def test_another_councils_staff_find_nothing(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.other_council_staff)
    assert "Climbing club" not in client.get("/offers").text
    placement = db.session.execute(db.select(Placement.id)).scalar_one()
    assert client.get(f"/offers/{made.offer_id}").status_code == 404
    assert client.get(f"/sessions/{made.session_id}/register").status_code == 404
    assert client.get(f"/offers/{made.offer_id}/places/new").status_code == 404
    assert client.post(f"/places/{placement}/end").status_code == 404
    answer = {f"status-{cast.amina}": "came"}
    assert client.post(f"/sessions/{made.session_id}/register", data=answer).status_code == 404
    assert attendances() == []


def test_a_provider_cannot_place_young_people_or_search_for_them(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.provider)
    data = {"do": "search", "wanted": "Ben"}
    assert client.post(f"/offers/{made.offer_id}/places/new", data=data).status_code == 404
    assert client.get("/providers").status_code == 404


def test_the_register_saves_all_answers_at_once_and_again(cast: Cast, made: Break, sign_in: SignIn) -> None:
    cass = add_ill_person(cast, made)
    client, path = sign_in(cast.provider), f"/sessions/{made.session_id}/register"
    answers = {f"status-{cast.amina}": "came", f"status-{cass}": "did_not_come"}
    for _ in range(2):
        assert client.post(path, data=answers).headers["Location"] == path
    saved = {a.young_person_id: a.status for a in attendances()}
    assert saved == {cast.amina: AttendanceStatus.CAME, cass: AttendanceStatus.DID_NOT_COME}
    page = client.get(path).text
    assert "Saved: 1 came, 1 did not." in page
    assert page.count("checked") == 2
    client.post(path, data={f"status-{cass}": "part"})
    assert {a.young_person_id: a.status for a in attendances()} == saved | {cass: AttendanceStatus.PART}


def test_a_register_takes_only_those_on_it(cast: Cast, made: Break, sign_in: SignIn) -> None:
    ben = cast.other_young_person.young_person_id
    client, path = sign_in(cast.provider), f"/sessions/{made.session_id}/register"
    response = client.post(path, data={f"status-{ben}": "came"})
    assert response.status_code == 422
    assert "Choose an answer" in response.text
    assert client.post(path, data={f"status-{cast.amina}": "flew"}).status_code == 422
    assert attendances() == []


def test_a_register_opens_on_the_day_of_its_session(cast: Cast, made: Break, sign_in: SignIn) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    with transaction():
        session_id = services.create_session(
            offer=made.offer, starts_at=soon, ends_at=soon + timedelta(hours=1), actor=None
        ).id
    client, path = sign_in(cast.provider), f"/sessions/{session_id}/register"
    assert client.post(path, data={f"status-{cast.amina}": "came"}).status_code == 422
    assert "Save the register" not in client.get(path).text
    assert attendances() == []


def test_a_provider_reads_names_and_nothing_else_the_council_knows(cast: Cast, made: Break, sign_in: SignIn) -> None:
    add_ill_person(cast, made)
    client = sign_in(cast.provider)
    for path in ("/offers", f"/offers/{made.offer_id}", f"/sessions/{made.session_id}/register"):
        text = client.get(path).text
        for hidden in ("Tourettes", "SEMH", "self-harm", "Roma", "07700", "YP-77", "Testperson", "referred"):
            assert hidden not in text, (path, hidden)
    assert "Cass" in client.get(f"/sessions/{made.session_id}/register").text


def test_opening_a_register_is_written_down_for_each_young_person(cast: Cast, made: Break, sign_in: SignIn) -> None:
    sign_in(cast.provider).get(f"/sessions/{made.session_id}/register")
    query = db.select(AuditEntry.actor_id, AuditEntry.young_person_id).where(AuditEntry.action == "register:seen")
    assert [tuple(row) for row in db.session.execute(query)] == [(cast.provider.account_id, cast.amina)]


def share_profile(cast: Cast, *, with_providers: bool) -> None:
    with transaction():
        access = young_person_for(cast.young_person, cast.amina)
        save_profile(
            viewer=cast.young_person, access=access, sections={"support": "Give me time to answer"}, said_by="Amina"
        )
        choose_sharing(
            viewer=cast.young_person,
            default_audience=Audience.ONLY_ME,
            profile_audience=Audience.ONLY_ME,
            shares_profile_with_providers=with_providers,
            in_group_figures=True,
        )


def test_a_provider_reads_a_profile_only_where_the_young_person_lets_them(
    cast: Cast, made: Break, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.provider), f"/sessions/{made.session_id}/profiles/{cast.amina}"
    register = f"/sessions/{made.session_id}/register"
    share_profile(cast, with_providers=False)
    assert client.get(path).status_code == 404
    assert path not in client.get(register).text
    share_profile(cast, with_providers=True)
    assert path in client.get(register).text
    assert "Give me time to answer" in client.get(path).text
    query = db.select(AuditEntry.actor_id).where(AuditEntry.action == "profile:seen")
    assert list(db.session.execute(query).scalars()) == [cast.provider.account_id]
    ben = cast.other_young_person.young_person_id
    assert client.get(f"/sessions/{made.session_id}/profiles/{ben}").status_code == 404


def test_a_profile_is_no_longer_read_once_the_place_has_ended(cast: Cast, made: Break, sign_in: SignIn) -> None:
    share_profile(cast, with_providers=True)
    placement = db.session.execute(db.select(Placement.id)).scalar_one()
    sign_in(cast.council_staff).post(f"/places/{placement}/end")
    path = f"/sessions/{made.session_id}/profiles/{cast.amina}"
    assert sign_in(cast.provider).get(path).status_code == 404


def test_a_new_offer_takes_pounds_and_keeps_pence(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.provider)
    response = client.post("/offers/new", data=GOOD_OFFER | {"provider": str(cast.provider_id)})
    offer = db.session.execute(db.select(Offer)).scalar_one()
    assert response.headers["Location"] == f"/offers/{offer.id}"
    assert (offer.name, offer.cost_per_place, offer.is_open) == ("Forest school", 1250, True)
    assert "£12.50" in client.get(f"/offers/{offer.id}").text
    client.post(f"/offers/{offer.id}/edit", data=GOOD_OFFER | {"cost": "£1,040", "is_open": ""})
    db.session.expire_all()
    assert (offer.cost_per_place, offer.is_open) == (104_000, False)


def test_a_bad_offer_is_answered_beside_its_fields_and_keeps_what_was_typed(
    cast: Cast, made: Break, sign_in: SignIn
) -> None:
    assert made
    client = sign_in(cast.provider)
    response = client.post("/offers/new", data=GOOD_OFFER | {"provider": str(cast.provider_id), "cost": "a lot"})
    assert response.status_code == 422
    for words in ("Type the cost in pounds, such as 12.50.", "a lot", "Quiet, ten people"):
        assert words in response.text
    data = GOOD_OFFER | {"provider": str(cast.provider_id), "name": "Climbing club"}
    response = client.post("/offers/new", data=data)
    assert response.status_code == 422
    assert "There is an offer of this name already. Choose another." in response.text


def test_an_offer_cannot_be_made_for_another_organisation(cast: Cast, made: Break, sign_in: SignIn) -> None:
    other = db.session.get_one(Offer, made.other_offer_id).provider_id
    response = sign_in(cast.provider).post("/offers/new", data=GOOD_OFFER | {"provider": str(other)})
    assert response.status_code == 422


def test_weekly_sessions_are_typed_on_a_british_clock(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.provider)
    response = client.post(f"/offers/{made.offer_id}/sessions/new", data=GOOD_SESSION | {"weeks": "2"})
    assert response.status_code == 303
    query = db.select(Session.starts_at).where(Session.offer_id == made.offer_id).order_by(Session.starts_at)
    assert list(db.session.execute(query).scalars())[1:] == [
        datetime(2027, 3, 23, 16, 30, tzinfo=UTC),
        datetime(2027, 3, 30, 15, 30, tzinfo=UTC),
    ]
    page = client.get(f"/offers/{made.offer_id}").text
    assert page.count("4:30pm to 6pm") == 2


WRONG_SESSIONS = (
    ({"on": ""}, "Choose a date."),
    ({"on": "31/02/2027"}, "Type a date"),
    ({"on": "9999-12-31", "nights": "14", "weeks": "52"}, "at most three years ahead"),
    ({"on": "0001-01-01"}, "Choose a day from 2000 on"),
    ({"starts": "25:00"}, "Type a time"),
    ({"ends": "16:00"}, "It ends before it starts."),
    ({"weeks": "99"}, "Type a number from 1 to 52."),
    ({"on": "2027-03-28", "starts": "01:30"}, "The clocks go forward at that time"),
    ({"on": "2026-10-06", "starts": "17:00", "weeks": "3"}, "There is a session on 06/10/2026 at 17:00 already."),
)


def test_a_bad_session_says_why_and_adds_none(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.provider)
    for wrong, words in WRONG_SESSIONS:
        data = GOOD_SESSION | {"who_will_be_there": "Sam", **wrong}
        response = client.post(f"/offers/{made.offer_id}/sessions/new", data=data)
        assert response.status_code == 422
        assert words in response.text
        assert 'value="Sam"' in response.text
    query = db.select(db.func.count()).select_from(Session).where(Session.offer_id == made.offer_id)
    assert db.session.execute(query).scalar_one() == 1


def test_overnight_stays_end_on_another_day(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    data = GOOD_SESSION | {"starts": "17:00", "ends": "10:00", "nights": "1"}
    assert client.post(f"/offers/{made.offer_id}/sessions/new", data=data).status_code == 303
    assert "5pm to 10am on Wednesday 24 March" in client.get(f"/offers/{made.offer_id}").text


def test_staff_search_by_name_and_give_a_place(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client, path = sign_in(cast.council_staff), f"/offers/{made.offer_id}/places/new"
    ben = cast.other_young_person.young_person_id
    found = client.post(path, data={"do": "search", "wanted": "ben test"}).text
    assert "Ben Testperson" in found
    assert "Amina" not in found
    fragment = client.post(path, data={"do": "search", "wanted": "YP-2"}, headers={"HX-Request": "true"}).text
    assert str(ben) in fragment
    assert "<html" not in fragment
    response = client.post(path, data={"wanted": "ben", "young_person": str(ben), "referred_on": "2026-09-14"})
    assert response.headers["Location"] == f"/offers/{made.offer_id}"
    page = client.get(f"/offers/{made.offer_id}").text
    assert "Ben has a place on Climbing club." in page
    assert "referred Monday 14 September" in page


def test_a_place_needs_somebody_of_the_council_and_a_day_that_has_been(
    cast: Cast, made: Break, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.council_staff), f"/offers/{made.offer_id}/places/new"
    with transaction():
        zed = add_young_person(council_id=cast.other_council_id, details=details("YP-9", "Zed"), actor=None).id
    assert "Zed" not in client.post(path, data={"do": "search", "wanted": "Zed Test"}).text.split("results")[1]
    assert client.post(path, data={"young_person": str(zed)}).status_code == 404
    assert client.post(path, data={"young_person": str(uuid4())}).status_code == 404
    assert client.post(path, data={"young_person": ""}).status_code == 422
    response = client.post(path, data={"wanted": "Ben", "young_person": str(cast.amina), "referred_on": "2126-01-01"})
    assert response.status_code == 422
    assert "not in the future" in response.text
    assert 'value="2126-01-01"' in response.text
    assert db.session.execute(db.select(db.func.count()).select_from(Placement)).scalar_one() == 1


def test_past_sessions_page_by_key(cast: Cast, made: Break, sign_in: SignIn) -> None:
    with transaction():
        for day in range(12):
            starts_at = datetime(2026, 3, 1 + day, 10, tzinfo=UTC)
            services.create_session(
                offer=made.offer, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), actor=None
            )
    client = sign_in(cast.council_staff)
    page = client.get(f"/offers/{made.offer_id}").text
    older = page.split('data-hx-get="')[1].split('"')[0].replace("&amp;", "&")
    fragment = client.get(older, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    days = ("Wednesday 4 March", "Tuesday 3 March", "Sunday 1 March")
    assert [day in page for day in days] == [True, False, False]
    assert [day in fragment for day in days] == [False, True, True]


def test_staff_add_a_provider_and_let_an_account_act_for_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    assert app
    client = sign_in(cast.council_staff)
    assert client.post("/providers", data={"name": "River Trust"}).status_code == 303
    assert client.post("/providers", data={"name": "River Trust"}).status_code == 422
    river = db.session.execute(db.select(Provider).where(Provider.name == "River Trust")).scalar_one()
    with transaction():
        services.create_offer(
            council_id=cast.council_id, provider_id=river.id, details=OfferDetails("Canoeing"), actor=None
        )
    path = f"/providers/{river.id}/members"
    assert client.post(path, data={"account": str(cast.mentor.account_id)}).status_code == 404
    assert client.post(path, data={"account": "nobody"}).status_code == 404
    assert "Canoeing" not in sign_in(cast.provider).get("/offers").text
    assert client.post(path, data={"account": str(cast.provider.account_id)}).status_code == 303
    assert "Canoeing" in sign_in(cast.provider).get("/offers").text
    assert sign_in(cast.other_council_staff).post(path, data={}).status_code == 404


def test_a_place_that_ended_stays_on_past_registers(cast: Cast, made: Break, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    placement = db.session.execute(db.select(Placement.id)).scalar_one()
    client.post(f"/places/{placement}/end")
    assert "Amina" not in client.get(f"/offers/{made.offer_id}").text
    assert "Amina" in client.get(f"/sessions/{made.session_id}/register").text
    assert db.session.execute(db.select(db.func.count()).select_from(Attendance)).scalar_one() == 0
    assert db.session.get(YoungPerson, cast.amina) is not None
