from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.feed import services
from app.feed.models import Post, PostSeen, Reply
from app.feed.queries import post_visible_to, posts_visible_to, replies_to, seen_of
from app.web.errors import NotFoundError
from app.web.paging import Cursor
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

HTMX = {"HX-Request": "true"}


def written(viewer: Viewer, words: str = "The ducks were back.", **more: object) -> UUID:
    arguments = {"audience": Audience.MENTOR, "words": words, **more}
    with transaction():
        return services.write_post(viewer=viewer, access=own_access(viewer), **arguments).id  # type: ignore[arg-type]


def seen_by(viewer: Viewer, young_person_id: UUID) -> set[UUID]:
    return {post.id for post in posts_visible_to(young_person_for(viewer, young_person_id), None, 20)}


def test_each_adult_sees_the_posts_that_are_for_them(cast: Cast) -> None:
    ids = {audience: written(cast.young_person, audience=audience) for audience in Audience}
    assert seen_by(cast.young_person, cast.amina) == set(ids.values())
    assert seen_by(cast.mentor, cast.amina) == set(ids.values()) - {ids[Audience.ONLY_ME]}
    assert seen_by(cast.parent_carer, cast.amina) == {ids[Audience.PARENT_CARER], ids[Audience.TEAM]}
    for stranger in (cast.unrelated_mentor, cast.other_council_staff, cast.provider, cast.other_young_person):
        for post_id in ids.values():
            with pytest.raises(NotFoundError):
                post_visible_to(stranger, post_id)


def test_an_audience_changed_afterwards_counts_at_once(cast: Cast) -> None:
    post_id = written(cast.young_person, audience=Audience.PARENT_CARER)
    assert seen_by(cast.parent_carer, cast.amina) == {post_id}
    with transaction():
        services.choose_audience(viewer=cast.young_person, post_id=post_id, audience=Audience.ONLY_ME)
    assert seen_by(cast.parent_carer, cast.amina) == set()
    assert seen_by(cast.mentor, cast.amina) == set()


def test_the_default_audience_is_used_where_none_is_chosen(cast: Cast) -> None:
    post_id = written(cast.young_person, audience=None)
    assert db.session.get_one(Post, post_id).audience is Audience.MENTOR


def test_the_same_id_twice_is_one_post_and_one_reply(cast: Cast) -> None:
    post_id, reply_id = uuid4(), uuid4()
    assert written(cast.young_person, "first", post_id=post_id) == written(cast.young_person, "b", post_id=post_id)
    for words in ("well done", "again"):
        with transaction():
            services.write_reply(viewer=cast.mentor, post_id=post_id, words=words, reply_id=reply_id)
    assert db.session.get_one(Post, post_id).words == "first"
    assert [reply.words for reply in db.session.execute(select(Reply)).scalars()] == ["well done"]


def test_nobody_answers_a_post_that_is_not_for_them(cast: Cast) -> None:
    post_id = written(cast.young_person, audience=Audience.MENTOR)
    for viewer in (cast.parent_carer, cast.unrelated_mentor, cast.other_council_staff, cast.other_young_person):
        with transaction(), pytest.raises(NotFoundError):
            services.write_reply(viewer=viewer, post_id=post_id, words="hello")
    assert db.session.execute(select(Reply)).scalars().all() == []


def test_nobody_but_its_young_person_changes_a_post(cast: Cast) -> None:
    post_id = written(cast.young_person)
    with transaction(), pytest.raises(NotFoundError):
        services.edit_post(viewer=cast.mentor, post_id=post_id, words="x", audience=Audience.TEAM)
    with transaction(), pytest.raises(NotFoundError):
        services.delete_post(viewer=cast.mentor, post_id=post_id)
    access = young_person_for(cast.mentor, cast.amina)
    with transaction(), pytest.raises(NotFoundError):
        services.write_post(viewer=cast.mentor, access=access, words="x", audience=None)


def test_a_post_taken_away_is_gone_for_everybody(cast: Cast) -> None:
    post_id = written(cast.young_person, audience=Audience.TEAM)
    with transaction():
        services.delete_post(viewer=cast.young_person, post_id=post_id)
    assert seen_by(cast.young_person, cast.amina) == seen_by(cast.mentor, cast.amina) == set()
    with transaction(), pytest.raises(NotFoundError):
        services.write_reply(viewer=cast.mentor, post_id=post_id, words="too late")


def test_the_first_time_somebody_opens_a_post_is_kept_and_ones_own_is_not(cast: Cast) -> None:
    post_id = written(cast.young_person)
    first = clock.now() - timedelta(hours=2)
    for viewer, at in ((cast.mentor, first), (cast.mentor, None), (cast.young_person, None)):
        with transaction():
            access, post = post_visible_to(viewer, post_id)
            services.record_posts_seen(viewer=viewer, access=access, posts=[post], at=at)
    seen = seen_of(cast.young_person, [db.session.get_one(Post, post_id)])[post_id]
    assert [(one.name, one.at) for one in seen] == [("Jo Mentor", first)]


def test_pages_of_posts_go_on_from_the_last_one(cast: Cast) -> None:
    moment = clock.now()
    wanted = {written(cast.young_person, at=moment) for _ in range(5)}
    access = own_access(cast.young_person)
    first = posts_visible_to(access, None, 3)
    rest = posts_visible_to(access, Cursor(first[-1].at, first[-1].id), 3)
    assert {post.id for post in (*first, *rest)} == wanted
    assert len(rest) == 2


