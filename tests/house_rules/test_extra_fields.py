"""A field that a form does not have changes nothing: every form of the app's own addresses is sent with the others.

Each is sent twice over the same records: as its page sends it, and with every column of every table beside it. Both
times the same is written. A form that nobody has filled in in `valid_forms`, or that has a new field, fails.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask, current_app, request
from sqlalchemy import Boolean, Column, Date, Enum, LargeBinary, Table, Uuid, inspect

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.values import Permission, Role
from app.audit import services as audit
from app.breaks.models import ProviderMember
from app.crypto.fields import SealedRow
from app.crypto.keyring import keyring_from
from app.crypto.resealing import sealed_fields
from app.database import Base, Moment, Row, db, transaction
from app.notifications.models import Notice
from app.notifications.values import Channel, Kind, Outcome
from app.prompts.models import Prompt
from app.safeguarding.cover import Hours
from app.safeguarding.models import Concern
from app.safeguarding.services import set_rules
from app.safeguarding.values import Rules
from app.young_people.models import YoungPerson
from tests.capabilities.media.made import picture, saved
from tests.capabilities.records.whole_life import WORD
from tests.conftest import app_for_tests, client_with, let_go, named, new_session, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.house_rules.test_access_matrix import path_of
from tests.house_rules.valid_forms import FORMS, NOBODY, Form
from tests.house_rules.whole_record import ids_in, ids_of_amina, make_whole_record
from tests.people import Cast

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]
DONE = {200, 204, 303}
EXTRA = "extraseaglass"
LONG_AGO = "1999-01-01T00:00:00"
NOT_COLUMNS = {"is_admin": "y", "is_superuser": "y", "permissions": "account:manage"}
RANDOM = {("accounts", "password_hash"), ("authenticators", "secret"), ("data_requests", "receipt")}
"""Texts that are made anew each time; what was planted would still be told from them."""
Key = tuple[str, object]
Kept = dict[str, object]
Written = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class Record:
    """What every form begins with."""

    at: datetime
    before: dict[Key, Kept]
    known: frozenset[UUID]
    """Every id that there is, and the one that is planted."""
    ids: dict[tuple[str, str], UUID]
    tokens: dict[str, str]
    planted: dict[str, str]


def begin(cast: Cast) -> Record:
    """Make a whole record of Amina's, a reminder and a call for help that wait for an answer, and sign everybody in."""
    make_whole_record(cast)
    now = clock.now()
    with transaction():
        db.session.query(ProviderMember).delete()
        for notice in db.session.query(Notice).filter_by(account_id=cast.young_person.account_id):
            notice.kind, notice.channel, notice.outcome = Kind.REPLY, Channel.IN_APP, Outcome.WAITING
        for prompt in db.session.query(Prompt).filter_by(young_person_id=cast.amina):
            prompt.expires_at = now + timedelta(days=1)
        for concern in db.session.query(Concern).filter_by(young_person_id=cast.amina):
            concern.passed_on_at, concern.acknowledged_at = now, None
        cover = frozenset({cast.council_staff.account_id})
        set_rules(viewer=cast.council_staff, rules=Rules((), Hours({}), timedelta(hours=4), cover))
    tokens = {name: new_session(viewer) for name, viewer in cast.everybody.items()}
    before = {key: as_kept(row) for key, row in rows()}
    known = {value for kept in before.values() for value in kept.values() if isinstance(value, UUID)} | {UUID(int=8)}
    return Record(clock.now(), before, frozenset(known), ids_of_amina(current_app, cast), tokens, planted(cast))


def tables() -> list[type[Row]]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def table_of(kind: type[Row]) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)
    return table


def sealed_in(kind: type[Row]) -> list[str]:
    return sealed_fields(kind) if issubclass(kind, SealedRow) else []


def rows() -> Iterator[tuple[Key, Row]]:
    """Return every row of every table."""
    db.session.rollback()
    for kind in tables():
        for row in db.session.query(kind).all():
            yield (table_of(kind).name, inspect(row).identity), row


def as_kept(row: Row) -> Kept:
    """Return the columns of a row, sealed ones as they are kept."""
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


def planted(cast: Cast) -> dict[str, str]:
    """Return a value for every column: somebody else's id, long ago, an administrator's role, or a word of its own."""
    known = {
        "council_id": cast.other_council_id,
        "young_person_id": cast.other_young_person.young_person_id,
        "account_id": cast.unrelated_mentor.account_id,
        "provider_id": cast.provider_id,
    }
    fields = dict(NOT_COLUMNS)
    for kind in tables():
        for column in table_of(kind).columns:
            fields.setdefault(column.name, _value(column, known))
        fields.update(dict.fromkeys(sealed_in(kind), EXTRA))
    return fields


def _value(column: Column[object], known: dict[str, UUID | None]) -> str:
    kind = column.type
    if isinstance(kind, Uuid):
        return str(known.get(column.name) or UUID(int=8))
    if isinstance(kind, Moment | Date):
        return LONG_AGO if isinstance(kind, Moment) else LONG_AGO[:10]
    if isinstance(kind, Enum):
        return Role.ADMINISTRATOR.value if column.name == "role" else str(kind.enums[-1])
    if isinstance(kind, LargeBinary):
        return EXTRA.encode().hex()
    return "y" if isinstance(kind, Boolean) else EXTRA if kind.python_type is str else "7"


def written(before: dict[Key, Kept], known: frozenset[UUID]) -> Written:
    """Return each cell that is otherwise than before, sealed ones opened; of what is random no more than that it is."""
    found, left = Written(), set(before)
    for key, row in rows():
        left.discard(key)
        was = before.get(key, {})
        changed = {name: value for name, value in as_kept(row).items() if name not in was or was[name] != value}
        opened = {name: getattr(row, name, None) for name in sealed_in(type(row))} if changed else {}
        for name, value in {**changed, **opened}.items():
            found[key[0], name, _said((key[0], name), value, known)] += 1
    return found + Counter((table, "", f"{identity} is gone") for table, identity in left)


