"""`flask audit`: proving that nobody has rewritten the trail."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.audit.models import AuditHead
from app.audit.queries import first_break
from app.database import db

audit_cli = AppGroup("audit", help="Check the audit trail.")


@audit_cli.command("verify")
def verify() -> None:
    """Walk every council's chain and name the first entry that is not what it was."""
    broken = False
    for head in db.session.execute(select(AuditHead)).scalars().all():
        found = first_break(head.council_id)
        broken = broken or found is not None
        state = "in order" if found is None else f"broken at entry {found.sequence}: {found.reason}"
        click.echo(f"{head.council_id}: {head.sequence} entries, {state}")
    if broken:
        raise click.ClickException("The audit trail has been changed.")
