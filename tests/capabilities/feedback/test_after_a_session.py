from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.accounts.values import Viewer
from app.breaks.feedback import NewFeedback, Said, Treated, UnknownAnswerError
from app.breaks.feedback_queries import feedback_of_council, feedback_visible_to, session_to_ask_about
from app.breaks.feedback_services import say_how_it_was, say_in_bulk
from app.breaks.models import Session, SessionFeedback
from app.clock import now
from app.database import db, transaction
from app.web.errors import NotFoundError
from app.young_people.queries import own_access, own_record, young_person_for
from app.young_people.values import Audience
from tests.capabilities.timeline.records import ago, came_to
from tests.conftest import SignIn
from tests.people import Cast

TWO_WEEKS = timedelta(days=14)


def session_of(cast: Cast, *days: float) -> UUID:
    came_to(cast, "Climbing club", *days)
    return db.session.execute(select(Session.id).order_by(Session.starts_at.desc())).scalars().first()  # type: ignore[return-value]


def say(viewer: Viewer, session_id: UUID, said: Said) -> SessionFeedback:
    with transaction():
        return say_how_it_was(viewer=viewer, access=own_access(viewer), session_id=session_id, said=said)


def test_the_newest_session_is_asked_about_once(cast: Cast) -> None:
    session_id = session_of(cast, 10, 3)
    access, since = own_access(cast.young_person), now() - TWO_WEEKS
    asked = session_to_ask_about(access, since)
    assert asked is not None
    assert asked.session_id == session_id
    say(cast.young_person, session_id, Said())
    older = session_to_ask_about(access, since)
    assert older is not None
    assert older.at == ago(10)
    assert session_to_ask_about(access, now() - timedelta(days=5)) is None


def test_each_answer_can_be_given_alone_and_changed(cast: Cast) -> None:
    session_id = session_of(cast, 3)
    for said in (Said(4), Said(treated=Treated.MOSTLY), Said(2, audience=Audience.ONLY_ME)):
        say(cast.young_person, session_id, said)
    row = db.session.execute(select(SessionFeedback)).scalar_one()
    assert (row.how_was_it, row.treated, row.audience) == (2, 1, Audience.ONLY_ME)
    assert row.edited_at is not None


def test_only_whoever_came_can_say_how_it_was(cast: Cast) -> None:
    session_id = session_of(cast, 3)
    with pytest.raises(NotFoundError):
        say(cast.other_young_person, session_id, Said(4))
    with pytest.raises(UnknownAnswerError):
        say(cast.young_person, session_id, Said(6))
    mentor = young_person_for(cast.mentor, cast.amina)
    with transaction(), pytest.raises(NotFoundError):
        say_how_it_was(viewer=cast.mentor, access=mentor, session_id=session_id, said=Said(5))


def test_the_mentor_reads_what_is_shared_and_the_parent_only_what_is_for_them(cast: Cast, sign_in: SignIn) -> None:
    session_id = session_of(cast, 3)
    say(cast.young_person, session_id, Said(5, Treated.YES, Audience.MENTOR))
    path = f"/young-people/{cast.amina}"
    text = sign_in(cast.mentor).get(path).text
    assert "How was it: really good" in text
    assert "Treated as they asked: yes" in text
    assert "How was it" not in sign_in(cast.parent_carer).get(path).text
    say(cast.young_person, session_id, Said(audience=Audience.ONLY_ME))
    assert "How was it" not in sign_in(cast.mentor).get(path).text


def test_the_provider_never_reads_an_answer(cast: Cast, sign_in: SignIn) -> None:
    session_id = session_of(cast, 3)
    say(cast.young_person, session_id, Said(1, Treated.NO, Audience.TEAM))
    offer_id = db.session.get_one(Session, session_id).offer_id
    provider = sign_in(cast.provider)
    for path in (f"/offers/{offer_id}", f"/sessions/{session_id}/register"):
        text = provider.get(path).text
        assert "Really bad" not in text
        assert "reated" not in text
    assert provider.get(f"/my-breaks/{session_id}").status_code == 404


def test_two_taps_on_a_phone(cast: Cast, sign_in: SignIn) -> None:
    session_id, phone = session_of(cast, 3), sign_in(cast.young_person)
    assert "How was Climbing club?" in phone.get("/home").text
    path, htmx = f"/my-breaks/{session_id}/say", {"HX-Request": "true"}
    text = phone.post(path, data={"how_was_it": "4"}, headers=htmx).text
    assert "Did they treat you how you asked?" in text
    assert "Thank you" in phone.post(path, data={"treated": "mostly"}, headers=htmx).text
    assert "How was Climbing club?" not in phone.get("/home").text
    assert "Good. Treated how you asked: mostly. For Jo." in phone.get("/my-breaks").text
    assert phone.post(path, data={"how_was_it": "9"}, headers=htmx).status_code == 422


def test_it_works_without_scripts_and_can_be_skipped(cast: Cast, sign_in: SignIn) -> None:
    session_id, phone = session_of(cast, 3), sign_in(cast.young_person)
    path = f"/my-breaks/{session_id}"
    assert phone.post(f"{path}/say", data={"how_was_it": "3"}).location == f"{path}#treated"
    assert 'value="3" checked' in phone.get(path).text
    sent = {"how_was_it": "2", "treated": "no", "audience": "only_me"}
    assert phone.post(path, data=sent).location == "/my-breaks"
    assert "Not great. Treated how you asked: no. For just you." in phone.get("/my-breaks").text
    assert phone.post(path, data={**sent, "treated": "perhaps"}).status_code == 422
    assert phone.post(path, data={"audience": "only_me"}).location == "/my-breaks"


def test_a_skip_asks_no_more(cast: Cast, sign_in: SignIn) -> None:
    session_id, phone = session_of(cast, 3), sign_in(cast.young_person)
    assert phone.post(f"/my-breaks/{session_id}/say").location == "/home"
    assert "How was Climbing club?" not in phone.get("/home").text
    assert "How was it?" in phone.get("/my-breaks").text
    assert "How was it" not in sign_in(cast.mentor).get(f"/young-people/{cast.amina}").text


def test_taps_at_once_are_one_answer(cast: Cast, sign_in: SignIn) -> None:
    session_id = session_of(cast, 3)
    phones = [sign_in(cast.young_person) for _ in range(6)]
    path = f"/my-breaks/{session_id}/say"
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda phone: phone.post(path, data={"how_was_it": "4"}).status_code, phones)) == {303}
    assert db.session.execute(select(func.count()).select_from(SessionFeedback)).scalar_one() == 1


def test_group_figures_read_only_those_who_are_in_them(cast: Cast) -> None:
    session_id = session_of(cast, 3)
    with transaction():
        rows = [NewFeedback(session_id, cast.amina, now(), Said(5, Treated.MOSTLY))]
        for new in (1, 0):
            made = say_in_bulk(council_id=cast.council_id, actor=None, audience=Audience.ONLY_ME, rows=rows)
            assert made == new
    facts = feedback_of_council(cast.council_id)
    assert [(fact.young_person_id, fact.how_was_it, fact.treated) for fact in facts] == [(cast.amina, 10.0, 5.0)]
    assert feedback_visible_to(young_person_for(cast.mentor, cast.amina), [session_id]) == {}
    with transaction():
        own_record(cast.young_person).in_group_figures = False
        say_how_it_was(
            viewer=cast.young_person, access=own_access(cast.young_person), session_id=session_id, said=Said(4)
        )
    assert feedback_of_council(cast.council_id) == []