def _said(where: tuple[str, str], value: object, known: frozenset[UUID]) -> str:
    if isinstance(value, UUID):
        return str(value) if value in known else "a new id"
    if isinstance(value, bytes) or (where in RANDOM and EXTRA not in str(value)):
        return "something random"
    return repr(value)


def send(app: Flask, cast: Cast, record: Record, endpoint: str, extra: dict[str, str]) -> int:
    """Send one form, `extra` in it and in its address, and return the answer's status."""
    form, said = FORMS[endpoint], words(cast)
    client = app.test_client() if form.who == NOBODY else client_with(app, record.tokens[form.who])
    rule = next(one for one in app.url_map.iter_rules(endpoint) if "POST" in (one.methods or set()))
    ids = {name: record.ids[endpoint, name] for name in ids_in(rule)}
    sent = {name.format(**said): filled(value, said) for name, value in form.sent.items()}
    files = {"file": (BytesIO(saved(picture(), "JPEG")), "photo.jpg")} if form.has_file else {}
    path = path_of(app, rule, **{**ids, **form.by_name})
    return client.post(path, data={**extra, **sent, **files}, query_string=extra).status_code


def words(cast: Cast) -> dict[str, object]:
    return {
        "amina": cast.amina,
        "ben": cast.other_young_person.young_person_id,
        "provider_id": cast.provider_id,
        "provider_account": cast.provider.account_id,
        "reference": f"{WORD} young_people reference",
        "staff": cast.council_staff.account_id,
        "stranger": cast.unrelated_mentor.account_id,
    }


def filled(value: str | list[str], said: dict[str, object]) -> str | list[str]:
    return value.format(**said) if isinstance(value, str) else [one.format(**said) for one in value]


@dataclass(frozen=True)
class Sender:
    """Sends forms over records that are as they were before each."""

    app: Flask
    cast: Cast
    record: Record
    renew: Callable[[], None]

    def send(self, endpoint: str, extra: dict[str, str]) -> tuple[int, Written]:
        """Send a form, after those that it needs; return the status of the answer and what was written."""
        self.renew()
        with self.app.app_context():
            for first in FORMS[endpoint].after.split():
                assert send(self.app, self.cast, self.record, first, {}) in DONE
            before = {key: as_kept(row) for key, row in rows()} if FORMS[endpoint].after else self.record.before
            status = send(self.app, self.cast, self.record, endpoint, extra)
            found = written(before, self.record.known)
            let_go()
        return status, found


@pytest.fixture(scope="module")
def sender(
    databases: SqliteDatabases | PostgresDatabases,
    made_cast: Cast,
    begun_with: Callable[[Callable[[Cast], object]], Record],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sender]:
    """Give what sends every form; it is as late as it was when the records were made."""
    record, urls = begun_with(begin), databases.fresh(named(begin))
    settings = settings_for(databases.for_the_app(urls), tmp_path_factory.mktemp("forms"))
    app = app_for_tests(settings)

    def renew() -> None:
        databases.renew(urls, named(begin))
        settings.tombstones.write_bytes(b"")
        app.extensions["keyring"] = keyring_from(settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: record.at)
        yield Sender(app, made_cast, record, renew)
    databases.drop(urls)


def extra_for(form: Form, record: Record) -> dict[str, str]:
    return {name: value for name, value in record.planted.items() if name not in {*form.sent, *form.takes.split()}}


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_field_that_a_form_does_not_have_changes_nothing(sender: Sender, endpoint: str) -> None:
    form = FORMS[endpoint]
    status, plain = sender.send(endpoint, {})
    assert (status in DONE) is not bool(form.refused), status
    assert form.refused or bool(plain) is not bool(form.writes_nothing)
    status_with_more, more = sender.send(endpoint, extra_for(form, sender.record))
    assert status_with_more == status
    assert (more - plain, plain - more) == (Counter(), Counter())


def test_every_form_has_been_filled_in(app: Flask) -> None:
    """Until somebody says in `valid_forms` who fills in a new one, and how."""
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    assert posts == set(FORMS)
    assert not any({"PUT", "PATCH", "DELETE"} & (rule.methods or set()) for rule in app.url_map.iter_rules())


ASKED_FOR = {"id", "council_id", "young_person_id", "account_id", "role", "made_at", "audience", "is_active", "words"}


def test_what_is_sent_besides_is_whatever_a_table_has_a_column_for(cast: Cast) -> None:
    fields = planted(cast)
    assert fields.keys() >= ASKED_FOR | set(NOT_COLUMNS)
    assert fields.keys() >= {column.name for kind in tables() for column in table_of(kind).columns}
    assert fields.keys() >= {name for kind in tables() for name in sealed_in(kind)}


def test_a_form_that_keeps_one_of_them_would_be_found(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy() -> str:
        with transaction():
            person = db.session.query(YoungPerson).filter_by(id=viewer().young_person_id).one()
            person.in_group_figures = request.form.get("is_active") != "y"
            audit.record(council_id=person.council_id, actor_id=viewer().account_id, action="test:kept")
        return ""

    requires(Permission.SIGNED_IN)(greedy)
    endpoint = "prompts.resume"
    monkeypatch.setitem(sender.app.view_functions, endpoint, greedy)
    _, plain = sender.send(endpoint, {})
    _, more = sender.send(endpoint, extra_for(FORMS[endpoint], sender.record))
    assert (more - plain)["young_people", "in_group_figures", "False"] == 1


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
