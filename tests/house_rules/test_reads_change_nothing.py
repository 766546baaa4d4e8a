"""No GET changes a record; it may add to the audit trail, to who-has-seen, and to the session."""

from flask import Flask
from sqlalchemy import select

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import PERMISSIONS
from app.database import Base, db
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules, path_of
from tests.people import Cast

MAY_GROW = {"audit_entries", "audit_heads", "post_seen", "signed_in_sessions"}


def everything() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in MAY_GROW]
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


def test_no_get_changes_a_record(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    before = everything()
    opened = 0
    for viewer in cast.everybody.values():
        client = sign_in(viewer)
        for rule, permission, method in guarded_rules(app):
            if method == "GET" and permission in PERMISSIONS[viewer.role]:
                opened += client.get(path_of(app, rule, young_person_id=cast.amina)).status_code == 200
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and declared_permission(app, rule.endpoint) == PUBLIC:
            app.test_client().get(path_of(app, rule, slug="derwent", filename="css/tokens.css"))
    assert opened > len(cast.everybody)
    assert everything() == before
