"""What every test may ask for: an app over fresh databases, the cast, and signed-in clients."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.models import Account
from app.accounts.passwords import hash_secret
from app.accounts.session_services import start_session
from app.accounts.values import Proof, Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo import services as demo
from app.settings import Environment, Settings
from tests.databases import EMPTY, PostgresDatabases, SqliteDatabases, postgres_databases
from tests.once import FULL_WORK, do_once, stretch_with
from tests.people import PASSWORD, Cast, make_cast

KEY = base64.b64encode(b"k" * 32).decode()
WITH_CAST, WITH_DEMO = "with_cast", "with_demo"
INDEX_KEY = base64.b64encode(b"i" * 32).decode()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="what the tests run on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what opens no database or is the same on any: once is enough."""
    if config.getoption("--database") == "sqlite":
        return
    without = {
        item
        for item in items
        if "databases" not in getattr(item, "fixturenames", ()) or item.get_closest_marker("any_database")
    }
    items[:] = [item for item in items if item not in without]
    config.hook.pytest_deselected(items=list(without))


@pytest.fixture(scope="session", autouse=True)
def _once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        do_once(patch)
        yield


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[SqliteDatabases | PostgresDatabases]:
    is_postgres = request.config.getoption("--database") == "postgres"
    made = postgres_databases() if is_postgres else SqliteDatabases()
    urls = made.fresh(template=None)
    with create_app(settings_for(urls, Path("unused"))).app_context():
        db.create_all(bind_key=[None, "keys"])
        let_go()
    if isinstance(made, PostgresDatabases):
        made.make_role(urls[0])
    made.keep_as_template(urls, EMPTY)
    yield made
    made.close()


@pytest.fixture(scope="session")
def made_cast(databases: SqliteDatabases | PostgresDatabases) -> Cast:
    """Make the cast once, in a template that the databases of every test with a cast are copied from."""
    urls = databases.fresh()
    with create_app(settings_for(urls, Path("unused"))).app_context():
        cast = make_cast()
        let_go()
    databases.keep_as_template(urls, WITH_CAST)
    return cast


@pytest.fixture(scope="session")
def made_demo(databases: SqliteDatabases | PostgresDatabases) -> None:
    """Make a council of the demo once, in a template that every test that looks at its people is given a copy of."""
    urls = databases.fresh()
    with create_app(settings_for(urls, Path("unused"))).app_context():
        with transaction():
            demo.seed(people=24, seed=1)
        let_go()
    databases.keep_as_template(urls, WITH_DEMO)


def let_go() -> None:
    """Close every connection of this app context."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def settings_for(urls: tuple[str, str], folder: Path, *, demo: bool = False) -> Settings:
    return Settings(
        environment=Environment.TEST,
        demo=demo,
        secret_key="s" * 40,
        database_url=urls[0],
        keys_database_url=urls[1],
        key_file=folder / "key",
        key_value=KEY,
        index_key_file=folder / "index-key",
        index_key_value=INDEX_KEY,
        tombstones=tombstones_in(folder),
        backup_key_file=folder / "backup-key",
        trusted_hosts=(),
        proxies=0,
    )


def tombstones_in(folder: Path) -> Path:
    """Return the list of the forgotten in a folder, made where there is none yet."""
    path = folder / "tombstones"
    if folder.is_dir():
        path.touch()
    return path


class UnauditedWriteError(AssertionError):
    """A transaction changed a record and left no entry in the audit trail."""


UNAUDITED = {
    "audit_heads",
    "audit_entries",
    "sign_in_attempts",
    "signed_in_sessions",
    "councils",
    "notices",
    "passkey_challenges",
    "post_seen",
    "spent_sign_ons",
}


def watch_writes(session: Session, _context: object) -> None:
    """Note what a flush writes: records, and audit entries."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, AuditEntry):
            session.info["audited"] = True
        elif row.__tablename__ not in UNAUDITED and (row not in session.dirty or session.is_modified(row)):
            session.info.setdefault("written", set()).add(row.__tablename__)


