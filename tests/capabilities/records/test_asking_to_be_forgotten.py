"""A young person asks to be forgotten; the council answers; whoever holds the receipt learns what became of it."""

import re
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app import clock
from app.accounts.models import SignedInSession
from app.accounts.services import create_account
from app.accounts.sessions import viewer_of
from app.accounts.values import Role, Viewer
from app.audit.models import AuditEntry
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db, transaction
from app.records import erasure
from app.records.models import DataRequest, Erasure, ForgettingProposal
from app.safeguarding.decision_services import decide
from app.safeguarding.decision_values import Decided, Done
from app.safeguarding.services import acknowledge, raise_concern
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access, young_person_for
from tests.conftest import SignIn
from tests.people import Cast

RECEIPT = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
WHY = {"basis": "asked", "reason": "rang, and told us the date of birth"}
TRULY = {"reference": "YP-1"}


@pytest.fixture
def young(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


@pytest.fixture
def staff(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.council_staff)


@pytest.fixture
def second(cast: Cast, sign_in: SignIn) -> FlaskClient:
    """Another member of the same council's staff."""
    with transaction():
        account = create_account(
            council_id=cast.council_id,
            role=Role.COUNCIL_STAFF,
            name="Sefa Second",
            email="sefa@derwent.example",
            password=None,
            actor=None,
        )
        viewer = viewer_of(account)
    return sign_in(viewer)


def ask(young: FlaskClient, words: str = "I am moving away") -> str:
    """Ask to be forgotten; return the receipt."""
    assert young.post("/me/my-data/forget-me", data={"words": words}).status_code == 303
    found = RECEIPT.search(young.get("/me/my-data").text)
    assert found is not None
    return found.group()


def forget_address(cast: Cast) -> str:
    return f"/young-people/{cast.amina}/forget"


def confirm_address(cast: Cast) -> str:
    return f"{forget_address(cast)}/confirm"


def forget(cast: Cast, first: FlaskClient, second: FlaskClient) -> None:
    assert first.post(forget_address(cast), data=WHY).status_code == 303
    assert second.post(confirm_address(cast), data=TRULY).status_code == 303


def count(table: type[DataRequest | Erasure | ForgettingProposal]) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def actions_about(viewer: Viewer) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.young_person_id == viewer.young_person_id)
    return list(db.session.execute(query.order_by(AuditEntry.sequence)).scalars())


def test_asking_shows_a_receipt_and_asking_again_gives_the_same(cast: Cast, young: FlaskClient) -> None:
    receipt = ask(young)
    assert ask(young, "again") == receipt
    assert count(DataRequest) == 1
    assert "I am moving away" in young.get("/me/my-data").text
    assert "data_request:made" in actions_about(cast.young_person)


def test_too_many_words_are_given_back_with_a_sentence(young: FlaskClient) -> None:
    sent = young.post("/me/my-data/forget-me", data={"words": "a" * 2_001})
    assert sent.status_code == 422
    assert "There is room for 2,000" in sent.text
    assert "a" * 2_001 in sent.text
    assert count(DataRequest) == 0


def test_it_can_be_taken_back_once(young: FlaskClient, staff: FlaskClient) -> None:
    ask(young)
    assert "Amina Testperson" in staff.get("/data-requests").text
    assert young.post("/me/my-data/take-back").status_code == 303
    assert "You took it back" in young.get("/me/my-data").text
    assert "Nobody is waiting" in staff.get("/data-requests").text
    assert young.post("/me/my-data/take-back").status_code == 404


def test_a_no_reaches_the_young_person_with_its_reason(young: FlaskClient, staff: FlaskClient) -> None:
    receipt = ask(young)
    link = re.search(r'href="(/data-requests/[^"]+/no)"', staff.get("/data-requests").text)
    assert link is not None
    assert "Say why not." in staff.post(link[1], data={"reply": " "}).text
    assert staff.post(link[1], data={"reply": "A court has asked us to wait."}).status_code == 303
    shown = young.get("/me/my-data").text
    assert "We said no" in shown
    assert "A court has asked us to wait." in shown
    answer = young.application.test_client().post("/is-it-done", data={"receipt": receipt}).text
    assert "We said no" in answer
    assert "court" not in answer
    assert staff.post(link[1], data={"reply": "again"}).status_code == 404


def test_the_page_before_says_what_goes_and_what_stays_and_writes_nothing(
    cast: Cast, young: FlaskClient, staff: FlaskClient
) -> None:
    ask(young)
    shown = staff.get(forget_address(cast)).text
    for words in ("Forget Amina Testperson?", "I am moving away", "Ways to sign in", "Until", "audit trail"):
        assert words in shown
    assert db.session.get(YoungPerson, cast.amina) is not None


