"""A record opened in an emergency: with a reason, for an hour, told at once, seen by the young person, and reviewed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account, SignedInSession
from app.accounts.values import PERMISSIONS, Permission, Role, Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.feed.services import write_post
from app.notifications.delivery import deliver
from app.notifications.values import WORDS, Kind
from app.safeguarding.services import raise_concern
from app.settings import UnsafeSettingsError, load_settings
from app.web.errors import NotFoundError
from app.young_people.models import EmergencyAccess, Relationship, YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import tie_adult, write_note
from app.young_people.values import Audience, Tie
from tests.capabilities.notifications.conftest import mailing
from tests.conftest import SignIn
from tests.people import Cast

REASON = "Planted reason: a call from school that somebody is missing since noon."
ONLY_MINE = "planted words for nobody"
OPENERS = ("council_staff", "unrelated_mentor")


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Amina has written things for nobody but herself, her mentor a note, and a call for help waits."""
    with transaction():
        own = own_access(cast.young_person)
        faces = NewCheckIn(uuid4(), "faces", 2, audience=Audience.ONLY_ME, words=ONLY_MINE)
        record_check_in(viewer=cast.young_person, access=own, new=faces)
        write_post(viewer=cast.young_person, access=own, words="planted post", audience=Audience.ONLY_ME)
        raise_concern(viewer=cast.young_person, access=own, words="planted call")
        write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words="planted note")
    return cast


def open_record(sign_in: SignIn, viewer: Viewer, **typed: str) -> tuple[int, str]:
    """Send the form; return the status and where it goes on to."""
    response = sign_in(viewer).post("/emergency-access", data={"reference": "YP-1", "reason": REASON} | typed)
    return response.status_code, response.headers.get("Location", response.text)


def page_of(sign_in: SignIn, viewer: Viewer, young_person_id: UUID) -> tuple[int, str]:
    response = sign_in(viewer).get(f"/young-people/{young_person_id}")
    return response.status_code, response.text


@pytest.mark.parametrize("who", OPENERS)
def test_it_opens_all_of_one_record_and_no_other(written: Cast, sign_in: SignIn, who: str) -> None:
    viewer = written.everybody[who]
    assert page_of(sign_in, viewer, written.amina)[0] == 404
    assert open_record(sign_in, viewer) == (303, f"/young-people/{written.amina}")
    status, text = page_of(sign_in, viewer, written.amina)
    assert status == 200
    for words in (ONLY_MINE, "planted post", "planted call", "planted note", "Emergency access until"):
        assert words in text
    if who == "council_staff":
        assert page_of(sign_in, viewer, written.other_young_person.young_person_id or uuid4())[0] == 404
    assert page_of(sign_in, written.other_council_staff, written.amina)[0] == 404


def test_it_is_for_whoever_opened_it_and_nobody_else(written: Cast, sign_in: SignIn) -> None:
    assert open_record(sign_in, written.council_staff)[0] == 303
    for who in ("unrelated_mentor", "provider", "administrator", "auditor", "other_council_staff"):
        assert page_of(sign_in, written.everybody[who], written.amina)[0] == 404, who


@pytest.mark.parametrize("who", [name for name in Cast.__annotations__ if not name.endswith("_id")])
def test_only_staff_and_mentors_find_the_page(cast: Cast, sign_in: SignIn, who: str) -> None:
    viewer = cast.everybody[who]
    may = viewer.role in {Role.COUNCIL_STAFF, Role.MENTOR}
    assert (Permission.EMERGENCY_OPEN in PERMISSIONS[viewer.role]) is may
    assert sign_in(viewer).get("/emergency-access").status_code == (200 if may else 404)


def test_another_council_s_young_person_is_nobody(cast: Cast, sign_in: SignIn) -> None:
    status, text = open_record(sign_in, cast.other_council_staff)
    assert (status, "Nobody has this reference" in text, REASON in text) == (422, True, True)
    assert db.session.execute(select(EmergencyAccess)).first() is None
    assert sign_in(cast.other_council_staff).get(f"/emergency-access?person={cast.amina}").status_code == 404


def test_nothing_is_written_by_it(written: Cast, sign_in: SignIn) -> None:
    opener = sign_in(written.unrelated_mentor)
    opener.post("/emergency-access", data={"reference": "YP-1", "reason": REASON})
    text = opener.get(f"/young-people/{written.amina}").text
    for words in ("I have this", "Write a note", "Sign-in card", "Reply"):
        assert words not in text
    concern = db.session.execute(select(AuditEntry.record_id).where(AuditEntry.action == "concern:raised"))
    post = db.session.execute(select(AuditEntry.record_id).where(AuditEntry.action == "post:written")).scalar_one()
    path = f"/young-people/{written.amina}"
    for refused in (
        opener.post(f"{path}/concerns/{concern.scalar_one()}/acknowledge"),
        opener.post(f"{path}/note", data={"words": "mine"}),
        opener.post(f"{path}/life-event", data={"on": "2026-11-01", "title": "mine"}),
        opener.post(f"{path}/together", data={"measure": "faces", "answer": "3"}),
        opener.post(f"{path}/sign-in-card"),
        opener.post(f"/posts/{post}/replies", data={"words": "mine"}),
    ):
        assert refused.status_code == 404, refused.request.path


