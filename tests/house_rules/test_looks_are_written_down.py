"""Whoever is shown something of a young person's leaves an entry in the trail: every address, from the app's own list.

Every field of Amina's holds a word of its own. An answer with one of them, or of an address of hers, needs an entry.
"""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.gate import requires
from app.accounts.values import Permission, Viewer
from tests.capabilities.records.whole_life import WORD
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules, path_of
from tests.house_rules.whole_record import (
    NAMES,
    end_of_trail,
    entries_since,
    ids_in,
    ids_of_amina,
    is_of_one,
    make_whole_record,
)
from tests.people import Cast

pytestmark = pytest.mark.any_database

PLANTED = re.compile(rf"{WORD} \w+ \w+")
ADULTS = ("parent_carer", "mentor", "unrelated_mentor", "council_staff", "provider", "administrator", "auditor")
NO_LOOK = {
    "emergency.ask": "names whose record the viewer has open, which the trail tells of",
    "decisions.decide": "asks for a decision that is to be written down",
    "timeline.write_note": "an empty form",
    "timeline.add_life_event": "an empty form",
    "timeline.sign_in_card": "says what a card is",
    "together.record": "an empty form",
}
"""Addresses that show no more of a young person than the name of whom it is about: each with why."""
NOT_OPENED = {
    "records.forget": "goes on to what was proposed: the test of it alone is below",
}
DRAWN_FOR_NOBODY = re.compile(r"^/what-helped.*\.(pdf|png|xlsx)$")
"""Group figures that take long to draw."""


def shown(answer: TestResponse) -> set[str]:
    """Return which planted words an answer shows."""
    is_page = answer.status_code in {200, 422}
    is_text = (answer.mimetype or "").startswith(("text/", "application/json"))
    return set(PLANTED.findall(answer.text)) if is_page and is_text else set()


def looked_unseen(cast: Cast, viewer: Viewer, answer: TestResponse, *, after: int, is_hers: bool, endpoint: str) -> str:
    """Return what an answer shows that the trail does not tell of; empty where it does, or nothing is shown."""
    words, is_found = shown(answer), answer.status_code in {200, 422}
    is_look = bool(words) or (is_hers and is_found)
    if not is_look or entries_since(after, cast, viewer.account_id):
        return ""
    if endpoint in NO_LOOK and words <= NAMES:
        return ""
    return ", ".join(sorted(words)) or "something of one young person"


def opened(client: FlaskClient, path: str, method: str, *, in_part: bool) -> TestResponse:
    return client.open(path, method=method, headers={"HX-Request": "true"} if in_part else {})


@pytest.mark.parametrize("who", [*ADULTS, "other_young_person", "other_council_staff"])
def test_whatever_shows_something_of_a_young_person_is_written_down(
    app: Flask, cast: Cast, sign_in: SignIn, who: str
) -> None:
    make_whole_record(cast)
    ids, viewer = ids_of_amina(app, cast), cast.everybody[who]
    rules = [one for one in guarded_rules(app) if viewer.may(one[1]) and not DRAWN_FOR_NOBODY.match(one[0].rule)]
    rules.sort(key=lambda one: one[2] != "GET")
    client, wrong = sign_in(viewer), []
    for rule, _, method in rules:
        path = path_of(app, rule, **{name: ids[rule.endpoint, name] for name in ids_in(rule)})
        for in_part in (False, True) if method == "GET" else (False,):
            client = client if method == "GET" else sign_in(viewer)
            before = end_of_trail(cast)
            answer = opened(client, path, method, in_part=in_part)
            unseen = looked_unseen(cast, viewer, answer, after=before, is_hers=is_of_one(rule), endpoint=rule.endpoint)
            if unseen:
                wrong.append(f"{method} {rule.rule}: {unseen}")
    assert not wrong, "\n".join(wrong)


def test_every_address_of_one_young_person_is_opened_by_somebody_above(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    make_whole_record(cast)
    ids = ids_of_amina(app, cast)
    clients = {name: sign_in(cast.everybody[name]) for name in ADULTS}
    unopened = set()
    for rule, permission, method in guarded_rules(app):
        adults = [name for name in ADULTS if cast.everybody[name].may(permission)]
        if method == "GET" and is_of_one(rule) and adults:
            path = path_of(app, rule, **{name: ids[rule.endpoint, name] for name in ids_in(rule)})
            if not any(clients[name].get(path).status_code == 200 for name in adults):
                unopened.add(rule.endpoint)
    assert unopened == set(NOT_OPENED)


def test_looking_at_what_would_go_is_written_down(cast: Cast, sign_in: SignIn) -> None:
    before, client = end_of_trail(cast), sign_in(cast.council_staff)
    assert "Amina" in client.get(f"/young-people/{cast.amina}/forget").text
    assert client.post(f"/young-people/{cast.amina}/forget").status_code == 422
    assert entries_since(before, cast, cast.council_staff.account_id) == ["record:seen", "record:seen"]


def test_the_reference_in_a_form_is_a_look_too(cast: Cast, sign_in: SignIn) -> None:
    before, client = end_of_trail(cast), sign_in(cast.council_staff)
    assert "YP-1" in client.get(f"/emergency-access?person={cast.amina}").text
    assert entries_since(before, cast, cast.council_staff.account_id) == ["record:seen"]


def test_a_page_that_forgets_it_would_be_found(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    make_whole_record(cast)
    viewer, path = cast.mentor, f"/young-people/{cast.amina}/profile"

    def forgetful(young_person_id: UUID) -> str:
        return f"{WORD} profile_versions admire of {young_person_id}"

    requires(Permission.PROFILE_READ)(forgetful)
    client, after = sign_in(viewer), end_of_trail(cast)
    app.view_functions["profiles.of_young_person"] = forgetful
    found = looked_unseen(
        cast, viewer, client.get(path), after=after, is_hers=True, endpoint="profiles.of_young_person"
    )
    assert found == f"{WORD} profile_versions admire"
