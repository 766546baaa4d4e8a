"""Adding a photo to a check-in or a post: what a form keeps, who sees it, and what is in the database's bytes."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.checkins.services import record_check_in, undo_check_in
from app.checkins.values import NewCheckIn
from app.crypto.data_keys import add_versions, begin_rotation
from app.crypto.envelope import key_version
from app.crypto.resealing import seal_anew
from app.crypto.sealed_columns import sealed_column
from app.database import db, sqlite_engines, transaction
from app.feed.services import delete_post, write_post
from app.media.models import Media, MediaContents
from app.media.queries import all_media_of
from app.media.values import MOST_ON_ONE, MediaKind
from app.web.headers import FILE_POLICY, PREVIEW_POLICY
from app.young_people.models import Relationship
from app.young_people.queries import own_access
from app.young_people.services import end_relationship
from app.young_people.values import Audience
from tests.capabilities.media import made
from tests.conftest import SignIn
from tests.people import Cast

pytestmark = pytest.mark.any_database

SAID = "My dog Biscuit on the wall by the canal"


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def check_in(viewer: Viewer, audience: Audience = Audience.MENTOR) -> UUID:
    new = NewCheckIn(uuid4(), "faces", 4, audience=audience, words="Went out")
    with transaction():
        return record_check_in(viewer=viewer, access=own_access(viewer), new=new).id


def post(viewer: Viewer, audience: Audience = Audience.MENTOR) -> UUID:
    with transaction():
        return write_post(viewer=viewer, access=own_access(viewer), words="Look", audience=audience).id


def send(client: FlaskClient, path: str, file: bytes, name: str = "photo.jpg", **more: str) -> TestResponse:
    data = {"file": (io.BytesIO(file), name), "description": SAID, "id": str(uuid4()), **more}
    return client.post(path, data=data, content_type="multipart/form-data")


def photo_on(client: FlaskClient, entry: UUID, what: str = "check-ins") -> UUID:
    """Add a photo to an entry and return its id."""
    answer = send(client, f"/{what}/{entry}/add/photo", made.jpeg_with_gps())
    assert answer.status_code == 303, answer.text
    db.session.rollback()
    return db.session.execute(select(Media.id).where(Media.entry_id == entry)).scalar_one()


def test_words_are_saved_before_a_photo_is_asked_for(phone: FlaskClient, cast: Cast) -> None:
    entry = check_in(cast.young_person)
    sent = {"answer": "4", "audience": "mentor", "words": "I walked by the canal", "then": "photo"}
    answer = phone.post(f"/check-ins/{entry}", data=sent)
    assert answer.location == f"/check-ins/{entry}/add/photo"
    assert "I walked by the canal" in phone.get(f"/check-ins/{entry}").text
    answer = phone.post("/posts/new", data={"words": "Look", "audience": "mentor", "id": str(uuid4()), "then": "photo"})
    assert answer.location.endswith("/add/photo")
    assert "Look" in phone.get("/posts").text


def test_a_photo_of_a_check_in_is_kept_and_shown(phone: FlaskClient, cast: Cast) -> None:
    entry = check_in(cast.young_person)
    media = photo_on(phone, entry)
    page = phone.get(f"/check-ins/{entry}").text
    assert f'src="/media/{media}/small"' in page
    assert f'alt="Photo: {SAID}"' in page
    assert "Photo" in phone.get("/check-ins").text
    answer = phone.get(f"/media/{media}/file")
    assert answer.data.startswith(b"RIFF")
    assert made.MARK not in answer.data
    assert answer.mimetype == "image/webp"
    assert answer.headers["Content-Disposition"] == "attachment; filename=photo.webp"
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    part = phone.get(f"/media/{media}/file", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")
    assert part.headers["Content-Range"] == f"bytes 0-3/{len(answer.data)}"


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a photo of 50 MB": (made.fifty_megabytes, "That is 50 MB. There is room for 12 MB."),
    "an SVG with a script": (made.svg, "A program can hide in it"),
    "a zip bomb": (made.zip_bomb, "That is a zip file"),
    "a picture bomb": (made.png_bomb, "too big to open"),
    "no file at all": (lambda: b"", "Choose a file first."),
}


def test_what_is_refused_says_why_and_everything_else_is_kept(phone: FlaskClient, cast: Cast) -> None:
    entry = check_in(cast.young_person)
    for name, (file, sentence) in HOSTILE.items():
        answer = send(phone, f"/check-ins/{entry}/add/photo", file(), "holiday.jpg")
        assert answer.status_code == 422, name
        assert sentence in answer.text, name
        assert SAID in answer.text, name
    assert "Went out" in phone.get(f"/check-ins/{entry}").text
    assert db.session.execute(select(Media)).first() is None


def test_what_is_cleaned_leaves_nothing_of_the_rest(phone: FlaskClient, cast: Cast) -> None:
    path = f"/check-ins/{check_in(cast.young_person)}/add/photo"
    for file in (made.jpeg_and_page, made.gif_and_archive, made.jpeg_with_gps, made.png_with_words):
        assert send(phone, path, file(), "x.svg").status_code == 303
    db.session.rollback()
    for media in db.session.execute(select(Media.id)).scalars().all():
        for look in ("file", "small"):
            data = phone.get(f"/media/{media}/{look}").data
            assert data.startswith(b"RIFF")
            assert made.MARK not in data


def test_nothing_of_a_photo_is_in_the_bytes_of_the_database(phone: FlaskClient, cast: Cast) -> None:
    entry = check_in(cast.young_person)
    media = photo_on(phone, entry)
    shown = phone.get(f"/media/{media}/file").data
    db.session.rollback()
    row = db.session.execute(select(sealed_column(MediaContents, "contents"))).scalar_one()
    assert shown not in (row or b"")
    for engine in sqlite_engines():
        for path in Path(str(engine.url.database)).parent.glob("*"):
            whole = path.read_bytes()
            assert SAID.encode() not in whole
            assert shown[:64] not in whole
            assert b"image/webp" not in whole


LOOKS = ("", "/file", "/small")


def statuses(client: FlaskClient, media: UUID) -> set[int]:
    return {client.get(f"/media/{media}{look}").status_code for look in LOOKS}


WHO_SEES = {
    Audience.ONLY_ME: {"young_person"},
    Audience.MENTOR: {"young_person", "mentor"},
    Audience.PARENT_CARER: {"young_person", "mentor", "parent_carer"},
    Audience.TEAM: {"young_person", "mentor", "parent_carer"},
}


@pytest.mark.parametrize("what", ["check-ins", "posts"])
def test_a_photo_is_seen_by_whoever_sees_its_entry(phone: FlaskClient, cast: Cast, sign_in: SignIn, what: str) -> None:
    clients = {name: sign_in(viewer) for name, viewer in cast.everybody.items()}
    for audience, readers in WHO_SEES.items():
        entry = (check_in if what == "check-ins" else post)(cast.young_person, audience)
        media = photo_on(phone, entry, what)
        for name, client in clients.items():
            assert statuses(client, media) == ({200} if name in readers else {404}), f"{name}, {audience}"


def test_a_relationship_that_ended_sees_no_photo(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    media = photo_on(phone, check_in(cast.young_person))
    mentor = sign_in(cast.mentor)
    assert statuses(mentor, media) == {200}
    with transaction():
        tie = db.session.execute(select(Relationship).where(Relationship.account_id == cast.mentor.account_id))
        end_relationship(relationship=tie.scalar_one(), actor=cast.council_staff)
    assert statuses(mentor, media) == {404}


def test_a_photo_goes_with_its_entry(phone: FlaskClient, cast: Cast) -> None:
    entry = check_in(cast.young_person)
    media = photo_on(phone, entry)
    with transaction():
        undo_check_in(viewer=cast.young_person, access=own_access(cast.young_person), check_in_id=entry)
    assert statuses(phone, media) == {404}
    assert phone.get(f"/check-ins/{entry}/add/photo").status_code == 404
    post_id = post(cast.young_person)
    on_post = photo_on(phone, post_id, "posts")
    with transaction():
        delete_post(viewer=cast.young_person, post_id=post_id)
    assert statuses(phone, on_post) == {404}


def test_looking_at_somebody_s_photo_is_written_down(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    media = photo_on(phone, check_in(cast.young_person))
    phone.get(f"/media/{media}/file")
    sign_in(cast.mentor).get(f"/media/{media}/file", headers={"Range": "bytes=1-"})
    db.session.rollback()
    seen = db.session.execute(select(AuditEntry).where(AuditEntry.action == "media:seen")).scalars().all()
    assert [(one.actor_id, one.record_id) for one in seen] == [(cast.mentor.account_id, media)]


def test_taken_away_nobody_sees_it_and_it_can_be_put_back(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    entry = check_in(cast.young_person)
    media = photo_on(phone, entry)
    mentor = sign_in(cast.mentor)
    assert mentor.post(f"/media/{media}/take-away").status_code == 404
    assert "Nobody sees the photo now" in phone.post(f"/media/{media}/take-away").text
    assert statuses(phone, media) == statuses(mentor, media) == {404}
    assert f"/media/{media}" not in phone.get(f"/check-ins/{entry}").text
    assert phone.post(f"/media/{media}/put-back").location == f"/check-ins/{entry}"
    assert statuses(mentor, media) == {200}


def test_what_is_in_it_can_be_said_later_but_only_by_its_young_person(
    phone: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    media = photo_on(phone, check_in(cast.young_person))
    assert sign_in(cast.mentor).post(f"/media/{media}", data={"description": "mine"}).status_code == 404
    assert phone.post(f"/media/{media}", data={"description": "Biscuit asleep"}).status_code == 303
    assert "Biscuit asleep" in sign_in(cast.mentor).get(f"/media/{media}").text
    too_long = phone.post(f"/media/{media}", data={"description": "x" * 600})
    assert too_long.status_code == 422
    assert "room for 500 letters" in too_long.text
    assert "x" * 600 in too_long.text


def test_the_same_photo_sent_twice_is_one(phone: FlaskClient, cast: Cast) -> None:
    entry, one_id = check_in(cast.young_person), str(uuid4())
    for _ in range(2):
        assert send(phone, f"/check-ins/{entry}/add/photo", made.jpeg_with_gps(), id=one_id).status_code == 303
    db.session.rollback()
    assert len(db.session.execute(select(Media)).all()) == 1
    other = check_in(cast.young_person)
    assert send(phone, f"/check-ins/{other}/add/photo", made.jpeg_with_gps(), id=one_id).status_code == 404


def test_there_is_room_for_a_few_on_one_entry(phone: FlaskClient, cast: Cast) -> None:
    path = f"/check-ins/{check_in(cast.young_person)}/add/photo"
    for _ in range(MOST_ON_ONE):
        assert send(phone, path, made.saved(made.picture((4, 4)), "PNG")).status_code == 303
    answer = send(phone, path, made.saved(made.picture((4, 4)), "PNG"))
    assert answer.status_code == 422
    assert "There are 6 here already" in answer.text


def test_a_photo_can_be_a_post_by_itself(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    asked = phone.post("/posts/new", data={"words": " ", "audience": "only_me", "then": "photo", "id": str(uuid4())})
    assert asked.location == "/posts/new/photo?audience=only_me"
    assert 'value="only_me" checked' in phone.get(asked.location).text
    answer = send(phone, "/posts/new/photo", made.jpeg_with_gps(), audience="mentor")
    assert answer.status_code == 303, answer.text
    assert 'loading="lazy"' in phone.get("/posts").text
    timeline = sign_in(cast.mentor).get(f"/young-people/{cast.amina}").text
    assert f"Photo: {SAID}" in timeline
    refused = send(phone, "/posts/new/photo", made.svg(), audience="mentor")
    assert refused.status_code == 422
    assert phone.get("/posts").text.count('class="card post"') == 1


def test_only_their_own_page_adds_and_it_alone_may_preview(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    path = f"/check-ins/{check_in(cast.young_person)}/add/photo"
    for viewer in (cast.mentor, cast.other_young_person, cast.parent_carer):
        assert sign_in(viewer).get(path).status_code == 404
        assert send(sign_in(viewer), path, made.jpeg_with_gps()).status_code == 404
    assert phone.get(path).headers["Content-Security-Policy"] == PREVIEW_POLICY
    assert "blob:" not in phone.get("/home").headers["Content-Security-Policy"]


def test_a_file_anywhere_else_is_refused_and_so_is_a_second_field(phone: FlaskClient, cast: Cast) -> None:
    assert send(phone, "/posts/new", made.jpeg_with_gps(), words="x", audience="mentor").status_code == 400
    path = f"/check-ins/{check_in(cast.young_person)}/add/photo"
    data = {"other": (io.BytesIO(made.jpeg_with_gps()), "x.jpg")}
    assert phone.post(path, data=data, content_type="multipart/form-data").status_code == 400


def test_everything_of_a_person_s_can_be_handed_to_them(phone: FlaskClient, cast: Cast) -> None:
    first = photo_on(phone, check_in(cast.young_person))
    second = photo_on(phone, check_in(cast.young_person))
    phone.post(f"/media/{first}/take-away")
    db.session.rollback()
    whole = list(all_media_of(cast.amina))
    assert [(one.id, one.kind, one.description, one.is_taken_away) for one in whole] == [
        (first, MediaKind.PHOTO, SAID, True),
        (second, MediaKind.PHOTO, SAID, False),
    ]
    assert all(one.contents.startswith(b"RIFF") and one.file_name.endswith(".webp") for one in whole)


def test_a_photo_sent_after_the_session_ended_gives_the_words_back(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    data = {"file": (io.BytesIO(made.jpeg_with_gps()), "x.jpg"), "description": SAID}
    path = f"/check-ins/{check_in(cast.young_person)}/add/photo"
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post(path, data=data, content_type="multipart/form-data", headers=headers)
    assert answer.status_code == 401
    assert SAID in answer.text
    assert "Only the picture or sound has to be added again" in answer.text


def test_keys_change_under_photos_a_few_at_a_time(
    phone: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [photo_on(phone, check_in(cast.young_person)) for _ in range(3)]
    before = [phone.get(f"/media/{media}/file").data for media in photos]
    db.session.rollback()
    monkeypatch.setattr(MediaContents, "rows_at_once", 2)
    add_versions(begin_rotation())
    assert not seal_anew(lambda _count: None).unreadable
    db.session.rollback()
    sealed = db.session.execute(select(sealed_column(MediaContents, "contents"))).scalars().all()
    assert {key_version(value or b"") for value in sealed} == {2}
    assert [phone.get(f"/media/{media}/file").data for media in photos] == before
