"""`flask passwords`: a code for somebody who forgot their password, where no e-mail goes out."""

import click
from flask.cli import AppGroup

from app.accounts.queries import account_with_email, council_by_slug
from app.accounts.reset_services import LIFE, begin_reset, fresh_code, may_choose_anew
from app.audit import services as audit
from app.database import transaction

passwords_cli = AppGroup("passwords", help="Help somebody who forgot their password.")


@passwords_cli.command("code")
@click.argument("slug")
@click.option("--email", prompt=True, help="Asked for, so that no history keeps it.")
def code(slug: str, email: str) -> None:
    """Print a code with which an adult at the council SLUG chooses a new password: works once, for 30 minutes.

    Say it to them in person, once you know who they are. Their second step is still asked for.
    """
    council = council_by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council at {slug}.")
    with transaction():
        account = account_with_email(council.id, email.strip())
        if account is None or not may_choose_anew(account):
            raise click.ClickException("No open account with a password has this e-mail address.")
        audit.record(council_id=council.id, actor_id=None, action="password_reset:asked", about=account)
        made = fresh_code(begin_reset(account).id)
    if made is not None:
        click.echo(f"{made[1]}\nType it at /c/{slug}/new-password within {LIFE.seconds // 60} minutes. It works once.")
