"""`flask audit`: proving that nobody has rewritten the trail, and keeping its end where nobody here can."""

import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask.cli import AppGroup

from app import clock
from app.audit.guards import install_guards, missing_guards
from app.audit.queries import break_since, first_break, heads, trail_lengths
from app.audit.roles import grants_for, may_change_the_trail
from app.audit.values import Anchor, BadAnchorError, parse_anchor
from app.database import db, writing

audit_cli = AppGroup("audit", help="Check the audit trail.")
A_FILE = click.Path(path_type=Path, dir_okay=False)
SECONDS = 20
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@audit_cli.command("verify")
@click.option("--anchor", "anchors", type=A_FILE, multiple=True, help="A file of anchors kept elsewhere.")
def verify(anchors: tuple[Path, ...]) -> None:
    """Walk every council's chain and name the first entry that is not what it was.

    What was cut off the end, or written anew from end to end, only an anchor can tell.
    """
    problems = 0
    for council_id, entries in trail_lengths().items():
        found = first_break(council_id)
        problems += found is not None
        state = "in order" if found is None else f"broken at entry {found.sequence}: {found.reason}"
        click.echo(f"{council_id}: {entries} entries, {state}")
    for file in anchors:
        problems += _check(file)
    with db.engine.connect() as connection:
        missing = missing_guards(connection)
    if missing:
        problems += 1
        click.echo(f"The database no longer refuses changes of the trail: {', '.join(sorted(missing))}.")
        click.echo("Put that right as the owner of the tables: flask --app wsgi audit guard")
    if problems:
        raise click.ClickException("The audit trail has been changed.")


def _check(file: Path) -> int:
    """Hold the trail against the anchors of one file; return how many it does not agree with."""
    problems, anchors = 0, _anchors_in(file)
    for anchor in anchors:
        found = break_since(anchor)
        if found is not None:
            problems += 1
            click.echo(f"{anchor.council_id}: broken at entry {found.sequence}: {found.reason}")
    click.echo(f"{file.name}: {len(anchors) - problems} of {len(anchors)} anchors agree")
    return problems


def _anchors_in(file: Path) -> list[Anchor]:
    try:
        lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
        return [parse_anchor(line) for line in lines]
    except BadAnchorError as error:
        raise click.ClickException(f"{file.name} has a line that is no anchor.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name} cannot be read: {type(error).__name__}.") from error


@audit_cli.command("guard")
def guard() -> None:
    """Let the database refuse changes of the trail again, where its triggers were taken off."""
    db.session.rollback()
    with writing(db.engine) as connection:
        install_guards(connection)
    click.echo("The database refuses to change, delete or slip in entries, and to move the end of a trail.")


@audit_cli.command("roles")
@click.option("--role", default="tidemark_app", show_default=True, help="Name of the app’s own role.")
@click.option(
    "--check", is_flag=True, help="Say whether the role in use may only add to the trail; exit code 1 if not."
)
def roles(role: str, *, check: bool) -> None:
    """Print SQL for PostgreSQL that makes the app's role, which only adds to the trail and owns no table.

    The owner of the tables runs it, and `db upgrade`; the app and every other command then use the new role.
    """
    if db.engine.dialect.name == "sqlite":
        raise click.ClickException(
            "SQLite has no roles: its triggers refuse, but whoever can write the file can take them off."
        )
    if check:
        with db.engine.connect() as connection:
            if may_change_the_trail(connection):
                raise click.ClickException("This role may change the trail, or owns it: run the app as another one.")
        click.echo("This role reads the trail and adds to it, and can do nothing else with it.")
        return
    try:
        click.echo(grants_for(role), nl=False)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@audit_cli.command("anchor")
@click.option("--to", "file", type=A_FILE, help="Add to this file instead of printing.")
@click.option("--post", "address", help="Send to this address too: one line of JSON for each council.")
def anchor(file: Path | None, address: str | None) -> None:
    """Print the end of every council's trail as lines of JSON, to be kept where nobody here can change it."""
    moment = clock.now()
    lines = [str(Anchor(council_id, number, entry_hash, moment)) for council_id, number, entry_hash in heads()]
    text = "".join(f"{line}\n" for line in lines)
    if file is None:
        click.echo(text, nl=False)
    else:
        with file.open("a", encoding="utf-8") as kept:
            kept.write(text)
        click.echo(f"{file.name}: {len(lines)} anchors added")
    if address is not None:
        _post(address, text)


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it could lead out of https."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        del args, kwargs


def _post(address: str, text: str) -> None:
    where = urlsplit(address)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in THIS_MACHINE):
        raise click.ClickException("Anchors are sent over https only.")
    kind = {"Content-Type": "application/x-ndjson"}
    request = urllib.request.Request(address, text.encode(), kind, method="POST")  # noqa: S310 (https, checked above)
    try:
        with urllib.request.build_opener(_NoDetours).open(request, timeout=SECONDS):
            click.echo(f"Sent to {where.hostname}.")
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Could not send to {where.hostname}: {type(error).__name__}.") from error
