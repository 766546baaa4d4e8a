"""Every route against everybody, from the app's own map: who may not use it is told that there is nothing here."""

from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import PERMISSIONS, Permission, Role
from tests.conftest import SignIn
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


def test_every_role_has_a_permission_set() -> None:
    assert set(PERMISSIONS) == set(Role)
