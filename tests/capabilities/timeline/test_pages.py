"""The timeline page and what adults do from it: who sees what, who finds nothing, what is written down."""

from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import Account, EnrolledDevice, SignInCard
from app.accounts.services import enrol_device, open_card
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.feed.models import PostSeen
from app.profiles.services import save_profile
from app.safeguarding.models import Concern
from app.safeguarding.services import raise_concern
from app.young_people.models import LifeEvent, Note, Relationship, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import add_life_event, end_relationship, tie_adult, write_note
from app.young_people.values import Audience, Tie
from tests.capabilities.accounts.test_second_step import grow_old
from tests.capabilities.timeline.records import ago, came_to, check_in, post
from tests.conftest import SignIn
from tests.people import Cast

pytestmark = pytest.mark.any_database

HTMX = {"HX-Request": "true"}


def text_of(client: FlaskClient, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return unescape(response.text)


def actions(cast: Cast, actor: UUID) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.young_person_id == cast.amina, AuditEntry.actor_id == actor)
    return list(db.session.execute(query.order_by(AuditEntry.sequence)).scalars())


def test_the_mentor_reads_everything_that_is_shared_with_them(cast: Cast, sign_in: SignIn) -> None:
    check_in(cast.young_person, answer=2, words="Didn’t sleep.", feelings=("tired",))
    check_in(cast.young_person, answer=9, measure="scale", days=2)
    post(cast.young_person, "Can you text me first?")
    came_to(cast, "Climbing club", 20, 13, 6)
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        write_note(viewer=cast.mentor, access=access, words="Walked to the park.", at=ago(3))
        add_life_event(viewer=cast.mentor, access=access, on=ago(30).date(), title="Changed school")
        own = young_person_for(cast.young_person, cast.amina)
        save_profile(
            viewer=cast.young_person, access=own, sections={"support": "If I go quiet, wait."}, said_by="Amina"
        )
    text = text_of(sign_in(cast.mentor), f"/young-people/{cast.amina}")
    for words in (
        "Didn’t sleep.",
        "Not great",
        "Tired",
        "9 out of 10",
        "Can you text me first?",
        "Climbing club",
        "Walked to the park.",
        "Changed school",
        "If I go quiet, wait.",
        "Shared with you",
        "For Amina alone we cannot yet say what helped.",
    ):
        assert words in text, words
    assert text.count('role="img"') == 3


def test_only_me_is_on_nobodys_page_nor_in_anybodys_picture(cast: Cast, sign_in: SignIn) -> None:
    check_in(cast.young_person, answer=1, words="Nobody knows this.", audience=Audience.ONLY_ME)
    post(cast.young_person, "My own diary.", audience=Audience.ONLY_ME)
    for viewer in (cast.mentor, cast.parent_carer):
        text = text_of(sign_in(viewer), f"/young-people/{cast.amina}")
        assert "Nobody knows this." not in text
        assert "My own diary." not in text
        assert "Nothing to draw here yet." in text


def test_a_parent_carer_sees_what_is_for_them_and_never_notes_or_concerns(cast: Cast, sign_in: SignIn) -> None:
    check_in(cast.young_person, words="For Jo only.", audience=Audience.MENTOR)
    check_in(cast.young_person, words="For Mum as well.", audience=Audience.PARENT_CARER)
    post(cast.young_person, "Mentor’s post.", audience=Audience.MENTOR)
    post(cast.young_person, "Everybody’s post.", audience=Audience.TEAM)
    with transaction():
        write_note(
            viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words="A mentor’s note.", at=ago(2)
        )
        own = young_person_for(cast.young_person, cast.amina)
        raise_concern(viewer=cast.young_person, access=own, words="Please help")
    client = sign_in(cast.parent_carer)
    for path in ("", "?show=notes", "?show=posts", "?show=check-ins&period=4-weeks"):
        text = text_of(client, f"/young-people/{cast.amina}{path}")
        for hidden in ("For Jo only.", "Mentor’s post.", "A mentor’s note.", "Please help", "asked for help", "Notes"):
            assert hidden not in text, (path, hidden)
    assert "For Mum as well." in text_of(client, f"/young-people/{cast.amina}")
    for page in ("note", "life-event", "sign-in-card"):
        assert client.get(f"/young-people/{cast.amina}/{page}").status_code == 404
    assert "Write a note" not in text_of(client, f"/young-people/{cast.amina}")


