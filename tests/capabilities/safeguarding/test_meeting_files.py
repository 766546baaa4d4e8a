"""One call for help to take to a strategy meeting: all of its course, for those who see it and say who they are."""

import io
import json
import typing
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select, update

from app import clock
from app.accounts.models import SignedInSession
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.safeguarding.decision_services import decide
from app.safeguarding.decision_values import Decided, Done
from app.web import printing
from tests.capabilities.impact_pages.test_prints import words_of
from tests.capabilities.safeguarding.test_deciding import WHY, call
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

__all__ = ["call"]
PDF, JSON = "meeting.pdf", "meeting.json"


@pytest.fixture
def decided(cast: Cast, sign_in: SignIn, call: UUID) -> tuple[FlaskClient, str]:
    """The mentor read the call, decided twice, and is signed in; return their client and the address of the call."""
    desk, path = sign_in(cast.mentor), f"/calls-for-help/{call}"
    assert desk.get(path).status_code == 200
    again = clock.today() + timedelta(days=3)
    first = Decided((Done.SOCIAL_CARE,), WHY, is_told=True, look_again_on=again)
    for one in (first, Decided((Done.NOTHING_MORE,), "=1+1 <svg>")):
        with transaction():
            decide(viewer=cast.mentor, concern_id=call, decided=one, decision_id=uuid4())
    return desk, path


def test_the_json_holds_the_whole_course_in_its_order(cast: Cast, decided: tuple[FlaskClient, str]) -> None:
    response = decided[0].get(f"{decided[1]}/{JSON}")
    assert response.headers["Content-Disposition"] == 'attachment; filename="call-for-help.json"'
    assert response.headers["Cache-Control"] == "no-store"
    held: dict[str, Any] = json.loads(response.data)
    assert held["young_person"] == {
        "name": "Amina Testperson",
        "called": "Amina",
        "reference": "YP-1",
        "date_of_birth": held["young_person"]["date_of_birth"],
    }
    assert (held["taken_by"], held["call_for_help"]["words"]) == ("Jo Mentor", "planted")
    steps = held["timeline"]
    assert [one["what"] for one in steps] == ["raised", "taken", "seen", "decided", "decided"]
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)
    first, second = steps[-2:]
    assert (first["done"], first["why"], first["is_closed"]) == (["social_care"], WHY, False)
    assert "social workers" in first["young_person_reads"]
    assert (second["why"], second["look_again_on"], second["is_closed"]) == ("=1+1 <svg>", None, True)
    assert second["young_person_reads"] == ""
    assert str(cast.mentor.account_id) not in response.text


@needs_printing
def test_the_pdf_is_tagged_and_has_the_same_words(decided: tuple[FlaskClient, str]) -> None:
    response = decided[0].get(f"{decided[1]}/{PDF}")
    assert response.headers["Content-Disposition"] == 'attachment; filename="call-for-help.pdf"'
    reader = PdfReader(io.BytesIO(response.data))
    assert "/Marked" in typing.cast("DictionaryObject", reader.root_object["/MarkInfo"])
    words = words_of(reader)
    for expected in ("Call for help of Amina Testperson", "Reference YP-1", "planted", "Jo Mentor took it on", WHY):
        assert expected in words
    assert "=1+1 <svg>" in words
    assert "Confidential: about a child" in words


def test_it_is_written_down_that_it_was_taken_away(cast: Cast, decided: tuple[FlaskClient, str]) -> None:
    decided[0].get(f"{decided[1]}/{JSON}")
    query = select(AuditEntry.action).where(AuditEntry.actor_id == cast.mentor.account_id)
    actions = list(db.session.execute(query.order_by(AuditEntry.sequence)).scalars())
    assert actions[-2:] == ["concern:seen", "concern:downloaded"]


@pytest.mark.parametrize("name", [PDF, JSON])
def test_it_asks_again_and_is_for_nobody_else(
    cast: Cast, sign_in: SignIn, decided: tuple[FlaskClient, str], name: str
) -> None:
    desk, path = decided
    for who, viewer in cast.everybody.items():
        if who != "mentor":
            assert sign_in(viewer).get(f"{path}/{name}").status_code == 404, who
    with transaction():
        db.session.execute(update(SignedInSession).values(started_at=clock.now() - timedelta(minutes=11)))
    asked = desk.get(f"{path}/{name}")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in-again")


def test_without_what_makes_a_pdf_a_sentence_says_so(
    decided: tuple[FlaskClient, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "why_not", lambda: printing.NO_EXTRA)
    desk, path = decided
    page = desk.get(path).text
    assert "For a meeting (PDF)" not in page
    assert "For another program (JSON)" in page
    answer = desk.get(f"{path}/{PDF}")
    assert (answer.status_code, "make install-extras" in answer.text) == (503, True)