def test_replies_stand_under_their_post_in_order(cast: Cast) -> None:
    post_id = written(cast.young_person)
    for viewer, words in ((cast.mentor, "How was it?"), (cast.young_person, "Loud.")):
        with transaction():
            services.write_reply(viewer=viewer, post_id=post_id, words=words)
    post = db.session.get_one(Post, post_id)
    assert [reply.words for reply in replies_to([post])[post_id]] == ["How was it?", "Loud."]


def test_a_post_is_written_and_shows_up_with_who_it_is_for(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    text = phone.get("/posts/new").text
    assert "Jo and Sana" in text
    sent = {"id": str(uuid4()), "words": "I fed\r\nthe goats", "audience": "parent_carer"}
    response = phone.post("/posts/new", data=sent)
    assert response.location == f"/posts#post-{sent['id']}"
    text = phone.get("/posts").text
    assert "I fed\nthe goats" in text
    assert "for Jo and Sana" in text
    assert "Jo and Sana have not opened it yet." in text


def test_a_post_that_is_far_too_long_keeps_every_letter_and_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    words = "wave " * 4000
    response = sign_in(cast.young_person).post("/posts/new", data={"words": words, "audience": "only_me"})
    assert response.status_code == 422
    assert "There is room for 5,000: make it a bit shorter." in response.text
    assert 'id="words-problem"' in response.text
    assert words in response.text
    assert 'value="only_me" checked' in response.text


def test_an_empty_post_or_an_unknown_audience_is_refused(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    empty = phone.post("/posts/new", data={"words": "  ", "audience": "mentor"})
    assert empty.status_code == 422
    assert "Write something first." in empty.text
    odd = phone.post("/posts/new", data={"words": "kept words", "audience": "everybody"})
    assert odd.status_code == 422
    assert "kept words" in odd.text
    assert posts_visible_to(own_access(cast.young_person), None, 9) == []


def test_an_adult_who_opens_a_post_is_noted_and_named_to_the_young_person(cast: Cast, sign_in: SignIn) -> None:
    post_id = written(cast.young_person)
    assert sign_in(cast.mentor).get(f"/posts/{post_id}").status_code == 200
    looks = select(AuditEntry.actor_id).where(AuditEntry.action == "post:seen")
    assert db.session.execute(looks).scalars().all() == [cast.mentor.account_id]
    assert db.session.execute(select(PostSeen.account_id)).scalars().all() == [cast.mentor.account_id]
    assert "Jo saw this today at" in sign_in(cast.young_person).get("/posts").text


def test_a_mentor_replies_and_htmx_gets_the_replies_alone(cast: Cast, sign_in: SignIn) -> None:
    post_id = written(cast.young_person)
    desk = sign_in(cast.mentor)
    sent = {"id": str(uuid4()), "words": "That took courage."}
    part = desk.post(f"/posts/{post_id}/replies", data=sent, headers=HTMX)
    assert f'id="replies-{post_id}"' in part.text
    assert "That took courage." in part.text
    assert "<html" not in part.text
    plain = desk.post(f"/posts/{post_id}/replies", data=sent)
    assert plain.location == f"/young-people/{cast.amina}#post-{post_id}"
    assert sign_in(cast.young_person).get("/home").text.count("That took courage.") == 1


def test_a_reply_that_cannot_be_kept_stays_in_its_box(cast: Cast, sign_in: SignIn) -> None:
    post_id = written(cast.young_person)
    words = "r" * 2001
    for headers in ({}, HTMX):
        response = sign_in(cast.mentor).post(f"/posts/{post_id}/replies", data={"words": words}, headers=headers)
        assert response.status_code == 422
        assert "There is room for 2,000" in response.text
        assert words in response.text


def test_words_and_audience_are_changed_and_a_post_is_taken_away_on_pages(cast: Cast, sign_in: SignIn) -> None:
    post_id = written(cast.young_person)
    phone = sign_in(cast.young_person)
    assert phone.post(f"/posts/{post_id}/edit", data={"words": "", "audience": "mentor"}).status_code == 422
    phone.post(f"/posts/{post_id}/edit", data={"words": "The swans were back.", "audience": "team"})
    phone.post(f"/posts/{post_id}/audience", data={"audience": "only_me"})
    text = phone.get("/posts").text
    assert "The swans were back." in text
    assert "for just you, changed" in text
    assert "locked copy" in phone.get(f"/posts/{post_id}/delete").text
    phone.post(f"/posts/{post_id}/delete")
    assert "The swans were back." not in phone.get("/posts").text


def test_strangers_get_404_on_every_address_of_a_post(cast: Cast, sign_in: SignIn) -> None:
    post_id = written(cast.young_person)
    for viewer in (cast.unrelated_mentor, cast.parent_carer, cast.other_council_staff, cast.other_young_person):
        client = sign_in(viewer)
        for path in ("", "/edit", "/delete"):
            assert client.get(f"/posts/{post_id}{path}").status_code == 404
        for path in ("/edit", "/delete", "/audience", "/replies"):
            sent = {"words": "x", "audience": "team"}
            assert client.post(f"/posts/{post_id}{path}", data=sent, headers=HTMX).status_code == 404
    assert db.session.get_one(Post, post_id).deleted_at is None
