"""The app's own role on PostgreSQL: reads and writes every record, only adds to the trail, and owns nothing."""

import re

from sqlalchemy import Connection, text

from app.audit.models import AuditEntry, AuditHead

ROLE = re.compile(r"[a-z_][a-z0-9_]{0,40}")


def grants_for(role: str, schema: str = "public") -> str:
    """Return SQL that the owner of the tables runs once; raises ValueError for what is no plain name."""
    if not ROLE.fullmatch(role) or not ROLE.fullmatch(schema):
        raise ValueError("A role has lower-case letters, digits and underscores.")
    entries, heads = f"{schema}.{AuditEntry.__tablename__}", f"{schema}.{AuditHead.__tablename__}"
    every = "SELECT, INSERT, UPDATE, DELETE"
    return "\n".join(
        (
            f"-- Run by the owner of the tables, in the database of the records; then \\password {role}.",
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')",
            f"  THEN CREATE ROLE {role} LOGIN; END IF; END $$;",
            f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role};",
            f"GRANT USAGE ON SCHEMA {schema} TO {role};",
            f"GRANT {every} ON ALL TABLES IN SCHEMA {schema} TO {role};",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {every} ON TABLES TO {role};",
            f"REVOKE ALL ON {entries}, {heads}, {schema}.alembic_version FROM {role};",
            f"GRANT SELECT ON {schema}.alembic_version TO {role};",
            f"GRANT SELECT, INSERT ON {entries}, {heads} TO {role};",
            f"-- The end of a trail moves on by one entry, and its trigger sees to it that it does nothing else.",  # noqa: F541
            f"GRANT UPDATE (sequence, entry_hash) ON {heads} TO {role};",
            "",
        )
    )


def may_change_the_trail(connection: Connection) -> bool:
    """Say whether this role of PostgreSQL could edit or delete entries, or take the triggers off."""
    may = text(
        "SELECT has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE')"
        " OR has_any_column_privilege(t, 'UPDATE') OR pg_has_role(c.relowner, 'USAGE')"
        " FROM (SELECT CAST(:name AS regclass) AS t) AS named JOIN pg_class AS c ON c.oid = t"
    )
    return bool(connection.execute(may, {"name": AuditEntry.__tablename__}).scalar_one())
