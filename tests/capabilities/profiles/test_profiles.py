import pytest
from sqlalchemy import select

from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.profiles import services
from app.profiles.queries import current_profile, profile_for_provider, versions_of
from app.web.errors import NotFoundError
from app.young_people.decision_services import choose_parts
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import choose_sharing
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

SECTIONS = {
    "admire": "I am funny",
    "important": "My cat",
    "support": "Time",
    "spoken_to": "Softly",
    "when_hard": "Wait",
}


def save(viewer: Viewer, said_by: str = "Amina", **sections: str) -> None:
    with transaction():
        sections = SECTIONS | sections
        services.save_profile(viewer=viewer, access=own_access(viewer), sections=sections, said_by=said_by)


def share(cast: Cast, audience: Audience, *, with_providers: bool = False) -> None:
    with transaction():
        choose_sharing(
            viewer=cast.young_person,
            default_audience=Audience.MENTOR,
            profile_audience=audience,
            shares_profile_with_providers=with_providers,
            in_group_figures=True,
        )


def test_every_version_is_kept_with_who_said_it_and_who_typed_it(cast: Cast) -> None:
    save(cast.young_person)
    save(cast.young_person, said_by="Mum", support="Time and quiet")
    versions = versions_of(own_access(cast.young_person))
    assert [(one.number, one.said_by) for one in versions] == [(2, "Mum"), (1, "Amina")]
    assert {one.typed_by for one in versions} == {cast.young_person.account_id}
    current = current_profile(own_access(cast.young_person))
    assert current is not None
    assert current.sections["support"] == "Time and quiet"


@pytest.mark.parametrize(
    ("audience", "mentor_sees", "parent_sees"),
    [
        (Audience.ONLY_ME, False, False),
        (Audience.MENTOR, True, False),
        (Audience.PARENT_CARER, True, True),
        (Audience.TEAM, True, True),
    ],
)
def test_the_young_person_says_who_sees_it(
    cast: Cast, audience: Audience, *, mentor_sees: bool, parent_sees: bool
) -> None:
    save(cast.young_person)
    share(cast, audience)
    for viewer, sees in ((cast.mentor, mentor_sees), (cast.parent_carer, parent_sees)):
        assert (current_profile(young_person_for(viewer, cast.amina)) is not None) is sees
    assert current_profile(own_access(cast.young_person)) is not None
    with pytest.raises(NotFoundError):
        versions_of(young_person_for(cast.mentor, cast.amina))


def test_a_provider_sees_it_only_with_a_place_and_a_yes(cast: Cast) -> None:
    save(cast.young_person)
    for placed in ((), (cast.amina,)):
        with pytest.raises(NotFoundError):
            profile_for_provider(cast.provider, cast.amina, placed=placed)
    share(cast, Audience.ONLY_ME, with_providers=True)
    access, profile = profile_for_provider(cast.provider, cast.amina, placed={cast.amina})
    assert profile is not None
    assert profile.sections == SECTIONS
    assert (access.ties, access.audiences) == (frozenset(), frozenset())
    with pytest.raises(NotFoundError):
        profile_for_provider(cast.provider, cast.amina, placed=())
    for viewer in (cast.mentor, cast.other_council_staff):
        with pytest.raises(NotFoundError):
            profile_for_provider(viewer, cast.amina, placed={cast.amina})


def test_an_unknown_heading_is_refused(cast: Cast) -> None:
    with pytest.raises(services.UnknownSectionError):
        save(cast.young_person, diagnoses="autism")