@pytest.mark.parametrize("typed", [{"reason": ""}, {"reason": "too short"}, {"reason": "x" * 2001}, {"reference": ""}])
def test_it_needs_a_reference_and_a_reason(cast: Cast, sign_in: SignIn, typed: dict[str, str]) -> None:
    status, text = open_record(sign_in, cast.council_staff, **typed)
    assert (status, "Please check" in text) == (422, True)
    assert db.session.execute(select(EmergencyAccess)).first() is None


def test_references_cannot_be_tried_one_after_another(cast: Cast, sign_in: SignIn) -> None:
    for number in range(10):
        assert open_record(sign_in, cast.unrelated_mentor, reference=f"YP-9{number}")[0] == 422
    assert open_record(sign_in, cast.unrelated_mentor)[0] == 429
    assert open_record(sign_in, cast.council_staff)[0] == 303


def test_their_own_mentor_needs_none_and_one_at_a_time_is_enough(cast: Cast, sign_in: SignIn) -> None:
    assert "You are a mentor of theirs" in open_record(sign_in, cast.mentor)[1]
    assert open_record(sign_in, cast.council_staff)[0] == 303
    assert "opened this record already" in open_record(sign_in, cast.council_staff)[1]


def test_somebody_of_the_team_sees_more_while_it_lasts(written: Cast, sign_in: SignIn) -> None:
    with transaction():
        tie = Relationship(
            council_id=written.council_id,
            young_person_id=written.amina,
            account_id=written.unrelated_mentor.account_id,
            tie=Tie.TEAM,
            started_at=clock.now(),
        )
        db.session.add(tie)
        audit.record(council_id=written.council_id, actor_id=None, action="test:prepared")
    assert ONLY_MINE not in page_of(sign_in, written.unrelated_mentor, written.amina)[1]
    assert open_record(sign_in, written.unrelated_mentor)[0] == 303
    assert ONLY_MINE in page_of(sign_in, written.unrelated_mentor, written.amina)[1]


def test_it_asks_again_who_somebody_is(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    with transaction():
        stale = update(SignedInSession).where(SignedInSession.account_id == cast.council_staff.account_id)
        db.session.execute(stale.values(started_at=clock.now() - timedelta(minutes=11)))
    for method in ("GET", "POST"):
        refused = client.open("/emergency-access", method=method, data={"reference": "YP-1", "reason": REASON})
        assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in-again")
    kept = client.post(
        "/emergency-access",
        data={"reference": "YP-1", "reason": REASON},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert (kept.status_code, REASON in kept.text, "/sign-in-again" in kept.text) == (401, True, True)
    assert db.session.execute(select(EmergencyAccess)).first() is None


def test_it_ends_by_itself(app: Flask, written: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], emergency_minutes=5)
    client = sign_in(written.council_staff)
    opened_at = clock.now()
    client.post("/emergency-access", data={"reference": "YP-1", "reason": REASON})
    ends_at = db.session.execute(select(EmergencyAccess.ends_at)).scalar_one()
    assert timedelta(minutes=5) <= ends_at - opened_at < timedelta(minutes=5, seconds=30)

    def at(moment: datetime) -> int:
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: moment)
            return client.get(f"/young-people/{written.amina}").status_code

    assert at(ends_at - timedelta(seconds=1)) == 200
    assert at(ends_at) == 404
    assert at(ends_at + timedelta(minutes=1)) == 404


def test_an_hour_is_the_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path).emergency_minutes == 60
    monkeypatch.setenv("TIDEMARK_EMERGENCY_MINUTES", "15")
    assert load_settings(tmp_path).emergency_minutes == 15
    for wrong in ("61", "4", "soon"):
        monkeypatch.setenv("TIDEMARK_EMERGENCY_MINUTES", wrong)
        with pytest.raises(UnsafeSettingsError):
            load_settings(tmp_path)


@pytest.mark.parametrize("who", OPENERS)
def test_it_is_ended_early(written: Cast, sign_in: SignIn, who: str) -> None:
    client = sign_in(written.everybody[who])
    client.post("/emergency-access", data={"reference": "YP-1", "reason": REASON})
    end = f"/young-people/{written.amina}/emergency-access/end"
    assert sign_in(written.mentor).post(end).status_code == 404
    assert client.post(end).status_code == 303
    assert client.get(f"/young-people/{written.amina}").status_code == 404
    assert client.post(end).status_code == 404


def test_whoever_loses_the_role_loses_the_access(written: Cast, sign_in: SignIn) -> None:
    assert open_record(sign_in, written.council_staff)[0] == 303
    assert young_person_for(written.council_staff, written.amina).in_emergency
    with pytest.raises(NotFoundError):
        young_person_for(replace(written.council_staff, role=Role.PROVIDER), written.amina)
    with pytest.raises(NotFoundError):
        young_person_for(replace(written.council_staff, council_id=written.other_council_id), written.amina)


