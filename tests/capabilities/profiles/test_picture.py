"""The picture on a one-page profile: who sees it where, its versions, and what goes with it."""

import io
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from app.database import db, transaction
from app.media.models import Media, MediaContents
from app.media.values import MOST_ON_ONE
from app.profiles.models import ProfileVersion
from app.profiles.queries import current_profile
from app.records.erasure import forget_young_person
from app.records.values import Basis, Order
from app.web.headers import CONTENT_POLICY, WITHIN_POLICY
from app.young_people.decision_services import choose_parts
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.capabilities.breaks.places import make_break
from tests.capabilities.media import made
from tests.capabilities.media.test_pages import SAID, send, statuses
from tests.capabilities.profiles.test_links import PATH, link
from tests.capabilities.profiles.test_profiles import SECTIONS, save, share
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

pytestmark = pytest.mark.any_database

ADD = "/profile/add/photo"


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def put_on(phone: FlaskClient, cast: Cast, **more: str) -> UUID:
    """Put a photo on Amina's profile and return its id."""
    answer = send(phone, ADD, made.jpeg_with_gps(), **more)
    assert (answer.status_code, answer.location) == (303, "/profile"), answer.text
    db.session.rollback()
    profile = current_profile(own_access(cast.young_person))
    assert profile is not None
    assert profile.picture is not None
    return profile.picture


def test_it_is_on_the_page_with_its_words_and_without_where_it_was_taken(phone: FlaskClient, cast: Cast) -> None:
    save(cast.young_person)
    picture = put_on(phone, cast)
    for path in ("/profile", "/profile/print"):
        page = phone.get(path).text
        assert f'src="/media/{picture}/small"' in page, path
        assert f'alt="{SAID}"' in page, path
    assert made.MARK not in phone.get(f"/media/{picture}/file").data
    assert SECTIONS["support"] in phone.get("/profile").text


def test_it_may_be_the_first_thing_there(phone: FlaskClient, cast: Cast) -> None:
    assert 'href="/profile/add/photo"' in phone.get("/profile").text
    put_on(phone, cast)
    assert "There are no words on it yet." in phone.get("/profile").text


@pytest.mark.parametrize("part", [None, Audience.ONLY_ME, Audience.MENTOR, Audience.PARENT_CARER])
def test_whoever_sees_the_part_sees_the_picture(
    phone: FlaskClient, cast: Cast, sign_in: SignIn, part: Audience | None
) -> None:
    save(cast.young_person)
    share(cast, Audience.PARENT_CARER)
    picture = put_on(phone, cast)
    if part is not None:
        with transaction():
            choose_parts(viewer=cast.young_person, parts={"picture": part.value})
    readers = {"young_person"}
    readers |= {"mentor"} if part is not Audience.ONLY_ME else set()
    readers |= {"parent_carer"} if part in {None, Audience.PARENT_CARER} else set()
    for name, viewer in cast.everybody.items():
        expected = {200} if name in readers else {404}
        assert statuses(sign_in(viewer), picture) == expected, name
    for name, viewer in (("mentor", cast.mentor), ("parent_carer", cast.parent_carer)):
        page = sign_in(viewer).get(f"/young-people/{cast.amina}/profile").text
        assert (str(picture) in page, SECTIONS["support"] in page) == (name in readers, True)


