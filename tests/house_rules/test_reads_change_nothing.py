"""Neither GET nor HEAD changes a record; they may add to the audit trail, to who-has-seen, and to the session."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import PERMISSIONS
from app.audit.models import AuditEntry
from app.database import Base, db
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules, path_of
from tests.people import Cast

pytestmark = pytest.mark.any_database

MAY_GROW = {"audit_entries", "audit_heads", "post_seen", "signed_in_sessions"}


def everything() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in MAY_GROW]
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


def pages(app: Flask, cast: Cast, sign_in: SignIn) -> Iterator[tuple[FlaskClient, str]]:
    """Yield a browser and an address for each page that each role may open, and for those open to everybody."""
    for viewer in cast.everybody.values():
        client = sign_in(viewer)
        for rule, permission, method in guarded_rules(app):
            if method == "GET" and permission in PERMISSIONS[viewer.role]:
                yield client, path_of(app, rule, young_person_id=cast.amina)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and declared_permission(app, rule.endpoint) == PUBLIC:
            yield app.test_client(), path_of(app, rule, slug="derwent", filename="css/tokens.css")


def newest_entry() -> int:
    db.session.rollback()
    return max(db.session.execute(select(AuditEntry.sequence)).scalars(), default=0)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_get_changes_a_record(app: Flask, cast: Cast, sign_in: SignIn, method: str) -> None:
    before = everything()
    opened = 0
    for client, path in pages(app, cast, sign_in):
        opened += client.open(path, method=method).status_code == 200
    assert opened > len(cast.everybody)
    assert everything() == before


def test_asking_for_the_head_alone_writes_no_more_into_the_trail_than_the_page(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    written: dict[str, set[str]] = {}
    for method in ("GET", "HEAD"):
        last = newest_entry()
        for client, path in pages(app, cast, sign_in):
            client.open(path, method=method)
        query = select(AuditEntry.action).where(AuditEntry.sequence > last, AuditEntry.council_id == cast.council_id)
        written[method] = set(db.session.execute(query).scalars())
    assert written["GET"]
    assert written["HEAD"] == written["GET"]