def refuse_unaudited(session: Session) -> None:
    """Fail a commit that wrote records and no audit entry."""
    session.flush()
    written, audited = session.info.pop("written", set()), session.info.pop("audited", False)
    if written and not audited:
        raise UnauditedWriteError(sorted(written))


def forget_writes(session: Session) -> None:
    session.info.pop("written", None)
    session.info.pop("audited", None)


@pytest.fixture(scope="session", autouse=True)
def _audit_is_complete() -> None:
    event.listen(Session, "before_flush", lambda session, context, _: watch_writes(session, context))
    event.listen(Session, "before_commit", refuse_unaudited)
    event.listen(Session, "after_rollback", forget_writes)


class DirtySessionError(AssertionError):
    """A request ended with changes that nobody committed."""


class FreshClient(FlaskClient):
    """A client whose every request has a context of its own, as on a server, and leaves nothing uncommitted."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401 (as werkzeug's own)
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
            session = db.session
            left = [*session.new, *session.dirty, *session.deleted]
        if left:
            raise DirtySessionError(left)
        return response


def template_for(request: pytest.FixtureRequest) -> str:
    """Return the template that has in it whom or what a test asks for."""
    if begins := request.node.get_closest_marker("begins_with"):
        request.getfixturevalue("begun_with")(*begins.args)
        return named(*begins.args)
    for who, (maker, template) in {"cast": ("made_cast", WITH_CAST), "demo_people": ("made_demo", WITH_DEMO)}.items():
        if who in request.fixturenames:
            request.getfixturevalue(maker)
            return template
    return EMPTY


Begin = Callable[[Cast], object]


def named(begin: Begin) -> str:
    return f"{begin.__module__}.{begin.__qualname__}"


@pytest.fixture(scope="session")
def begun_with(databases: SqliteDatabases | PostgresDatabases, made_cast: Cast) -> Callable[[Begin], object]:
    """Return a function that makes once, in a template, what a module's tests begin with, and returns what it told."""
    begun: dict[str, object] = {}

    def made_once(begin: Begin) -> object:
        if (name := named(begin)) not in begun:
            urls = databases.fresh(WITH_CAST)
            with create_app(settings_for(databases.for_the_app(urls), Path("unused"))).app_context():
                begun[name] = begin(made_cast)
                let_go()
            databases.keep_as_template(urls, name)
        return begun[name]

    return made_once


@pytest.fixture
def begun(request: pytest.FixtureRequest, cast: Cast, begun_with: Callable[[Begin], object]) -> object:
    """Return what `begins_with` told of what is in the app's databases from the start."""
    assert cast
    return begun_with(*request.node.get_closest_marker("begins_with").args)


def app_for_tests(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = FreshClient
    return app


@pytest.fixture
def app(
    request: pytest.FixtureRequest, databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> Iterator[Flask]:
    urls = databases.fresh(template_for(request))
    is_owner = request.node.get_closest_marker("owner") is not None
    app = app_for_tests(settings_for(urls if is_owner else databases.for_the_app(urls), tmp_path))
    with app.app_context():
        yield app
        let_go()
    databases.drop(urls)


@pytest.fixture
def cast(app: Flask, made_cast: Cast) -> Cast:
    """Everybody, who are in the app's databases from the start."""
    assert app
    return made_cast


@pytest.fixture
def _full_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passwords with as much work as in real use, the mentor's too."""
    stretch_with(monkeypatch, FULL_WORK)
    with transaction():
        mentor = update(Account).where(Account.id == cast.mentor.account_id)
        db.session.execute(mentor.values(password_hash=hash_secret(PASSWORD)))


SignIn = Callable[[Viewer], FlaskClient]


def new_session(viewer: Viewer) -> str:
    """Return the token of a session of somebody who has just proved who they are; commits."""
    with transaction():
        return start_session(account=db.session.get_one(Account, viewer.account_id), proof=Proof.SECOND_STEP)


def client_with(app: Flask, token: str) -> FlaskClient:
    """Return a client that has a session's token."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Return a function that gives a client on which somebody is signed in."""
    return lambda viewer: client_with(app, new_session(viewer))
