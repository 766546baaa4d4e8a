"""A field that a form does not have changes nothing: forms are sent with every column of every table beside them."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Date, Enum, LargeBinary, Table, Uuid, inspect

from app.accounts.values import Role
from app.crypto.fields import SealedRow
from app.crypto.resealing import sealed_fields
from app.database import Base, Moment, Row, db
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

ROOT = Path(__file__).parents[2]
EXTRA = "extraseaglass"
LONG_AGO = "1999-01-01T00:00:00"
Sent = dict[str, object]


@dataclass(frozen=True)
class Form:
    """A form as one of the cast fills it in; `takes` names the fields that it has besides."""

    who: str
    path: str
    sent: Callable[[Cast], Sent]
    takes: str = ""


FORMS = {
    "check-in": Form(
        "young_person", "/check-ins", lambda _: {"id": str(uuid4()), "measure": "faces", "answer": "4"}, "at words"
    ),
    "post": Form("young_person", "/posts/new", lambda _: {"words": "Swans", "audience": "mentor"}, "id at"),
    "goal": Form(
        "young_person", "/goals/new", lambda _: {"title": "Swim", "rating": "3", "audience": "mentor"}, "id why"
    ),
    "call for help": Form("young_person", "/help-now/ask", lambda _: {"words": "Please ring me"}, "id"),
    "how I answer": Form("young_person", "/how-i-answer", lambda _: {"measure": "scale"}),
    "forget me": Form("young_person", "/me/my-data/forget-me", lambda _: {"words": "Please"}),
    "how I am": Form("parent_carer", "/how-i-am", lambda _: {"id": str(uuid4()), "answer": "8"}, "at words"),
    "what I share": Form("parent_carer", "/how-i-am/choices", lambda _: {"shares_with_mentor": "y"}),
    "note": Form("mentor", "/young-people/{amina}/note", lambda _: {"words": "Rang school"}, "id at"),
    "e-mail": Form("mentor", "/notifications/email", lambda _: {"wanted": "y", "address": "jo@home.example"}),
    "emergency": Form(
        "council_staff",
        "/emergency-access",
        lambda _: {"reference": "YP-1", "reason": "Did not come home; the police ask."},
    ),
    "password": Form(
        "mentor",
        "/my-sign-in/password",
        lambda _: {
            "password": PASSWORD,
            "new_password": "seven herons over the weir",
            "new_password_again": "seven herons over the weir",
        },
    ),
    "provider": Form("council_staff", "/providers", lambda _: {"name": "River Trust"}),
    "tie": Form(
        "council_staff",
        "/young-people/{amina}/ties",
        lambda cast: {"account": f"{cast.unrelated_mentor.account_id}:team"},
    ),
    "account": Form(
        "administrator",
        "/accounts",
        lambda _: {
            "role": "mentor",
            "name": "Nia New",
            "email": "nia@derwent.example",
            "password": "long enough words",
        },
    ),
}


def tables() -> list[type[Row]]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def sealed_in(kind: type[Row]) -> list[str]:
    return sealed_fields(kind) if issubclass(kind, SealedRow) else []


def cells() -> dict[tuple[str, object, str], object]:
    """Return every cell of every table, sealed ones opened, by table, row and column."""
    db.session.rollback()
    found: dict[tuple[str, object, str], object] = {}
    for kind in tables():
        table = kind.__table__
        assert isinstance(table, Table)
        for row in db.session.query(kind).all():
            key = inspect(row).identity
            for name in {*(column.key for column in inspect(kind).column_attrs), *sealed_in(kind)}:
                found[table.name, key, name] = getattr(row, name, None)
    return found


class Planted:
    """A value for every column: somebody else's id, long ago, an administrator's role, or a word to look for."""

    def __init__(self, cast: Cast) -> None:
        known = {
            "council_id": cast.other_council_id,
            "young_person_id": cast.other_young_person.young_person_id,
            "provider_id": cast.provider_id,
        }
        self.ids = {UUID(int=8), cast.other_council_id, cast.other_young_person.young_person_id}
        self.fields: dict[str, str] = {}
        for kind in tables():
            table = kind.__table__
            assert isinstance(table, Table)
            for column in table.columns:
                self.fields.setdefault(column.name, self._value(column, known))
            self.fields.update(dict.fromkeys(sealed_in(kind), EXTRA))

    def _value(self, column: Column[object], known: dict[str, UUID | None]) -> str:
        if isinstance(column.type, Uuid):
            return str(known.get(column.name) or UUID(int=8))
        if isinstance(column.type, Moment | Date):
            return LONG_AGO
        if isinstance(column.type, Enum):
            return Role.ADMINISTRATOR.value if column.name == "role" else str(column.type.enums[-1])
        return EXTRA if not isinstance(column.type, LargeBinary) else EXTRA.encode().hex()

    def is_in(self, value: object) -> bool:
        """Say whether a cell holds what was planted."""
        if isinstance(value, datetime):
            return value.year == datetime.fromisoformat(LONG_AGO).year
        return value in self.ids if isinstance(value, UUID) else EXTRA in str(value)


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_field_that_a_form_does_not_have_changes_nothing(cast: Cast, sign_in: SignIn, form: Form) -> None:
    client, planted, sent = sign_in(getattr(cast, form.who)), Planted(cast), form.sent(cast)
    extra = {name: value for name, value in planted.fields.items() if name not in {*sent, *form.takes.split()}}
    assert {"council_id", "young_person_id", "account_id", "created_at", "is_active"} <= set(extra)
    before = cells()
    answer = client.post(form.path.format(amina=cast.amina), data={**extra, **sent})
    assert answer.status_code in {200, 303}, answer.text
    new = {key: value for key, value in cells().items() if key not in before or before[key] != value}
    assert new
    assert {key: value for key, value in new.items() if planted.is_in(value)} == {}


BY_NAME = {"get", "getlist"}
READERS = {"kind_to_add", "new_check_in", "sent_answer", "sent_moment", "sent_sections"}
"""Functions that are handed a form and return what they know the names of."""
READ_AND_NOT_KEPT = {
    "app/web/refusals.py": "looks for NUL in whatever was sent",
    "app/web/typed_before.py": "gives back what could not be taken",
}
SENT = {"request.form", "request.values"}


def read_whole(tree: ast.AST) -> set[str]:
    """Return how a module reads forms otherwise than one field at a time, each by its own name."""
    found, by_name = set[str](), set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BY_NAME:
            by_name.add(node.func.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
            by_name.update(node.args)
        if isinstance(node, ast.Subscript):
            by_name.add(node.value)
        if isinstance(node, ast.Compare):
            by_name.update(node.comparators)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            said = ast.unparse(node)
            if (said in SENT and node not in by_name) or said == "form.data" or node.attr == "populate_obj":
                found.add(said)
    return found


def test_no_form_is_taken_whole_so_that_this_holds_for_every_form() -> None:
    modules = {str(path.relative_to(ROOT)): path.read_text() for path in sorted((ROOT / "app").rglob("*.py"))}
    found = {name: read_whole(ast.parse(text)) for name, text in modules.items() if "request" in text or "form" in text}
    assert {name for name, whole in found.items() if whole} == set(READ_AND_NOT_KEPT)


@pytest.mark.parametrize(
    "wrong",
    ["Note(**request.form)", "form.populate_obj(note)", "dict(form.data)", "for name in request.form: keep(name)"],
)
def test_a_form_that_is_taken_whole_would_be_noticed(wrong: str) -> None:
    assert read_whole(ast.parse(wrong))
