"""Every route against everybody, from the app's own map: who may not use it is told that there is nothing here."""

import json
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import String, select
from sqlalchemy.exc import OperationalError
from werkzeug.routing import AnyConverter, Rule

from app.accounts import refused
from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import PERMISSIONS, Permission, Role, Viewer
from app.audit.models import AuditEntry
from app.audit.values import REFUSED
from app.database import db
from tests.conftest import SignIn
from tests.house_rules.whole_record import ids_in
from tests.people import Cast

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def guarded_rules(app: Flask) -> list[tuple[Rule, Permission, str]]:
    """Return every guarded rule with its permission and each method it takes."""
    found = []
    for rule in app.url_map.iter_rules():
        declared = declared_permission(app, rule.endpoint)
        if declared != PUBLIC:
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [(rule, Permission(str(declared)), method) for method in methods]
    return found


def path_of(app: Flask, rule: Rule, **known: object) -> str:
    """Build a rule's path; an id that is not known is one that nobody has, and of a few words it takes the first."""
    words = {name: min(one.items) for name, one in rule._converters.items() if isinstance(one, AnyConverter)}  # noqa: SLF001
    values = {name: known.get(name) or words.get(name) or uuid4() for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.mark.parametrize("who", [name for name in Cast.__annotations__ if not name.endswith("_id")])
def test_a_role_without_the_permission_finds_nothing(app: Flask, cast: Cast, sign_in: SignIn, who: str) -> None:
    viewer = cast.everybody[who]
    client = sign_in(viewer)
    wrong = []
    for rule, permission, method in guarded_rules(app):
        if permission in PERMISSIONS[viewer.role]:
            continue
        path = path_of(app, rule, young_person_id=cast.amina)
        status = client.open(path, method=method).status_code
        if status != 404:
            wrong.append(f"{method} {rule.rule}: {status}")
    assert wrong == []


def test_nobody_gets_past_the_gate_without_signing_in(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    wrong = []
    for rule, _, method in guarded_rules(app):
        response = client.open(path_of(app, rule, young_person_id=cast.amina), method=method)
        if response.status_code != 303 or response.headers["Location"] != "/":
            wrong.append(f"{method} {rule.rule}: {response.status_code}")
    assert wrong == []


def test_a_fragment_is_guarded_like_its_page(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    for rule, _, method in guarded_rules(app):
        path = path_of(app, rule, young_person_id=cast.amina)
        response = client.open(path, method=method, headers={"HX-Request": "true"})
        assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/"), rule.rule


STRANGERS = ("unrelated_mentor", "other_council_staff", "provider", "other_young_person", "administrator", "auditor")


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_nothing_of_a_young_person(app: Flask, cast: Cast, sign_in: SignIn, who: str) -> None:
    client = sign_in(cast.everybody[who])
    wrong = []
    for rule, _, method in guarded_rules(app):
        if "young_person_id" in rule.arguments:
            status = client.open(path_of(app, rule, young_person_id=cast.amina), method=method).status_code
            if status != 404:
                wrong.append(f"{method} {rule.rule}: {status}")
    assert wrong == []


def test_an_id_that_nobody_has_is_not_found(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    wrong = []
    for viewer in cast.everybody.values():
        client = sign_in(viewer)
        for rule, permission, method in guarded_rules(app):
            if not any(name.endswith("_id") for name in rule.arguments) or permission not in PERMISSIONS[viewer.role]:
                continue
            status = client.open(path_of(app, rule), method=method).status_code
            if status != 404:
                wrong.append(f"{viewer.role} {method} {rule.rule}: {status}")
    assert wrong == []


def refusals_of(viewer: Viewer) -> list[tuple[str, UUID | None]]:
    """Return the page and the id of everything that the trail says somebody was refused."""
    query = select(AuditEntry.record_kind, AuditEntry.record_id).where(
        AuditEntry.action == REFUSED, AuditEntry.actor_id == viewer.account_id, AuditEntry.young_person_id.is_(None)
    )
    db.session.rollback()
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(AuditEntry.sequence))]


@pytest.mark.parametrize("who", ["young_person", "unrelated_mentor", "provider", "administrator", "auditor"])
def test_whoever_is_refused_is_in_the_trail_with_the_page_and_the_record(
    app: Flask, cast: Cast, sign_in: SignIn, who: str
) -> None:
    """Where the role may not open a page, and where it may, but not this young person's."""
    viewer = cast.everybody[who]
    client, expected = sign_in(viewer), list[tuple[str, UUID | None]]()
    for rule, permission, method in guarded_rules(app):
        is_somebodys = "young_person_id" in rule.arguments
        if is_somebodys or permission not in PERMISSIONS[viewer.role]:
            path = path_of(app, rule, **dict.fromkeys(ids_in(rule), cast.amina))
            assert client.open(path, method=method).status_code == 404, rule.rule
            expected.append((rule.endpoint, cast.amina if ids_in(rule) else None))
    assert len(expected) > len(PERMISSIONS)
    assert refusals_of(viewer) == expected


def test_what_is_not_refused_or_not_there_leaves_no_refusal(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    assert client.get(f"/young-people/{cast.amina}").status_code == 200
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/c/no-such-council/sign-in").status_code == 404
    assert app.test_client().get(f"/young-people/{cast.amina}").status_code == 303
    assert refusals_of(cast.mentor) == []


def test_a_refusal_is_a_line_in_the_log_that_leads_to_its_entry_and_names_nobody(
    cast: Cast, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign_in(cast.unrelated_mentor).get(f"/young-people/{cast.amina}").status_code == 404
    written = capsys.readouterr().err
    line = next(one for one in map(json.loads, written.splitlines()) if one["event"] == "refused")
    told = db.session.execute(select(AuditEntry).where(AuditEntry.action == REFUSED)).scalar_one()
    assert (line["level"], line["endpoint"], line["status"]) == ("warning", "timeline.timeline", 404)
    assert (line["entry"], told.actor_id) == (told.sequence, cast.unrelated_mentor.account_id)
    assert str(cast.amina) not in written
    assert str(cast.unrelated_mentor.account_id) not in written


def test_a_trail_that_cannot_be_written_changes_no_answer(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = sign_in(cast.unrelated_mentor)

    def away(**_: object) -> int:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(refused, "record_refused", away)
    assert client.get(f"/young-people/{cast.amina}").status_code == 404
    assert "refused, and the trail could not be written" in capsys.readouterr().err


def test_every_page_s_name_fits_into_an_entry(app: Flask) -> None:
    column = AuditEntry.__table__.c.record_kind.type
    assert isinstance(column, String)
    assert max(len(rule.endpoint) for rule in app.url_map.iter_rules()) <= (column.length or 0)


def test_every_role_has_a_permission_set() -> None:
    assert set(PERMISSIONS) == set(Role)
