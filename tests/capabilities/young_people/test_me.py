from app.database import db
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access, sharing_decisions_of
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

CHOICES = {"default_audience": "parent_carer", "profile_audience": "only_me", "shares_profile_with_providers": "y"}


def test_choices_count_at_once_and_every_one_is_kept_to_read_back(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    assert "Nobody has changed anything yet." in phone.get("/me").text
    assert phone.post("/me", data=CHOICES).location == "/me#sharing"
    person = db.session.get_one(YoungPerson, cast.amina)
    assert (person.default_audience, person.profile_audience) == (Audience.PARENT_CARER, Audience.ONLY_ME)
    assert person.shares_profile_with_providers
    assert not person.in_group_figures
    phone.post("/me", data={**CHOICES, "in_group_figures": "y"})
    decisions = sharing_decisions_of(own_access(cast.young_person))
    assert sum(one.what == "in_group_figures" for one in decisions) == 2
    text = phone.get("/me").text
    assert "My faces count in group figures: No" in text
    assert "My faces count in group figures: Yes" in text
    assert "Who sees what I share: My parent or carer too" in text


def test_saving_without_a_change_adds_nothing_to_the_log(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    for _ in range(2):
        phone.post("/me", data=CHOICES)
    assert len(sharing_decisions_of(own_access(cast.young_person))) == 4


def test_an_unknown_audience_is_refused_and_nothing_changes(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.young_person).post("/me", data={**CHOICES, "default_audience": "everybody"})
    assert response.status_code == 422
    assert db.session.get_one(YoungPerson, cast.amina).default_audience is Audience.MENTOR


def test_the_page_names_the_team_what_sharing_is_used_for_and_the_one_exception(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.young_person).get("/me").text
    for words in ("Jo Mentor", "Sana Parent", "what it is used for", "one exception", "Sign out"):
        assert words in text


def test_only_a_young_person_has_the_page(cast: Cast, sign_in: SignIn) -> None:
    for viewer in (cast.mentor, cast.parent_carer, cast.council_staff, cast.provider, cast.administrator):
        assert sign_in(viewer).get("/me").status_code == 404
        assert sign_in(viewer).post("/me", data=CHOICES).status_code == 404
