"""The council's auditor searches the trail by time, action, actor and person, and learns no young person's name."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.accounts.models import SignedInSession
from app.accounts.values import Proof
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.oversight import views
from app.young_people.queries import young_person_for
from app.young_people.services import record_seen, write_note
from tests.conftest import SignIn
from tests.people import Cast


@pytest.fixture
def noted(cast: Cast) -> Cast:
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        write_note(viewer=cast.mentor, access=access, words="planted words about driftwood")
        record_seen(viewer=cast.mentor, access=access, what="timeline")
    return cast


def actions_on(text: str) -> list[str]:
    return re.findall(r'href="/audit\?action=([a-z_:%0-9A-F]+)"', text)


def test_the_trail_names_adults_and_numbers_young_people(noted: Cast, sign_in: SignIn) -> None:
    text = sign_in(noted.auditor).get("/audit").text
    assert "Jo Mentor" in text
    assert f'title="{noted.amina}"' in text
    assert "Note: written" in text
    for word in ("Amina", "Testperson", "driftwood", "jo@derwent.example"):
        assert word not in text


def test_every_search_is_in_the_trail_itself(noted: Cast, sign_in: SignIn) -> None:
    client = sign_in(noted.auditor)
    client.get("/audit?area=seen")
    assert "Audit: searched" in client.get("/audit?area=trail").text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("area=seen", "timeline%3Aseen", "note%3Awritten"),
        ("area=records", "note%3Awritten", "timeline%3Aseen"),
        ("action=note:written", "note%3Awritten", "timeline%3Aseen"),
        ("who={mentor}", "note%3Awritten", "account%3Acreated"),
        ("who=nobody", "account%3Acreated", "note%3Awritten"),
        ("about={amina}", "note%3Awritten", "council%3Acreated"),
        ("since={today}", "note%3Awritten", "nothing%3Aelse"),
        ("until={yesterday}", None, "note%3Awritten"),
        ("since={tomorrow}", None, "note%3Awritten"),
    ],
)
def test_the_trail_is_searched(noted: Cast, sign_in: SignIn, query: str, found: str | None, missing: str) -> None:
    today = clock.today()
    known = {"mentor": noted.mentor.account_id, "amina": noted.amina, "today": today}
    known |= {"yesterday": today - timedelta(days=1), "tomorrow": today + timedelta(days=1)}
    response = sign_in(noted.auditor).get(f"/audit?{query.format_map(known)}")
    actions = actions_on(response.text)
    assert response.status_code == 200
    assert missing.replace("%3A", ":") not in actions
    assert (found is None and actions == []) or (found or "").replace("%3A", ":") in actions


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-02-30", "Type a day"),
        ("since=2026-03-02&until=2026-03-01", "before the first day"),
        ("action=' OR 1=1", "looks like note:written"),
        ("about=Amina", "no whole number"),
        ("who=Jo", "Choose somebody"),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_the_field_and_kept(
    noted: Cast, sign_in: SignIn, query: str, words: str
) -> None:
    response = sign_in(noted.auditor).get(f"/audit?{query}")
    assert (response.status_code, words in response.text) == (422, True)


def test_pages_go_on_from_the_last_entry_shown(noted: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ON_A_PAGE", 5)
    client, numbers = sign_in(noted.auditor), list[int]()
    address = "/audit?who=nobody"
    while address:
        text = client.get(address).text
        numbers += [int(one) for one in re.findall(r"Entry </span>(\d+)", text)]
        older = re.search(r'href="(/audit\?[^"]*before=\d+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    expected = select(AuditEntry.sequence).where(
        AuditEntry.council_id == noted.council_id, AuditEntry.actor_id.is_(None)
    )
    assert numbers == sorted(db.session.execute(expected).scalars(), reverse=True)
    assert len(numbers) > 10


def test_another_council_s_entries_are_not_there(noted: Cast, sign_in: SignIn) -> None:
    text = sign_in(noted.auditor).get("/audit?action=account:created").text
    there = select(AuditEntry).where(AuditEntry.council_id == noted.other_council_id)
    records = [str(entry.record_id)[:8] for entry in db.session.execute(there).scalars()]
    assert records
    assert not [one for one in records if one in text]


def make_stale(cast: Cast) -> None:
    mine = update(SignedInSession).where(SignedInSession.account_id == cast.auditor.account_id)
    with transaction():
        db.session.execute(mine.values(started_at=clock.now() - timedelta(minutes=11)))


def test_the_file_has_every_entry_and_no_name(noted: Cast, sign_in: SignIn) -> None:
    response = sign_in(noted.auditor).get(f"/audit/entries.csv?about={noted.amina}")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["Content-Disposition"] == 'attachment; filename="audit-trail.csv"'
    assert {row["young_person"] for row in rows} == {str(noted.amina)}
    assert rows[0]["action"] == "timeline:seen"
    for word in ("Amina", "Jo Mentor", "driftwood"):
        assert word not in response.text


def test_the_file_is_given_only_to_somebody_who_signed_in_a_moment_ago(
    app: Flask, noted: Cast, sign_in: SignIn
) -> None:
    client = sign_in(noted.auditor)
    make_stale(noted)
    assert client.get("/audit").status_code == 200
    refused = client.get("/audit/entries.csv?area=seen")
    assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in-again")
    assert "Sign in again" in client.get("/sign-in-again").text
    assert app


def test_in_a_demo_it_is_enough_to_be_signed_in(noted: Cast, sign_in: SignIn) -> None:
    client = sign_in(noted.auditor)
    make_stale(noted)
    with transaction():
        db.session.execute(update(SignedInSession).values(proof=Proof.DEMO))
    assert client.get("/audit/entries.csv").status_code == 200


@pytest.mark.parametrize("asked", ["before=99999999999999999999", "before=-1", "until=9999-12-31", "since=0001-01-01"])
def test_a_number_or_a_day_that_no_entry_can_have_breaks_nothing(cast: Cast, sign_in: SignIn, asked: str) -> None:
    client = sign_in(cast.auditor)
    assert client.get(f"/audit?{asked}").status_code in {200, 422}
    assert client.get(f"/audit/entries.csv?{asked}").status_code == 200