@pytest.mark.parametrize(
    ("changed", "sentence"), [({"reason": " "}, "Say what was decided."), ({"basis": ""}, "Choose why.")]
)
def test_nothing_is_proposed_without_reason_and_basis(
    cast: Cast, staff: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    sent = staff.post(forget_address(cast), data=WHY | changed)
    assert (sent.status_code, sentence in sent.text) == (422, True)
    assert (WHY | changed)["reason"].strip() in sent.text
    assert count(ForgettingProposal) == 0


def test_nobody_is_forgotten_by_one_person_alone(cast: Cast, staff: FlaskClient, second: FlaskClient) -> None:
    assert staff.post(confirm_address(cast), data=TRULY).status_code == 404
    assert staff.post(forget_address(cast), data=WHY).headers["Location"] == "/data-requests"
    assert "proposed by you" in staff.get("/data-requests").text
    assert staff.get(forget_address(cast)).headers["Location"] == confirm_address(cast)
    shown = staff.get(confirm_address(cast)).text
    assert "Somebody else of the council has to confirm it" in shown
    assert "Type their reference" not in shown
    refused = staff.post(confirm_address(cast), data=TRULY)
    assert (refused.status_code, "You proposed this yourself" in refused.text) == (422, True)
    assert count(Erasure) == 0
    offered = second.get(confirm_address(cast)).text
    for words in ("Proposed by Colin Staff", WHY["reason"], "Type their reference"):
        assert words in offered
    wrong = second.post(confirm_address(cast), data={"reference": "YP-2"})
    assert (wrong.status_code, "Type the reference exactly" in wrong.text) == (422, True)
    assert count(Erasure) == 0
    assert second.post(confirm_address(cast), data=TRULY).status_code == 303
    assert count(Erasure) == 1
    assert "Colin Staff and Sefa Second" in second.get("/data-requests").text


@pytest.mark.parametrize("who", ["staff", "second"])
def test_a_proposal_is_taken_back_or_turned_down(cast: Cast, staff: FlaskClient, second: FlaskClient, who: str) -> None:
    staff.post(forget_address(cast), data=WHY)
    client = {"staff": staff, "second": second}[who]
    assert client.post(f"{forget_address(cast)}/take-away").status_code == 303
    assert second.post(confirm_address(cast), data=TRULY).status_code == 404
    assert client.post(f"{forget_address(cast)}/take-away").status_code == 404
    assert (count(ForgettingProposal), count(Erasure)) == (0, 0)
    assert actions_about(cast.young_person)[-1] == "forgetting:taken_away"


def test_a_proposal_falls_when_the_young_person_takes_the_question_back(
    cast: Cast, young: FlaskClient, staff: FlaskClient, second: FlaskClient
) -> None:
    ask(young)
    staff.post(forget_address(cast), data=WHY)
    young.post("/me/my-data/take-back")
    assert second.post(confirm_address(cast), data=TRULY).status_code == 404
    staff.post(forget_address(cast), data=WHY | {"basis": "law"})
    ask(young)
    young.post("/me/my-data/take-back")
    assert count(ForgettingProposal) == 1


def test_it_is_asked_again_who_proposes_and_who_confirms(cast: Cast, staff: FlaskClient, second: FlaskClient) -> None:
    staff.post(forget_address(cast), data=WHY)
    with transaction():
        db.session.execute(update(SignedInSession).values(started_at=clock.now() - timedelta(minutes=11)))
    for client, address in ((staff, forget_address(cast)), (second, confirm_address(cast))):
        refused = client.post(address, data=WHY | TRULY)
        assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in-again")
        typed = client.post(address, data=WHY | TRULY, headers={"Sec-Fetch-Site": "same-origin"})
        assert (typed.status_code, WHY["reason"] in typed.text) == (401, True)
    assert count(Erasure) == 0


def test_forgotten_they_are_signed_out_nowhere_to_be_found_and_the_receipt_says_so(
    cast: Cast, young: FlaskClient, staff: FlaskClient, second: FlaskClient, sign_in: SignIn
) -> None:
    receipt = ask(young)
    forget(cast, staff, second)
    shown = staff.get("/data-requests").text
    assert "They asked for it themself" in shown
    assert "Amina" not in shown
    assert young.get("/home").status_code == 303
    assert staff.get(f"/young-people/{cast.amina}/record").status_code == 404
    assert "Amina" not in sign_in(cast.mentor).get("/caseload").text
    for typed in (receipt, receipt.lower().replace("-", " ")):
        assert "It is done" in young.application.test_client().post("/is-it-done", data={"receipt": typed}).text
    erasure = db.session.execute(select(Erasure)).scalar_one()
    assert (erasure.proposed_by, erasure.reason) == (cast.council_staff.account_id, WHY["reason"])
    assert erasure.decided_by not in (None, erasure.proposed_by)
    assert erasure.asked_at is not None
    assert not current_keyring().tombstones.has((OwnerKind.KEPT, erasure.id))


def test_a_receipt_cannot_be_guessed_for_long(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    answers = [client.post("/is-it-done", data={"receipt": f"AAAA{n:08}"}).status_code for n in range(22)]
    assert answers == [422] * 20 + [429] * 2


def test_an_open_call_for_help_is_answered_first_and_then_kept_apart(
    cast: Cast, staff: FlaskClient, second: FlaskClient
) -> None:
    with transaction():
        concern = raise_concern(
            viewer=cast.young_person, access=own_access(cast.young_person), words="not safe at home"
        )
        concern_id = concern.id
    refused = staff.post(forget_address(cast), data=WHY)
    assert (refused.status_code, "Answer it first" in refused.text) == (422, True)
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        acknowledge(viewer=cast.mentor, access=access, concern_id=concern_id)
        decided = Decided((Done.SOCIAL_CARE,), "Her aunt agrees.")
        decide(viewer=cast.mentor, concern_id=concern_id, decided=decided, decision_id=uuid4())
    forget(cast, staff, second)
    erasure = db.session.execute(select(Erasure)).scalar_one()
    address = f"/data-requests/forgotten/{erasure.id}"
    closed = staff.get(address).text
    assert "1 call for help" in closed
    assert "not safe" not in closed
    opened = staff.post(address).text
    for words in (
        "not safe at home",
        "Amina Testperson",
        "YP-1",
        "Jo Mentor",
        "Her aunt agrees.",
        "(MASH)",
        WHY["reason"],
    ):
        assert words in opened
    assert actions_about(cast.young_person)[-1] == "kept_concerns:seen"


def test_another_council_s_staff_find_nothing(
    cast: Cast, young: FlaskClient, staff: FlaskClient, second: FlaskClient, sign_in: SignIn
) -> None:
    ask(young)
    others = sign_in(cast.other_council_staff)
    assert "Amina" not in others.get("/data-requests").text
    assert others.post(forget_address(cast), data=WHY).status_code == 404
    assert staff.post(forget_address(cast), data=WHY).status_code == 303
    assert others.post(confirm_address(cast), data=TRULY).status_code == 404
    assert second.post(confirm_address(cast), data=TRULY).status_code == 303
    erasure = db.session.execute(select(Erasure)).scalar_one()
    assert others.post(f"/data-requests/forgotten/{erasure.id}").status_code == 404


def test_what_a_colleague_takes_away_while_it_is_confirmed_comes_too_late(
    cast: Cast, staff: FlaskClient, second: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/young-people/{cast.amina}/forget"
    assert staff.post(path, data=WHY).status_code == 303
    forget, colleague = erasure.forget_young_person, ThreadPoolExecutor(1)
    late: list[Future[int]] = []

    def meanwhile(**what: Any) -> Erasure:  # noqa: ANN401 (as it is called)
        late.append(colleague.submit(lambda: staff.post(f"{path}/take-away").status_code))
        wait(late, timeout=0.5)
        return forget(**what)

    monkeypatch.setattr(erasure, "forget_young_person", meanwhile)
    assert second.post(f"{path}/confirm", data=TRULY).status_code == 303
    assert [one.result() for one in late] == [404]
    db.session.rollback()
    done = set(db.session.execute(select(AuditEntry.action)).scalars())
    assert done & {"young_person:forgotten", "forgetting:taken_away"} == {"young_person:forgotten"}


def test_asking_twice_at_once_is_one_request_and_taking_it_back_leaves_none(cast: Cast, young: FlaskClient) -> None:
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda one: one.post("/me/my-data/forget-me").status_code, [young] * 4))
    assert set(asked) == {303}
    assert len(db.session.execute(select(DataRequest.id)).all()) == 1
    assert young.post("/me/my-data/take-back").status_code == 303
    db.session.rollback()
    open_ones = select(DataRequest.id).where(DataRequest.young_person_id == cast.amina, DataRequest.answer.is_(None))
    assert db.session.execute(open_ones).all() == []
