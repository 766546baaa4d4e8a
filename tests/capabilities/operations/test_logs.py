"""Logs name nobody: planted words go through every form of every role, through errors and through libraries."""

import json
import logging
import re
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.gate import PUBLIC, declared_permission
from app.database import db
from app.web.logs import FIELDS, LEFT_OUT, without_secrets
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules, path_of
from tests.people import Cast

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[3]
PLANTED = "plantedseaglass"
NAME_IN_TEMPLATE = re.compile(r'(?<![-\w])name="([a-z_0-9]+)"')
NAME_IN_FORM = re.compile(r"^    ([a-z_0-9]+) = [\w.]+\(", re.MULTILINE)
NAME_IN_VIEW = re.compile(r'(?:form|files|values)(?:\.get|\.getlist)?[\[(]"([a-z_0-9]+)"')
DRAWN = (".pdf", ".png", ".xlsx")
"""Files that take long to make, and have no form."""
ALWAYS = {"at", "level", "logger", "event"}
MAY_SAY = ALWAYS | set(FIELDS) | {"exception", "where"}


def field_names() -> set[str]:
    """Return the name of every field of every form: in templates, form classes and views."""
    found = set[str]()
    for path in (ROOT / "templates").rglob("*.html"):
        found.update(NAME_IN_TEMPLATE.findall(path.read_text()))
    for path in (ROOT / "app").rglob("*.py"):
        found.update(NAME_IN_VIEW.findall(path.read_text()))
        found.update(NAME_IN_FORM.findall(path.read_text()) if path.stem.endswith(("form", "forms")) else ())
    return found - {"csrf_token"}


class Written:
    """What has been written to standard error since the test began."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture
        self.so_far = ""

    def text(self) -> str:
        self.so_far += self.capture.readouterr().err
        return self.so_far

    def lines(self) -> list[dict[str, object]]:
        """Return each line: a JSON document that says no more than it may."""
        said: list[dict[str, object]] = [json.loads(line) for line in self.text().splitlines()]
        for one in said:
            assert set(one) <= MAY_SAY
            assert set(one) >= ALWAYS
        return said


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Written:
    return Written(capsys)


def names_nobody(logs: Written, cast: Cast) -> None:
    written = logs.text()
    for word in (PLANTED, "Amina", "Testperson", "Jo Mentor", "YP-1", "derwent.example", "127.0.0.1", str(cast.amina)):
        assert word not in written, word


def test_every_form_is_found() -> None:
    names = field_names()
    assert {"words", "reason", "reference", "password", "email", "title", "first_name", "support", "wanted"} <= names


def test_planted_words_through_every_form_of_every_role_reach_no_log(
    app: Flask, cast: Cast, sign_in: SignIn, logs: Written
) -> None:
    app.testing = False
    typed = {name: f"{PLANTED} {name} {PLANTED}@home.example" for name in field_names()}
    sent = 0
    headers = {"User-Agent": PLANTED, "X-Forwarded-For": PLANTED}
    for viewer in cast.everybody.values():
        client = sign_in(viewer)
        for rule, permission, method in guarded_rules(app):
            if not viewer.may(permission) or rule.rule.endswith(DRAWN):
                continue
            path = path_of(app, rule, young_person_id=cast.amina)
            if method != "GET":
                client = sign_in(viewer)
            client.open(path, method=method, data=typed, query_string=typed if method == "GET" else {}, headers=headers)
            sent += 1
    for rule in app.url_map.iter_rules():
        if declared_permission(app, rule.endpoint) == PUBLIC and "POST" in (rule.methods or set()):
            path = path_of(app, rule, slug="derwent", code=PLANTED)
            app.test_client().post(path, data=typed, headers=headers)
            sent += 1
    answered = [line for line in logs.lines() if line["event"] == "answered"]
    assert sent > 200
    assert len(answered) >= sent
    assert {"council_staff", "young_person", "nobody"} <= {line["role"] for line in answered}
    assert {line["endpoint"] for line in answered} >= {"feed.write", "records.forget", "accounts.sign_in_page"}
    names_nobody(logs, cast)


def test_what_is_typed_and_kept_reaches_no_log(cast: Cast, sign_in: SignIn, logs: Written) -> None:
    young, mentor = sign_in(cast.young_person), sign_in(cast.mentor)
    assert young.post("/posts/new", data={"words": PLANTED, "audience": "mentor"}).status_code == 303
    assert mentor.post(f"/young-people/{cast.amina}/note", data={"words": PLANTED}).status_code == 303
    assert PLANTED in mentor.get(f"/young-people/{cast.amina}").text
    names_nobody(logs, cast)
    assert all(isinstance(line["ms"], int) for line in logs.lines() if line["event"] == "answered")


def test_an_error_says_which_and_where_and_not_what_it_said(app: Flask, cast: Cast, logs: Written) -> None:
    app.testing = False

    def broken() -> str:
        raise ValueError(f"no such thing as {PLANTED}")

    app.view_functions["phone.offline"] = broken
    broken.tidemark_permission = PUBLIC  # type: ignore[attr-defined]
    assert app.test_client().get("/offline").status_code == 500
    said = [line for line in logs.lines() if line["level"] == "error"]
    assert len(said) == 1
    assert "unhandled ValueError in phone.offline" in str(said[0]["event"])
    assert said[0]["request"] == next(line["request"] for line in logs.lines() if line["event"] == "answered")
    names_nobody(logs, cast)


def test_a_library_s_message_and_an_exception_s_are_left_out(app: Flask, logs: Written) -> None:
    assert app
    logging.getLogger("some.library").warning("cannot send to %s", f"{PLANTED}@home.example")
    logging.getLogger("some.library").warning(f"cannot send to {PLANTED}")  # noqa: G004 (as libraries do)
    try:
        db.session.execute(text("select :words from nowhere"), {"words": PLANTED})
    except Exception:
        logging.getLogger("sqlalchemy.engine").exception("it said %s", PLANTED)
        logging.getLogger("app.somewhere").exception("did not work")
    said = logs.lines()
    assert [str(line["event"]).partition(" [")[0] for line in said] == [
        "cannot send to %s",
        LEFT_OUT,
        "it said %s",
        "did not work",
    ]
    assert said[3]["exception"] in {"OperationalError", "ProgrammingError"}
    assert PLANTED not in logs.text()


def test_a_line_is_one_line_whatever_is_in_it(app: Flask, logs: Written) -> None:
    assert app
    logging.getLogger("app.somewhere").warning("first\nsecond\r\x1b[31m \u2028 %s", "third\n")
    assert len(logs.text().splitlines()) == 1
    assert "\x1b" not in logs.text()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("to sana@home.example now", f"to {LEFT_OUT} now"),
        ("rang 07700 900123", f"rang {LEFT_OUT}"),
        ("with key 8nVd0tq3Yb2Kx7_sL4PzQ9", f"with key {LEFT_OUT}"),
        ("table=young_people column=preferred_name", "table=young_people column=preferred_name"),
        ("people=12 keys=3 at 2026-11-28", "people=12 keys=3 at 2026-11-28"),
    ],
)
def test_our_own_sentences_are_looked_through(words: str, left: str) -> None:
    assert without_secrets(words) == left


def test_ids_of_rows_stay() -> None:
    words = f"erasure={uuid4()}"
    assert without_secrets(words) == words
