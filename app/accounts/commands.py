"""`flask accounts`: the first council and the first administrator of a new installation."""

import re
from collections.abc import Callable

import click
from flask.cli import AppGroup

from app.accounts.password_rules import why_refused
from app.accounts.queries import council_by_slug
from app.accounts.services import GIVEN_FOR, EmailIsTakenError, create_account, create_council
from app.accounts.values import EMAIL, Role
from app.database import transaction

SLUG = r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*"
NAME = r"\s*\S.{0,119}"
Check = Callable[[click.Context, click.Parameter, str], str]

accounts_cli = AppGroup("accounts", help="Make councils and accounts.")


def matching(pattern: str, sentence: str) -> Check:
    """Return a check that refuses with a sentence what does not match; where somebody typed it, it is asked again."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        del context, parameter
        if re.fullmatch(pattern, value) is None:
            raise click.BadParameter(sentence)
        return value

    return check


A_NAME = matching(NAME, "Type a name of at most 120 letters.")


def a_password(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refuse a password that is too short, common, or made of the person's own name or address."""
    del parameter
    reason = why_refused(value, about=(context.params.get("name") or "", context.params.get("email") or ""))
    if reason is not None:
        raise click.BadParameter(reason)
    return value


@accounts_cli.command("new-council")
@click.argument("slug", callback=matching(SLUG, "Use small letters, figures and hyphens, such as derwent-north."))
@click.argument("name", callback=A_NAME)
def new_council(slug: str, name: str) -> None:
    """Make a council: SLUG is its part of the address (small letters, figures, hyphens), NAME what people call it."""
    if council_by_slug(slug) is not None:
        raise click.ClickException(f"There is a council at {slug} already.")
    with transaction():
        create_council(slug=slug, name=name)
    click.echo(f"Made {name}. People sign in at /c/{slug}/sign-in")


@accounts_cli.command("new")
@click.argument("slug")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.YOUNG_PERSON]))
@click.option("--name", prompt=True, callback=A_NAME)
@click.option("--email", prompt=True, callback=matching(EMAIL, "Type a whole e-mail address."))
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, callback=a_password)
def new_account(slug: str, role: str, name: str, email: str, password: str) -> None:
    """Make an account at the council SLUG; it asks for name, e-mail and password."""
    council = council_by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council at {slug}: make it with `accounts new-council`.")
    try:
        with transaction():
            create_account(
                council_id=council.id,
                role=Role(role),
                name=name.strip(),
                email=email,
                password=password,
                actor=None,
                is_given=True,
            )
    except EmailIsTakenError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"Made the account. Sign in at /c/{slug}/sign-in within {GIVEN_FOR.days} days and choose another password."
    )
