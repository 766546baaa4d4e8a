"""`flask audit`: proving that nobody has rewritten the trail."""

import click
from flask.cli import AppGroup

from app.audit.queries import first_break, trail_lengths

audit_cli = AppGroup("audit", help="Check the audit trail.")


@audit_cli.command("verify")
def verify() -> None:
    """Walk every council's chain and name the first entry that is not what it was."""
    broken = False
    for council_id, entries in trail_lengths().items():
        found = first_break(council_id)
        broken = broken or found is not None
        state = "in order" if found is None else f"broken at entry {found.sequence}: {found.reason}"
        click.echo(f"{council_id}: {entries} entries, {state}")
    if broken:
        raise click.ClickException("The audit trail has been changed.")