def test_it_is_written_read_and_printed_on_pages(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    assert "One page about you" in phone.get("/profile").text
    assert phone.get("/profile/print").status_code == 303
    assert phone.post("/profile/edit", data={**SECTIONS, "said_by": ""}).status_code == 303
    for path in ("/profile", "/profile/print", "/profile/versions"):
        text = phone.get(path).text
        assert "What people like and admire about me" in text
        assert "I am funny" in text
        assert "typed by Amina" in text


def test_too_many_words_or_lines_are_said_beside_their_heading_and_kept(cast: Cast, sign_in: SignIn) -> None:
    sent = {**SECTIONS, "admire": "a" * 701, "support": "one\r\n" * 12 + "end", "said_by": "Amina"}
    response = sign_in(cast.young_person).post("/profile/edit", data=sent)
    assert response.status_code == 422
    for kept in ("a" * 701, "one\none\n", "My cat", "There is room for 700", "There is room for 9 lines"):
        assert kept in response.text
    assert 'id="admire-problem"' in response.text
    assert 'id="important-problem"' not in response.text
    assert current_profile(own_access(cast.young_person)) is None


def test_an_adult_reads_it_and_the_look_is_noted(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    with transaction():
        person = db.session.get_one(YoungPerson, cast.amina)
        person.diagnoses = ["planted-diagnosis"]
        services.save_profile(
            viewer=cast.young_person, access=own_access(cast.young_person), sections=SECTIONS, said_by="Amina"
        )
    desk = sign_in(cast.mentor)
    for path in ("", "/print"):
        text = desk.get(f"/young-people/{cast.amina}/profile{path}").text
        assert "I am funny" in text
        assert "planted-diagnosis" not in text
    looks = select(AuditEntry.actor_id).where(AuditEntry.action == "profile:seen")
    assert db.session.execute(looks).scalars().all() == [cast.mentor.account_id] * 2


def test_a_profile_that_is_not_shown_looks_like_none(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    share(cast, Audience.MENTOR)
    desk = sign_in(cast.parent_carer)
    text = desk.get(f"/young-people/{cast.amina}/profile").text
    assert "I am funny" not in text
    assert "or has chosen not to show it to you" in text
    assert desk.get(f"/young-people/{cast.amina}/profile/print").status_code == 404


def test_strangers_get_404(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    for viewer in (
        cast.unrelated_mentor,
        cast.other_council_staff,
        cast.council_staff,
        cast.other_young_person,
        cast.provider,
    ):
        assert sign_in(viewer).get(f"/young-people/{cast.amina}/profile").status_code == 404


def test_a_mentor_types_what_they_see_and_the_rest_stays(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    share(cast, Audience.MENTOR)
    with transaction():
        choose_parts(viewer=cast.young_person, parts={"when_hard": "only_me"})
    desk, at = sign_in(cast.mentor), f"/young-people/{cast.amina}/profile/edit"
    shown = desk.get(at).text
    assert SECTIONS["support"] in shown
    assert SECTIONS["when_hard"] not in shown
    sent = {"support": "Time and quiet", "when_hard": "planted", "said_by": "Amina"}
    assert desk.post(at, data=sent).status_code == 303
    db.session.rollback()
    newest = versions_of(own_access(cast.young_person))[0]
    assert (newest.number, newest.said_by, newest.typed_by) == (2, "Amina", cast.mentor.account_id)
    assert newest.sections["support"] == "Time and quiet"
    assert newest.sections["when_hard"] == SECTIONS["when_hard"]
    assert "Said by Amina, typed by Jo Mentor" in sign_in(cast.young_person).get("/profile").text


def test_what_a_mentor_types_too_long_is_said_beside_it_and_kept(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.mentor).post(f"/young-people/{cast.amina}/profile/edit", data={"admire": "a" * 701})
    assert answer.status_code == 422
    for kept in ("a" * 701, "There is room for 700"):
        assert kept in answer.text
    assert current_profile(own_access(cast.young_person)) is None


def test_who_is_no_mentor_or_sees_nothing_of_it_types_nothing(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    at = f"/young-people/{cast.amina}/profile/edit"
    for viewer in (cast.parent_carer, cast.unrelated_mentor, cast.council_staff, cast.young_person):
        assert sign_in(viewer).post(at, data={"admire": "planted"}).status_code == 404
    share(cast, Audience.ONLY_ME)
    assert sign_in(cast.mentor).get(at).status_code == 404
    parent = young_person_for(cast.parent_carer, cast.amina)
    with pytest.raises(NotFoundError):
        services.save_profile(viewer=cast.parent_carer, access=parent, sections=SECTIONS, said_by="")
