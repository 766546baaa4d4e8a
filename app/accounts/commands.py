"""`flask accounts`: the first council and the first administrator of a new installation."""

import click
from flask.cli import AppGroup

from app.accounts.queries import council_by_slug
from app.accounts.services import EmailIsTakenError, create_account, create_council
from app.accounts.values import Role
from app.database import transaction

accounts_cli = AppGroup("accounts", help="Make councils and accounts.")


@accounts_cli.command("new-council")
@click.argument("slug")
@click.argument("name")
def new_council(slug: str, name: str) -> None:
    """Make a council: SLUG is its part of the address (letters, figures, hyphens), NAME what people call it."""
    if council_by_slug(slug) is not None:
        raise click.ClickException(f"There is a council at {slug} already.")
    with transaction():
        create_council(slug=slug, name=name)
    click.echo(f"Made {name}. People sign in at /c/{slug}/sign-in")


@accounts_cli.command("new")
@click.argument("slug")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.YOUNG_PERSON]))
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def new_account(slug: str, role: str, name: str, email: str, password: str) -> None:
    """Make an account at the council SLUG; it asks for name, e-mail and password."""
    council = council_by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council at {slug}: make it with `accounts new-council`.")
    try:
        with transaction():
            create_account(
                council_id=council.id, role=Role(role), name=name, email=email, password=password, actor=None
            )
    except EmailIsTakenError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Made the account. Sign in at /c/{slug}/sign-in")