def test_who_runs_a_session_sees_it_where_the_page_is_shown_to_them(
    phone: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    save(cast.young_person)
    picture = put_on(phone, cast)
    provider = sign_in(cast.provider)
    assert statuses(provider, picture) == {404}
    share(cast, Audience.TEAM, with_providers=True)
    assert statuses(provider, picture) == {404}
    session = make_break(cast).session_id
    assert statuses(provider, picture) == {200}
    assert str(picture) in provider.get(f"/sessions/{session}/profiles/{cast.amina}").text
    with transaction():
        choose_parts(viewer=cast.young_person, parts={"picture": Audience.MENTOR.value})
    assert statuses(provider, picture) == {404}


def test_another_one_takes_its_place_and_the_one_before_stays_in_the_versions(
    phone: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    save(cast.young_person)
    first, second = put_on(phone, cast), put_on(phone, cast)
    assert first != second
    mentor = sign_in(cast.mentor)
    assert (statuses(mentor, first), statuses(mentor, second)) == ({404}, {200})
    versions = phone.get("/profile/versions").text
    assert f"/media/{first}/small" in versions
    assert f"/media/{second}/small" in versions
    numbers = select(ProfileVersion.number).order_by(ProfileVersion.number)
    assert list(db.session.execute(numbers).scalars()) == [1, 2, 3]


def test_words_may_change_and_the_picture_stays_also_where_a_mentor_types_who_does_not_see_it(
    phone: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    save(cast.young_person)
    picture = put_on(phone, cast)
    assert phone.post("/profile/edit", data={**SECTIONS, "support": "Quiet"}).status_code == 303
    with transaction():
        choose_parts(viewer=cast.young_person, parts={"picture": Audience.ONLY_ME.value})
    typed = {**SECTIONS, "support": "Music", "said_by": "Amina", "picture": str(uuid4())}
    assert sign_in(cast.mentor).post(f"/young-people/{cast.amina}/profile/edit", data=typed).status_code == 303
    db.session.rollback()
    now = current_profile(own_access(cast.young_person))
    assert now is not None
    assert (now.picture, now.sections["support"]) == (picture, "Music")
    seen = current_profile(young_person_for(cast.mentor, cast.amina))
    assert seen is not None
    assert seen.picture is None


def test_taken_away_it_is_on_no_version_and_it_can_be_put_back(phone: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    picture = put_on(phone, cast)
    mentor = sign_in(cast.mentor)
    assert mentor.post(f"/media/{picture}/take-away").status_code == 404
    assert "Nobody sees the photo now" in phone.post(f"/media/{picture}/take-away").text
    assert statuses(phone, picture) == statuses(mentor, picture) == {404}
    for path in ("/profile", "/profile/versions"):
        assert str(picture) not in phone.get(path).text
    assert "The picture that was here is gone." in phone.get("/profile/versions").text
    assert phone.post(f"/media/{picture}/put-back").location == "/profile"
    assert statuses(mentor, picture) == {200}
    phone.post(f"/media/{picture}/take-away")
    newer = put_on(phone, cast)
    phone.post(f"/media/{picture}/put-back")
    assert f"/media/{newer}/small" in phone.get("/profile").text


def test_the_same_one_sent_twice_is_one_and_the_seventh_lets_the_oldest_go(phone: FlaskClient, cast: Cast) -> None:
    id_ = str(uuid4())
    first = put_on(phone, cast, id=id_)
    assert put_on(phone, cast, id=id_) == first
    assert len(db.session.execute(select(ProfileVersion)).all()) == 1
    for _ in range(MOST_ON_ONE):
        newest = put_on(phone, cast)
    gone = db.session.execute(select(Media.id).where(Media.removed_at.is_not(None))).scalars().all()
    assert gone == [first]
    assert statuses(phone, newest) == {200}


def test_what_is_refused_says_why_and_the_page_stays(phone: FlaskClient, cast: Cast) -> None:
    save(cast.young_person)
    for file, sentence in (
        (made.svg(), "A program can hide in it"),
        (made.fifty_megabytes(), "There is room for 12 MB"),
    ):
        answer = send(phone, ADD, file)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert SAID in answer.text
    assert SECTIONS["support"] in phone.get("/profile").text
    assert phone.get("/profile/add/voice").status_code == 404
    assert db.session.execute(select(Media)).first() is None


def test_a_link_shows_it_only_where_it_was_ticked_and_only_that_page_may_carry_one(
    app: Flask, phone: FlaskClient, cast: Cast
) -> None:
    save(cast.young_person)
    stranger = app.test_client()
    picture = put_on(phone, cast)
    form = phone.get("/profile/links").text
    assert 'value="picture"' in form
    assert 'value="picture" checked' not in form
    without = stranger.post(PATH, data={"code": link(cast)})
    assert "<img" not in without.text
    assert without.headers["Content-Security-Policy"] == CONTENT_POLICY
    made_link = phone.post(
        "/profile/links", data={"for_whom": "Dr Lee", "shown": ["support", "picture"], "lasts": "day"}
    )
    code = made_link.text.split("/c/derwent/one-page#")[1][:16]
    shown = stranger.post(PATH, data={"code": code})
    assert 'src="data:image/webp;base64,UklGR' in shown.text
    assert f'alt="{SAID}"' in shown.text
    assert shown.headers["Content-Security-Policy"] == WITHIN_POLICY
    assert "My picture" in phone.get("/profile/links").text
    assert statuses(stranger, picture) & {200} == set()
    phone.post(f"/media/{picture}/take-away")
    assert "<img" not in stranger.post(PATH, data={"code": code}).text


@needs_printing
@pytest.mark.parametrize("words", ["short", "long"])
def test_the_pdf_is_still_one_tagged_page_with_the_picture_and_what_it_shows(
    phone: FlaskClient, cast: Cast, words: str
) -> None:
    save(cast.young_person, **({} if words == "short" else dict.fromkeys(SECTIONS, "Go on. " * 99)))
    put_on(phone, cast)
    file = phone.get("/profile/one-page.pdf").data
    reader = PdfReader(io.BytesIO(file))
    assert len(reader.pages) == 1
    assert len(reader.pages[0].images) == 1
    assert any(SAID in str(node.get("/Alt")) for node in structure_of(reader))


def structure_of(reader: PdfReader) -> list[dict[str, object]]:
    """Return every node of a PDF's structure."""
    found: list[dict[str, object]] = []
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found.append(node)
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_it_goes_when_its_young_person_is_forgotten(phone: FlaskClient, cast: Cast) -> None:
    put_on(phone, cast)
    assert db.session.execute(select(MediaContents)).first() is not None
    with transaction():
        person = db.session.get_one(YoungPerson, cast.amina)
        forget_young_person(person=person, order=Order(Basis.ASKED, "asked"), actor=cast.council_staff)
    assert db.session.execute(select(Media)).first() is None
    assert db.session.execute(select(MediaContents)).first() is None
