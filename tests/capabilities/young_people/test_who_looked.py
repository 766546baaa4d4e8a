"""A young person sees which adults looked at what of theirs."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.database import transaction
from app.young_people import views
from app.young_people.queries import young_person_for
from app.young_people.services import record_seen
from app.young_people.sharing import LOOKED
from tests.conftest import SignIn
from tests.people import Cast

OF_SOMEBODY_FORGOTTEN = {"kept_concerns"}
ROOT = Path(__file__).parents[3]


def look(cast: Cast, what: str, times: int = 1) -> None:
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        for _ in range(times):
            record_seen(viewer=cast.mentor, access=access, what=what)


def test_it_says_who_looked_at_what_and_how_often(cast: Cast, sign_in: SignIn) -> None:
    look(cast, "timeline", times=3)
    look(cast, "profile")
    sign_in(cast.council_staff).get(f"/young-people/{cast.amina}/record")
    text = " ".join(sign_in(cast.young_person).get("/me/who-looked").text.split())
    assert "<b>Jo</b> read your page" in text
    assert "3 times, last at" in text
    assert "<b>Jo</b> read your one page" in text
    assert "<b>Colin</b> read what the council knows about you" in text
    assert "A mentor" in text


def test_only_their_own_record_counts_and_not_their_own_visits(cast: Cast, sign_in: SignIn) -> None:
    look(cast, "timeline")
    assert "Nobody looked." in sign_in(cast.other_young_person).get("/me/who-looked").text
    client = sign_in(cast.young_person)
    client.get("/home")
    assert "Amina" not in client.get("/me/who-looked").text


def test_long_ago_is_left_out(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    look(cast, "timeline")
    monkeypatch.setattr(views, "LOOKED_BACK", timedelta(seconds=-1))
    client = sign_in(cast.young_person)
    assert "Nobody looked." in client.get("/me/who-looked").text


@pytest.mark.parametrize("who", ["mentor", "parent_carer", "council_staff", "auditor"])
def test_nobody_else_finds_it(cast: Cast, sign_in: SignIn, who: str) -> None:
    assert sign_in(cast.everybody[who]).get("/me/who-looked").status_code == 404


def test_every_kind_of_look_has_words() -> None:
    found = set[str]()
    for path in (ROOT / "app").rglob("*.py"):
        found.update(re.findall(r'"([a-z_]+):seen"', path.read_text()))
        found.update(re.findall(r'record_seen\([^"]*what="([a-z_]+)"', path.read_text()))
    assert {"timeline", "caseload", "media"} <= found
    assert found - OF_SOMEBODY_FORGOTTEN <= set(LOOKED)