def test_the_profile_shows_only_to_those_it_is_for(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = young_person_for(cast.young_person, cast.amina)
        save_profile(viewer=cast.young_person, access=own, sections={"admire": "I am kind."}, said_by="Amina")
        db.session.get_one(YoungPerson, cast.amina).profile_audience = Audience.MENTOR
    assert "I am kind." in text_of(sign_in(cast.mentor), f"/young-people/{cast.amina}")
    assert "I am kind." not in text_of(sign_in(cast.parent_carer), f"/young-people/{cast.amina}")


STRANGERS = ("unrelated_mentor", "other_council_staff", "council_staff", "provider", "administrator", "young_person")


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing_on_page_fragment_note_event_or_card(cast: Cast, sign_in: SignIn, who: str) -> None:
    client, base = sign_in(cast.everybody[who]), f"/young-people/{cast.amina}"
    assert client.get(base).status_code == 404
    assert client.get(base, headers=HTMX).status_code == 404
    assert client.get(f"{base}?show=posts&before=x", headers=HTMX).status_code == 404
    for path, data in (
        ("/note", {"words": "Hello"}),
        ("/life-event", {"title": "Moved", "on": "2026-01-05"}),
        ("/sign-in-card", {}),
        ("/phones/forget", {}),
        (f"/concerns/{uuid4()}/acknowledge", {}),
    ):
        assert client.post(base + path, data=data).status_code == 404, path
    assert db.session.execute(select(Note)).first() is None
    assert db.session.execute(select(SignInCard)).first() is None


def test_an_ended_relationship_counts_from_the_next_request(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    assert client.get(f"/young-people/{cast.amina}").status_code == 200
    with transaction():
        query = select(Relationship).where(Relationship.account_id == cast.mentor.account_id)
        end_relationship(relationship=db.session.execute(query).scalar_one(), actor=cast.administrator)
    assert client.get(f"/young-people/{cast.amina}").status_code == 404
    assert client.get(f"/young-people/{cast.amina}", headers=HTMX).status_code == 404
    assert client.post(f"/young-people/{cast.amina}/note", data={"words": "Late"}).status_code == 404
    assert "Amina" not in text_of(client, "/caseload")


def test_reading_is_written_down_and_posts_are_marked_as_seen_once(cast: Cast, sign_in: SignIn) -> None:
    shared = post(cast.young_person, "Hello Jo.")
    hidden = post(cast.young_person, "Not for Jo.", audience=Audience.ONLY_ME)
    client = sign_in(cast.mentor)
    for _ in range(2):
        text_of(client, f"/young-people/{cast.amina}")
    text_of(client, f"/young-people/{cast.amina}?show=posts", **HTMX)
    seen = list(db.session.execute(select(PostSeen)).scalars())
    assert [(one.post_id, one.account_id) for one in seen] == [(shared, cast.mentor.account_id)]
    assert hidden not in {one.post_id for one in seen}
    assert actions(cast, cast.mentor.account_id).count("timeline:seen") == 3


def test_a_post_on_a_later_page_counts_as_seen_only_there(cast: Cast, sign_in: SignIn) -> None:
    old = post(cast.young_person, "Long ago.", days=90)
    for n in range(31):
        check_in(cast.young_person, days=1 + n)
    client = sign_in(cast.mentor)
    first = client.get(f"/young-people/{cast.amina}").text
    assert db.session.execute(select(PostSeen)).first() is None
    older = unescape(first.split('class="more"')[1].split('href="')[1].split('"')[0])
    assert "before=" in older
    part = text_of(client, older, **HTMX)
    assert "Long ago." in part
    assert "<html" not in part
    assert '<svg class="time-axis' not in part
    assert "Long ago." in text_of(client, older)
    assert [one.post_id for one in db.session.execute(select(PostSeen)).scalars()] == [old]


def test_filters_narrow_the_list_as_a_page_and_as_a_fragment(cast: Cast, sign_in: SignIn) -> None:
    check_in(cast.young_person, words="A check-in.")
    post(cast.young_person, "A post.")
    post(cast.young_person, "An old post.", days=60)
    client = sign_in(cast.mentor)
    for headers in ({}, HTMX):
        text = text_of(client, f"/young-people/{cast.amina}?show=posts&period=4-weeks", **headers)
        assert "A post." in text
        assert "A check-in." not in text
        assert "An old post." not in text
    fragment = text_of(client, f"/young-people/{cast.amina}?show=posts", **HTMX)
    assert "<html" not in fragment
    assert 'id="record"' in fragment
    assert text_of(client, f"/young-people/{cast.amina}?show=nonsense&period=nonsense").count("A check-in.") == 1


@pytest.mark.parametrize("cursor", ["x", "0001-01-01T00:00:00+14:00~" + str(UUID(int=1)), "a" * 3000, "%00", "é.é"])
def test_a_made_up_cursor_finds_nothing(cast: Cast, sign_in: SignIn, cursor: str) -> None:
    client = sign_in(cast.mentor)
    assert client.get(f"/young-people/{cast.amina}", query_string={"before": cursor}).status_code == 404


def test_a_reply_shows_on_the_timeline(cast: Cast, sign_in: SignIn) -> None:
    post_id = post(cast.young_person, "Can we go on Thursday?")
    client = sign_in(cast.mentor)
    response = client.post(f"/posts/{post_id}/replies", data={"words": "Yes, at four."})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(f"/young-people/{cast.amina}#post-{post_id}")
    text = text_of(client, f"/young-people/{cast.amina}")
    assert "Yes, at four." in text
    assert f'id="post-{post_id}"' in text


def test_a_note_is_kept_and_a_bad_one_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.mentor), f"/young-people/{cast.amina}/note"
    assert client.get(path).status_code == 200
    blank = client.post(path, data={"words": "   "})
    assert (blank.status_code, "Write something first." in blank.text) == (422, True)
    long = client.post(path, data={"words": "long" * 2000})
    assert long.status_code == 422
    assert "Make it shorter." in long.text
    assert "long" * 2000 in long.text
    assert client.post(path, data={"words": "Went for a walk."}).status_code == 303
    assert [note.words for note in db.session.execute(select(Note)).scalars()] == ["Went for a walk."]
    assert "Went for a walk." in text_of(client, f"/young-people/{cast.amina}?show=notes")
    assert "note:written" in actions(cast, cast.mentor.account_id)


def test_a_life_event_is_drawn_and_a_bad_one_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.mentor), f"/young-people/{cast.amina}/life-event"
    for data in (
        {"title": "Moved house", "on": ""},
        {"title": "Moved house", "on": "31/12/2025"},
        {"title": "Moved house", "on": "1066-10-14"},
        {"title": "Moved house", "on": (clock.today() + timedelta(days=900)).isoformat()},
        {"title": "Moved house"},
    ):
        response = client.post(path, data=data)
        assert response.status_code == 422, data
        assert 'value="Moved house"' in response.text
    assert client.post(path, data={"title": "", "on": "2026-01-05"}).status_code == 422
    assert db.session.execute(select(LifeEvent)).first() is None
    on = clock.today() - timedelta(days=12)
    assert client.post(path, data={"title": "Moved house", "on": on.isoformat()}).status_code == 303
    text = text_of(client, f"/young-people/{cast.amina}")
    assert text.count("Moved house") >= 4
    assert "life_event:added" in actions(cast, cast.mentor.account_id)


