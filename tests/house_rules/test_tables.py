"""What the tables promise: migrations make them, sensitive words are sealed, every row knows its council."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import LargeBinary, String

from app import create_app
from app.crypto.fields import SealedField, SealedRow
from app.database import Base, db
from tests.conftest import settings_for
from tests.databases import PostgresDatabases, SqliteDatabases

ROOT = Path(__file__).parents[2]
IN_CLEAR = {
    "accounts.password_hash": "Argon2id",
    "accounts.picture_code_hash": "Argon2id",
    "audit_entries.action": "a name of ours",
    "audit_entries.record_kind": "a table’s name",
    "carer_check_ins.measure": "a measure’s code",
    "check_ins.measure": "a measure’s code",
    "councils.name": "directory",
    "councils.slug": "directory",
    "offers.name": "directory",
    "offers.place": "directory",
    "offers.summary": "directory",
    "offers.what_it_is_like": "directory",
    "device_requests.browser": "a kind of browser",
    "passkeys.browser": "a kind of browser",
    "providers.name": "directory",
    "published_cells.group_key": "published",
    "published_cells.outcome": "published",
    "published_cells.table_name": "published",
    "sessions.place": "directory",
    "sessions.who_will_be_there": "directory",
    "sharing_decisions.choice": "an audience’s code",
    "sharing_decisions.what": "a setting’s name",
    "signed_in_sessions.browser": "a kind of browser",
    "sign_on_providers.client_id": "directory",
    "sign_on_providers.issuer": "directory",
    "sign_on_providers.name": "directory",
    "sign_on_providers.roles": "roles’ codes",
    "sign_on_providers.second_step": "a provider’s own codes",
    "young_people.measure": "a measure’s code",
}
WITHOUT_COUNCIL = {
    "councils": "it is the council",
    "passkey_challenges": "random, of nobody, gone within minutes",
    "sign_in_attempts": "blind, of nobody, gone within the hour",
}


def sealed_fields() -> dict[str, list[str]]:
    rows = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedRow)}
    found = {
        row.__tablename__: sorted(name for name, value in vars(row).items() if isinstance(value, SealedField))
        for row in rows
    }
    return {table: names for table, names in found.items() if names}


def test_migrations_make_the_tables_that_the_models_describe(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    urls = databases.fresh(template=None)
    app = create_app(settings_for(urls, tmp_path))
    with app.app_context():
        upgrade()
        for bind, engine in db.engines.items():
            with engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"compare_type": True})
                differences = compare_metadata(context, db.metadatas[bind])
            assert differences == []
            engine.dispose()
    databases.drop(urls)


def test_every_text_in_clear_is_listed_with_its_reason(app: Flask) -> None:
    assert app
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not hasattr(column.type, "enums")
    }
    assert found == set(IN_CLEAR)


def test_every_row_knows_its_council(app: Flask) -> None:
    assert app
    without = {table.name for table in Base.metadata.sorted_tables if "council_id" not in table.columns}
    assert without == set(WITHOUT_COUNCIL)


def test_sealed_columns_are_bytes_under_the_field_s_own_name(app: Flask) -> None:
    assert app
    for table, names in sealed_fields().items():
        for name in names:
            assert isinstance(Base.metadata.tables[table].columns[name].type, LargeBinary)


def test_the_encryption_page_lists_what_is_sealed(app: Flask) -> None:
    assert app
    text = (ROOT / "docs" / "encryption.md").read_text()
    rows = re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", text, re.MULTILINE)
    listed = {table: sorted(re.findall(r"`(\w+)`", names)) for table, names in rows}
    assert listed == sealed_fields()
