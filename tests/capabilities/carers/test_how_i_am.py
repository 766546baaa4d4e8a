from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.accounts.models import Account
from app.accounts.values import Viewer
from app.checkins.carer_queries import carer_scores_of_council, own_carer_check_ins, shared_by_carers
from app.checkins.carer_services import choose_for_carer, record_carer_check_in
from app.checkins.measures import all_measures, carer_measure
from app.checkins.models import CarerCheckIn
from app.checkins.services import UnknownAnswerError
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db, transaction
from app.web.errors import NotFoundError
from app.young_people.models import Relationship
from app.young_people.queries import carers_of_council, own_record, young_person_for
from app.young_people.services import end_relationship
from tests.conftest import SignIn
from tests.people import Cast


def answered(viewer: Viewer, answer: float) -> UUID:
    with transaction():
        return record_carer_check_in(viewer=viewer, answer=answer).id


def choose(viewer: Viewer, *, shares: bool, counts: bool = True) -> None:
    with transaction():
        choose_for_carer(viewer=viewer, shares_with_mentor=shares, in_group_figures=counts)


def test_there_is_one_question_for_parent_carers_and_it_is_a_free_one() -> None:
    assert [one.code for one in all_measures().values() if one.for_carers] == [carer_measure().code]
    assert "Open Government Licence" in carer_measure().source


def test_it_is_sealed_under_the_parent_carer_s_own_key(cast: Cast) -> None:
    answered(cast.parent_carer, 4)
    account = db.session.get_one(Account, cast.parent_carer.account_id)
    row = db.session.execute(select(CarerCheckIn)).scalar_one()
    assert row.key_owner == account.key_owner == (OwnerKind.ACCOUNT, cast.parent_carer.account_id)
    assert row.answer == 4
    current_keyring().destroy(account.key_owner)
    db.session.expire_all()
    assert db.session.execute(select(CarerCheckIn)).scalar_one().answer is None


@pytest.mark.parametrize("who", ["young_person", "mentor", "council_staff", "provider"])
def test_nobody_else_keeps_or_reads_any(cast: Cast, who: str) -> None:
    viewer = cast.everybody[who]
    with pytest.raises(NotFoundError):
        own_carer_check_ins(viewer)
    with transaction(), pytest.raises(NotFoundError):
        record_carer_check_in(viewer=viewer, answer=4)


@pytest.mark.parametrize("answer", [-1, 11, 4.5])
def test_a_number_that_is_not_on_the_scale_is_refused(cast: Cast, answer: float) -> None:
    with pytest.raises(UnknownAnswerError):
        answered(cast.parent_carer, answer)


def test_the_mentor_sees_it_only_once_the_parent_carer_chose_so(cast: Cast, sign_in: SignIn) -> None:
    for answer in (4, 7):
        answered(cast.parent_carer, answer)
    path, mentor = f"/young-people/{cast.amina}", sign_in(cast.mentor)
    assert "satisfied" not in mentor.get(path).text
    choose(cast.parent_carer, shares=True)
    text = mentor.get(path).text
    assert "How Sana Parent is, themself" in text
    assert "7 out of 10" in text
    assert "Before: 4 (" in text
    for viewer in (cast.parent_carer, cast.young_person):
        assert shared_by_carers(viewer, young_person_for(viewer, cast.amina)) == []
    choose(cast.parent_carer, shares=False)
    assert "satisfied" not in mentor.get(path).text


def test_when_they_are_no_longer_around_the_mentor_sees_nothing(cast: Cast) -> None:
    answered(cast.parent_carer, 6)
    choose(cast.parent_carer, shares=True)
    access = young_person_for(cast.mentor, cast.amina)
    assert [one.name for one in shared_by_carers(cast.mentor, access)] == ["Sana Parent"]
    query = select(Relationship).where(Relationship.account_id == cast.parent_carer.account_id)
    with transaction():
        end_relationship(relationship=db.session.execute(query).scalar_one(), actor=cast.council_staff)
    assert shared_by_carers(cast.mentor, access) == []


def test_group_figures_count_it_unless_they_opt_out(cast: Cast) -> None:
    answered(cast.parent_carer, 6)
    assert [(one.account_id, one.score_0_10) for one in carer_scores_of_council(cast.council_id)] == [
        (cast.parent_carer.account_id, 6.0)
    ]
    assert carers_of_council(cast.council_id) == [(cast.parent_carer.account_id, cast.amina)]
    assert carer_scores_of_council(cast.other_council_id) == []
    choose(cast.parent_carer, shares=True, counts=False)
    assert carer_scores_of_council(cast.council_id) == []


def test_a_child_who_is_not_in_group_figures_links_to_nobody(cast: Cast) -> None:
    with transaction():
        own_record(cast.young_person).in_group_figures = False
        record_carer_check_in(viewer=cast.parent_carer, answer=5)
    assert carers_of_council(cast.council_id) == []


def test_a_tap_saves_once_and_can_be_taken_back(cast: Cast, sign_in: SignIn) -> None:
    phone, sent = sign_in(cast.parent_carer), {"id": str(uuid4()), "answer": "8"}
    for _ in range(2):
        assert phone.post("/how-i-am", data=sent).location == "/how-i-am"
    assert db.session.execute(select(func.count()).select_from(CarerCheckIn)).scalar_one() == 1
    assert "8 out of 10" in phone.get("/how-i-am").text
    assert phone.post(f"/how-i-am/{sent['id']}/undo").status_code == 303
    assert "8 out of 10" not in phone.get("/how-i-am").text
    assert phone.post("/how-i-am", data={"id": str(uuid4()), "answer": "80"}).status_code == 422
    assert phone.post("/how-i-am", data={"answer": "8"}).status_code == 422


def test_choices_are_kept_and_shown(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.parent_carer)
    assert 'name="in_group_figures" value="y" checked' in phone.get("/how-i-am").text
    assert phone.post("/how-i-am/choices", data={"shares_with_mentor": "y"}).location == "/how-i-am#choices"
    text = phone.get("/how-i-am").text
    assert 'name="shares_with_mentor" value="y" checked' in text
    assert 'name="in_group_figures" value="y">' in text


def test_taps_at_once_are_one_answer(cast: Cast, sign_in: SignIn) -> None:
    phones, sent = [sign_in(cast.parent_carer) for _ in range(6)], {"id": str(uuid4()), "answer": "3"}
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda phone: phone.post("/how-i-am", data=sent).status_code, phones)) == {303}
    assert db.session.execute(select(func.count()).select_from(CarerCheckIn)).scalar_one() == 1