def test_a_mentor_takes_on_a_concern_once(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = young_person_for(cast.young_person, cast.amina)
        concern_id = raise_concern(viewer=cast.young_person, access=own, words="Somebody is shouting").id
    client, base = sign_in(cast.mentor), f"/young-people/{cast.amina}"
    text = text_of(client, base)
    assert "Amina asked for help" in text
    assert "Somebody is shouting" in text
    assert client.post(f"{base}/concerns/{concern_id}/acknowledge").status_code == 303
    db.session.expire_all()
    concern = db.session.get_one(Concern, concern_id)
    assert concern.acknowledged_by == cast.mentor.account_id
    assert "asked for help" not in text_of(client, base)
    assert actions(cast, cast.mentor.account_id).count("concern:acknowledged") == 1


def test_a_card_lets_a_phone_in_once_and_its_code_is_nowhere_in_the_address(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.mentor), f"/young-people/{cast.amina}/sign-in-card"
    grow_old(cast.mentor, 11)
    assert client.post(path).headers["Location"] == "/sign-in-again"
    client = sign_in(cast.mentor)
    assert "Make a card" in text_of(client, path)
    assert db.session.execute(select(SignInCard)).first() is None
    response = client.post(path)
    text = unescape(response.text)
    assert response.status_code == 200
    spelled = text.split('class="code" aria-label="')[1].split('"')[0]
    code = spelled.replace(" ", "")
    assert len(code) == 8
    assert "It works once, for ten minutes." in text
    assert "http://localhost/c/derwent/card" in text
    assert f"card#{code}" not in text
    with transaction():
        card = open_card(council_id=cast.council_id, code=code, address="", browser="")
        assert card is not None
        enrol_device(card=card, pictures=["cat", "dog", "sun", "moon"])
        assert open_card(council_id=cast.council_id, code=code, address="", browser="") is None
    assert client.post(f"/young-people/{cast.amina}/phones/forget").status_code == 303
    db.session.expire_all()
    assert db.session.execute(select(EnrolledDevice)).scalar_one().revoked_at is not None
    assert {"sign_in_card:made", "device:revoked"} <= set(actions(cast, cast.mentor.account_id))
    assert app


def test_somebody_on_the_team_who_is_no_mentor_makes_no_card(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.unrelated_mentor.account_id)
        person = db.session.get_one(YoungPerson, cast.amina)
        tie_adult(person=person, account=account, tie=Tie.TEAM, actor=None)
    client = sign_in(cast.unrelated_mentor)
    assert client.get(f"/young-people/{cast.amina}").status_code == 200
    for page in ("note", "life-event", "sign-in-card"):
        assert client.get(f"/young-people/{cast.amina}/{page}").status_code == 404
        assert client.post(f"/young-people/{cast.amina}/{page}", data={"words": "x"}).status_code == 404
