"""No birthday changes what a parent carer may do or see: every address of theirs, the day before and on the day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app import clock
from app.audit import services as audit
from app.checkins.models import CarerCheckIn
from app.database import db, transaction
from app.young_people.models import YoungPerson
from tests.capabilities.records.whole_life import WORD
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules, path_of
from tests.house_rules.whole_record import ids_in, ids_of_amina, make_whole_record
from tests.people import Cast

pytestmark = pytest.mark.any_database

NOON = timedelta(hours=12)
CHANGING = re.compile(r'[0-9a-f]{8}-[0-9a-f-]{27}|"[\w-]{50,}\.[\w-]{6}\.[\w-]{27}"')
"""Ids of entries that nobody has written yet, and tokens of the session: new on every page."""
FILES = re.compile(r"\.(pdf|zip)$")
"""Files that hold when they were made."""
Seen = dict[str, tuple[int, str]]


def what_a_parent_sees(app: Flask, cast: Cast, sign_in: SignIn, *, reading: FlaskClient | None = None) -> Seen:
    """Return the status and the body of every answer to a parent carer, by method and address; forms are sent empty.

    `reading`: somebody who only reads. What one of these takes back is put back, so that it can be asked again.
    """
    ids, seen = ids_of_amina(app, cast), Seen()
    rules = [one for one in guarded_rules(app) if cast.parent_carer.may(one[1]) and "sign_out" not in one[0].endpoint]
    for rule, _, method in sorted(rules, key=lambda one: (one[2] != "GET", one[0].rule)):
        if reading and method != "GET":
            continue
        path = path_of(app, rule, **{name: ids[rule.endpoint, name] for name in ids_in(rule)})
        client = reading or sign_in(cast.parent_carer)
        answer = client.open(path, method=method)
        body = "" if FILES.search(path) or answer.mimetype == "application/zip" else CHANGING.sub("", answer.text)
        seen[f"{method} {rule.rule}"] = answer.status_code, body
    with transaction():
        db.session.execute(update(CarerCheckIn).values(undone_at=None))
    return seen


def words_in(seen: Seen) -> dict[str, tuple[int, list[str]]]:
    found = {name: (status, sorted(set(re.findall(rf"{WORD} \w+ \w+", body)))) for name, (status, body) in seen.items()}
    assert found["GET /young-people/<uuid:young_person_id>"][1]
    assert found["GET /posts/<uuid:post_id>"][1]
    assert found["GET /media/<uuid:media_id>/file"][0] == 200
    return found


@pytest.mark.parametrize("age", [16, 18, 25])
def test_the_day_that_they_grow_older_changes_no_right(
    app: Flask, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, age: int
) -> None:
    make_whole_record(cast)
    born = db.session.get_one(YoungPerson, cast.amina).date_of_birth
    assert born is not None
    birthday = datetime(born.year + age, born.month, born.day, tzinfo=UTC) + NOON
    seen = []
    for moment in (birthday - timedelta(days=1), birthday):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        seen.append(words_in(what_a_parent_sees(app, cast, sign_in)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("age", [16, 18])
def test_where_only_the_birthday_differs_every_page_is_the_same_but_for_the_age(
    app: Flask, cast: Cast, sign_in: SignIn, age: int
) -> None:
    make_whole_record(cast)
    today = clock.today()
    birthday = date(today.year - age, today.month, min(today.day, 28) if today.month == 2 else today.day)
    seen, client = [], sign_in(cast.parent_carer)
    for born in (birthday + timedelta(days=1), birthday):
        with transaction():
            db.session.get_one(YoungPerson, cast.amina).date_of_birth = born
            audit.record(council_id=cast.council_id, actor_id=None, action="test:born", young_person_id=cast.amina)
        seen.append(what_a_parent_sees(app, cast, sign_in, reading=client))
    timeline = "GET /young-people/<uuid:young_person_id>"
    for name, (status, body) in seen[0].items():
        older = body.replace(f"{age - 1}, {WORD}", f"{age}, {WORD}") if name == timeline else body
        assert (status, older) == seen[1][name], name
    assert seen[0][timeline] != seen[1][timeline]
