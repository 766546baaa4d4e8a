from uuid import UUID

import pytest

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.web.errors import NotFoundError
from app.young_people.models import Relationship, YoungPerson
from app.young_people.queries import by_reference, young_person_for
from app.young_people.services import add_young_person
from tests.conftest import SignIn
from tests.people import Cast, details

GOOD = {"reference": "YP-50", "first_name": "Noor", "last_name": "Khan", "date_of_birth": "2012-03-27"}
MORE = {"presenting_needs": "anxiety; sleep", "diagnoses": "ADHD", "contact": "Aunt, 0114 496 0000"}


def relationship_of(cast: Cast) -> UUID:
    query = db.select(Relationship.id).where(Relationship.account_id == cast.mentor.account_id)
    found: UUID = db.session.execute(query).scalar_one()
    return found


def test_staff_see_their_own_councils_young_people_with_their_mentors(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        add_young_person(council_id=cast.other_council_id, details=details("YP-9", "Zed"), actor=None)
    page = sign_in(cast.council_staff).get("/young-people").text
    assert "Amina Testperson" in page
    assert "Jo Mentor" in page
    assert "Zed" not in page
    other = sign_in(cast.other_council_staff).get("/young-people").text
    assert "Zed Testperson" in other
    assert "Amina" not in other


def test_a_search_finds_parts_of_names_and_references(cast: Cast, sign_in: SignIn) -> None:
    assert cast
    client = sign_in(cast.council_staff)
    for wanted, found in (("ami", True), ("test amina", True), ("YP-1", True), ("ben", False)):
        page = client.post("/young-people", data={"wanted": wanted}).text
        assert ("Amina Testperson" in page) is found
        fragment = client.post("/young-people", data={"wanted": wanted}, headers={"HX-Request": "true"}).text
        assert ("Amina Testperson" in fragment) is found
        assert "<html" not in fragment


def test_the_list_comes_in_pages(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        for number in range(30):
            add_young_person(council_id=cast.council_id, details=details(f"N-{number}", f"Name{number:02}"), actor=None)
    client = sign_in(cast.council_staff)
    first, second = client.get("/young-people").text, client.post("/young-people", data={"page": "2"}).text
    assert "Page 1 of 2" in first
    assert [("Name05" in page, "Name28" in page) for page in (first, second)] == [(True, False), (False, True)]
    assert client.get("/young-people?page=nonsense").status_code == 200
    assert "Page 2 of 2" in client.get("/young-people?page=99").text


def test_only_council_staff_have_a_directory(cast: Cast, sign_in: SignIn) -> None:
    for viewer in (cast.mentor, cast.parent_carer, cast.provider, cast.administrator, cast.young_person):
        client = sign_in(viewer)
        assert client.get("/young-people").status_code == 404
        assert client.get(f"/young-people/{cast.amina}/record").status_code == 404


def test_another_councils_record_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.other_council_staff)
    base = f"/young-people/{cast.amina}"
    assert client.get(f"{base}/record").status_code == 404
    assert client.get(f"{base}/record/edit").status_code == 404
    assert client.post(f"{base}/record/edit", data=GOOD).status_code == 404
    assert client.post(f"{base}/ties", data={"account": str(cast.mentor.account_id)}).status_code == 404
    assert client.post(f"{base}/ties/{relationship_of(cast)}/end").status_code == 404


def test_opening_a_record_and_a_list_is_written_down(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    client.get("/young-people")
    client.get(f"/young-people/{cast.amina}/record")
    query = db.select(AuditEntry.action).where(
        AuditEntry.young_person_id == cast.amina, AuditEntry.actor_id == cast.council_staff.account_id
    )
    assert list(db.session.execute(query.order_by(AuditEntry.sequence)).scalars()) == ["directory:seen", "record:seen"]


def test_staff_add_a_young_person_and_change_the_record(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    response = client.post("/young-people/new", data=GOOD | MORE)
    noor = by_reference(cast.council_id, "yp-50")
    assert noor is not None
    assert response.headers["Location"] == f"/young-people/{noor.id}/record"
    page = client.get(response.headers["Location"]).text
    for words in ("Noor Khan", "27 March 2012", "anxiety, sleep", "ADHD", "Aunt, 0114 496 0000"):
        assert words in page
    form = client.get(f"/young-people/{noor.id}/record/edit").text
    assert 'value="anxiety; sleep"' in form
    changed = {k: v for k, v in GOOD.items() if k != "reference"} | {"preferred_name": "Noo", "diagnoses": ""}
    assert client.post(f"/young-people/{noor.id}/record/edit", data=changed).status_code == 303
    db.session.expire_all()
    person = db.session.get_one(YoungPerson, noor.id)
    assert (person.reference, person.known_as, person.diagnoses) == ("YP-50", "Noo", [])
    assert db.session.get_one(Account, person.account_id).name == "Noo"


WRONG = (
    ({"reference": "YP-1"}, "There is a young person with this reference already."),
    ({"reference": ""}, "Type the council’s reference for them."),
    ({"last_name": ""}, "Type a last name."),
    ({"date_of_birth": "2126-01-01"}, "Type a date of birth that has been."),
    ({"date_of_birth": "soon"}, "Type a date of birth, such as 2012-03-27."),
    ({"sex": "x" * 121}, "Use at most 120 letters."),
)


def test_a_bad_record_says_why_and_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    for wrong, words in WRONG:
        response = client.post("/young-people/new", data=GOOD | MORE | wrong)
        assert response.status_code == 422
        assert words in response.text
        assert "Aunt, 0114 496 0000" in response.text
    assert by_reference(cast.council_id, "YP-50") is None


def test_staff_end_a_tie_and_the_mentor_sees_nothing_from_then_on(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    path = f"/young-people/{cast.amina}/ties/{relationship_of(cast)}/end"
    assert client.post(path).status_code == 303
    assert "Jo Mentor</b>" not in client.get(f"/young-people/{cast.amina}/record").text
    with pytest.raises(NotFoundError):
        young_person_for(cast.mentor, cast.amina)


def test_staff_put_an_adult_around_a_young_person(cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.council_staff), f"/young-people/{cast.amina}/ties"
    record, choice = f"/young-people/{cast.amina}/record", f"{cast.unrelated_mentor.account_id}:mentor"
    assert choice in client.get(record).text
    client.post(path, data={"account": str(cast.unrelated_mentor.account_id)})
    assert "Uma Unrelated</b>" in client.get(record).text
    assert choice not in client.get(record).text
    for account in (cast.provider, cast.council_staff, cast.other_council_staff, cast.young_person):
        assert client.post(path, data={"account": str(account.account_id)}).status_code == 404
    assert client.post(path, data={}).status_code == 404
    query = db.select(db.func.count()).select_from(Relationship).where(Relationship.young_person_id == cast.amina)
    assert db.session.execute(query).scalar_one() == 3


def test_a_tie_of_one_young_person_does_not_end_by_anothers_address(cast: Cast, sign_in: SignIn) -> None:
    ben = cast.other_young_person.young_person_id
    path = f"/young-people/{ben}/ties/{relationship_of(cast)}/end"
    assert sign_in(cast.council_staff).post(path).status_code == 404


def test_another_of_the_team_sees_only_what_the_whole_team_sees(cast: Cast, sign_in: SignIn) -> None:
    staff, young = sign_in(cast.council_staff), sign_in(cast.young_person)
    chosen = f"{cast.unrelated_mentor.account_id}:team"
    assert chosen in staff.get(f"/young-people/{cast.amina}/record").text
    assert staff.post(f"/young-people/{cast.amina}/ties", data={"account": chosen}).status_code == 303
    for words, audience in (("for everyone to read", "team"), ("for my mentor to read", "mentor")):
        assert young.post("/posts/new", data={"words": words, "audience": audience}).status_code == 303
    page = sign_in(cast.unrelated_mentor).get(f"/young-people/{cast.amina}").text
    assert "for everyone to read" in page
    assert "for my mentor to read" not in page


@pytest.mark.parametrize("chosen", ["", "nobody", "{parent}:mentor", "{mentor}:parent_carer", "{staff}:team"])
def test_a_tie_that_an_account_may_not_have_is_refused(cast: Cast, sign_in: SignIn, chosen: str) -> None:
    ids = {
        "parent": cast.parent_carer.account_id,
        "mentor": cast.mentor.account_id,
        "staff": cast.council_staff.account_id,
    }
    path = f"/young-people/{cast.other_young_person.young_person_id}/ties"
    assert sign_in(cast.council_staff).post(path, data={"account": chosen.format(**ids)}).status_code == 404