def test_mentors_and_auditors_are_told_at_once_without_a_word_of_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    with mailing(app) as server:
        assert open_record(sign_in, cast.council_staff)[0] == 303
        assert deliver().sent == 2
        assert {to for to, _ in server.letters} == {"jo@derwent.example", "audrey@derwent.example"}
        for _, letter in server.letters:
            assert str(WORDS[Kind.EMERGENCY].email) in letter.as_string()
            for word in ("Amina", "mergency", "Planted", "Colin", "Derwent", str(cast.amina)):
                assert word not in letter.as_string()
    text = sign_in(cast.mentor).get("/caseload").text
    assert "Colin Staff (council staff) opened Amina’s record in an emergency today at" in text
    assert REASON not in text
    assert "in an emergency" not in sign_in(cast.parent_carer).get("/caseload").text
    assert "opened" not in sign_in(cast.unrelated_mentor).get("/caseload").text


def test_the_young_person_sees_who_opened_it_and_what_was_read(written: Cast, sign_in: SignIn) -> None:
    assert "to keep somebody safe" not in sign_in(written.young_person).get("/me/who-looked").text
    client = sign_in(written.council_staff)
    client.post("/emergency-access", data={"reference": "YP-1", "reason": REASON})
    client.get(f"/young-people/{written.amina}")
    text = sign_in(written.young_person).get("/me/who-looked").text
    assert "<b>Colin</b> opened all of yours, to keep somebody safe" in text
    assert "<b>Colin</b> read your page" in text
    assert "what is that?" in text
    assert "Planted reason" not in text
    assert "Nobody looked." in sign_in(written.other_young_person).get("/me/who-looked").text


def actions(cast: Cast) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.action.like("emergency%")).order_by(AuditEntry.sequence)
    return list(db.session.execute(query.where(AuditEntry.young_person_id == cast.amina)).scalars())


def test_the_auditor_reviews_it_and_learns_no_name(cast: Cast, sign_in: SignIn) -> None:
    client, auditor = sign_in(cast.council_staff), sign_in(cast.auditor)
    client.post("/emergency-access", data={"reference": "YP-1", "reason": REASON})
    listed = auditor.get("/audit/emergency-access").text
    assert "Colin Staff" in listed
    assert "To review" in listed
    assert "Planted reason" not in listed
    access_id = db.session.execute(select(EmergencyAccess.id)).scalar_one()
    path = f"/audit/emergency-access/{access_id}"
    opened = auditor.get(path).text
    assert REASON in opened
    assert "Amina" not in listed + opened
    assert auditor.post(path, data={"verdict": "right"}).status_code == 422
    assert auditor.post(path, data={"verdict": "not_right", "words": "Planted finding"}).status_code == 303
    assert auditor.post(path, data={"verdict": "right", "words": "Changed my mind"}).status_code == 404
    assert "It was not right" in auditor.get("/audit/emergency-access").text
    assert "Planted finding" in auditor.get(path).text
    assert actions(cast) == [
        "emergency_access:opened",
        "emergency_reason:seen",
        "emergency_reason:seen",
        "emergency_access:reviewed",
        "emergency_reason:seen",
    ]
    assert first_break(cast.council_id) is None
    assert "Emergency access: opened" in auditor.get("/audit?area=emergency").text
    assert client.get(path).status_code == 404


def test_of_several_reviews_at_once_one_is_kept(cast: Cast, sign_in: SignIn) -> None:
    open_record(sign_in, cast.council_staff)
    path = f"/audit/emergency-access/{db.session.execute(select(EmergencyAccess.id)).scalar_one()}"
    findings = [(sign_in(cast.auditor), {"verdict": "right", "words": f"Finding {number}"}) for number in range(8)]
    db.session.rollback()
    with ThreadPoolExecutor(len(findings)) as pool:
        answers = list(pool.map(lambda one: one[0].post(path, data=one[1]).status_code, findings))
    assert sorted(answers) == [303, *[404] * 7]
    assert actions(cast).count("emergency_access:reviewed") == 1


def test_words_of_it_are_sealed(cast: Cast, sign_in: SignIn) -> None:
    open_record(sign_in, cast.council_staff)
    stored = db.session.execute(select(EmergencyAccess.__table__)).one()
    assert b"Planted" not in repr(tuple(stored)).encode()


def test_a_tie_that_begins_goes_before_it(written: Cast, sign_in: SignIn) -> None:
    assert open_record(sign_in, written.unrelated_mentor)[0] == 303
    with transaction():
        tie_adult(
            person=db.session.get_one(YoungPerson, written.amina),
            account=db.session.get_one(Account, written.unrelated_mentor.account_id),
            tie=Tie.MENTOR,
            actor=None,
        )
    access = young_person_for(written.unrelated_mentor, written.amina)
    assert (access.in_emergency, Audience.ONLY_ME in access.audiences) == (False, False)
