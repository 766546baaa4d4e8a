"""What the database itself refuses of the audit trail: to change, delete or slip in an entry, or to move its end.

Triggers, made with the tables and by `flask db upgrade`. Whoever owns the tables can take them off, so on PostgreSQL
the app is best given a role that owns nothing (`flask audit roles`); on SQLite whoever can write the file can.
"""

from typing import Any

from sqlalchemy import Connection, Table, event, inspect, text

from app.audit.models import AuditEntry, AuditHead

REFUSAL = "the audit trail is only added to"
NO_HASH = "00" * 32

FOLLOWS = """
    FROM {schema}audit_heads AS h WHERE h.council_id = NEW.council_id
    AND h.sequence + 1 = NEW.sequence AND h.entry_hash = NEW.previous_hash
"""
MOVES_ON = """
    NEW.council_id = OLD.council_id AND NEW.sequence = OLD.sequence + 1 AND EXISTS (
        SELECT 1 FROM {schema}audit_entries AS e WHERE e.council_id = NEW.council_id AND e.sequence = NEW.sequence
        AND e.previous_hash = OLD.entry_hash AND e.entry_hash = NEW.entry_hash
    )
"""
BEGINS = """
    NEW.sequence = 0 AND NEW.entry_hash = {no_hash} AND NOT EXISTS (
        SELECT 1 FROM {schema}audit_entries AS e WHERE e.council_id = NEW.council_id
    )
"""
NAMES = {
    "audit_entries_are_kept": AuditEntry.__tablename__,
    "audit_entries_are_not_deleted": AuditEntry.__tablename__,
    "audit_entries_follow": AuditEntry.__tablename__,
    "audit_heads_begin": AuditHead.__tablename__,
    "audit_heads_move_on": AuditHead.__tablename__,
    "audit_heads_are_not_deleted": AuditHead.__tablename__,
}
NOT_EMPTIED = {
    "audit_entries_are_not_emptied": AuditEntry.__tablename__,
    "audit_heads_are_not_emptied": AuditHead.__tablename__,
}
"""On PostgreSQL only, which has TRUNCATE."""


def install_guards(connection: Connection) -> None:
    """Put the triggers on, those of an older kind off; the connection's owner must own the tables."""
    drop_guards(connection)
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgres(_schema(connection))
    for statement in statements:
        connection.exec_driver_sql(statement)


def drop_guards(connection: Connection) -> None:
    """Take the triggers off, where they are: for a migration that makes these tables anew."""
    if connection.dialect.name == "sqlite":
        for name in NAMES:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        return
    for name, table in (NAMES | NOT_EMPTIED).items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {_schema(connection)}{table}"))


def missing_guards(connection: Connection) -> set[str]:
    """Return the names of triggers that are not there, or are switched off."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        return set(NAMES) - set(found)
    query = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid = ANY (ARRAY[{}]::regclass[])"
    tables = ", ".join(f"'{_schema(connection)}{table}'" for table in sorted(set(NAMES.values())))
    return set(NAMES | NOT_EMPTIED) - set(connection.execute(text(query.format(tables))).scalars())


def _schema(connection: Connection) -> str:
    """Return the schema of the tables with a dot: a temporary table of the same name must not be taken for one."""
    name = connection.execute(text("SELECT current_schema()")).scalar_one()
    return f"{connection.dialect.identifier_preparer.quote(name)}."


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    follows = FOLLOWS.format(schema="")
    again = "EXISTS (SELECT 1 FROM audit_entries AS e WHERE e.id = NEW.id)"
    unless_it_follows = f"WHEN {again} OR NOT EXISTS (SELECT 1 {follows})"
    moves_on = MOVES_ON.format(schema="")
    begins = BEGINS.format(schema="", no_hash=f"x'{NO_HASH}'")
    return [
        f"CREATE TRIGGER audit_entries_are_kept BEFORE UPDATE ON audit_entries {refuse}",
        f"CREATE TRIGGER audit_entries_are_not_deleted BEFORE DELETE ON audit_entries {refuse}",
        f"CREATE TRIGGER audit_entries_follow BEFORE INSERT ON audit_entries {unless_it_follows} {refuse}",
        f"CREATE TRIGGER audit_heads_begin BEFORE INSERT ON audit_heads WHEN NOT ({begins}) {refuse}",
        f"CREATE TRIGGER audit_heads_move_on BEFORE UPDATE ON audit_heads WHEN NOT ({moves_on}) {refuse}",
        f"CREATE TRIGGER audit_heads_are_not_deleted BEFORE DELETE ON audit_heads {refuse}",
    ]


def _postgres(schema: str) -> list[str]:
    refuse = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege';"
    begins = BEGINS.format(schema=schema, no_hash=f"decode('{NO_HASH}', 'hex')")
    bodies = {
        "audit_refuse": refuse,
        "audit_entry_follows": f"PERFORM 1 {FOLLOWS.format(schema=schema)} FOR UPDATE OF h; "
        f"IF NOT FOUND THEN {refuse} END IF; RETURN NEW;",
        "audit_head_begins": f"IF NOT ({begins}) THEN {refuse} END IF; RETURN NEW;",
        "audit_head_moves_on": f"IF NOT ({MOVES_ON.format(schema=schema)}) THEN {refuse} END IF; RETURN NEW;",
    }
    functions = [
        f"CREATE OR REPLACE FUNCTION {schema}{name}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $guard$ BEGIN {body} END $guard$"
        for name, body in bodies.items()
    ]
    return [
        *functions,
        *(
            f"CREATE TRIGGER {name} BEFORE {when} ON {schema}{table} {each} EXECUTE FUNCTION {schema}{function}()"
            for name, when, table, each, function in (
                ("audit_entries_are_kept", "UPDATE", "audit_entries", "FOR EACH ROW", "audit_refuse"),
                ("audit_entries_are_not_deleted", "DELETE", "audit_entries", "FOR EACH ROW", "audit_refuse"),
                ("audit_entries_are_not_emptied", "TRUNCATE", "audit_entries", "", "audit_refuse"),
                ("audit_entries_follow", "INSERT", "audit_entries", "FOR EACH ROW", "audit_entry_follows"),
                ("audit_heads_begin", "INSERT", "audit_heads", "FOR EACH ROW", "audit_head_begins"),
                ("audit_heads_move_on", "UPDATE", "audit_heads", "FOR EACH ROW", "audit_head_moves_on"),
                ("audit_heads_are_not_deleted", "DELETE", "audit_heads", "FOR EACH ROW", "audit_refuse"),
                ("audit_heads_are_not_emptied", "TRUNCATE", "audit_heads", "", "audit_refuse"),
            )
        ),
    ]


def _with_the_tables(_table: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 (as SQLAlchemy calls it)
    """Put the triggers on as soon as both tables are there."""
    there = inspect(connection).has_table
    if there(AuditEntry.__tablename__) and there(AuditHead.__tablename__):
        install_guards(connection)


for _model in (AuditEntry, AuditHead):
    event.listen(_model.__table__, "after_create", _with_the_tables)
