"""`flask sign-on`: a council's provider from the terminal."""

import click
from flask.cli import AppGroup

from app.accounts.queries import council_by_slug
from app.accounts.values import NEEDS_SECOND_STEP, ROLE_WORDS, Role
from app.database import transaction
from app.sign_on.models import SignOnProvider
from app.sign_on.queries import provider_of
from app.sign_on.services import set_up
from app.sign_on.values import NOT_INSTALLED, NotAProviderError, ProviderDetails, is_installed

sign_on_cli = AppGroup("sign-on", help="Single sign-on by a council's own OpenID Connect provider.")
STAFF = [role.value for role in ROLE_WORDS if role in NEEDS_SECOND_STEP]


def _provider_at(slug: str) -> SignOnProvider:
    council = council_by_slug(slug)
    found = provider_of(council.id) if council is not None else None
    if found is None:
        raise click.ClickException(f"No council at {slug} has single sign-on.")
    return found


@sign_on_cli.command("set")
@click.argument("slug")
@click.option("--name", required=True, help="What stands on the button.")
@click.option("--issuer", required=True, help="The address that the provider calls itself by.")
@click.option("--client-id", required=True, help="What the provider knows Tidemark by.")
@click.option("--secret", prompt="Client secret", hide_input=True, help="Asked for, so that no history keeps it.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in ROLE_WORDS]), default=STAFF)
@click.option("--second-step", default="", help="Values of acr or amr that mean two steps.")
def set_provider(  # noqa: PLR0917 (click hands them over by name)
    slug: str, name: str, issuer: str, client_id: str, secret: str, roles: tuple[str, ...], second_step: str
) -> None:
    """Set up single sign-on for the council SLUG, once its provider answers; asks for the secret."""
    if not is_installed():
        raise click.ClickException(NOT_INSTALLED)
    from app.sign_on.openid import discover  # noqa: PLC0415 (the extra `sso` may be missing)

    council = council_by_slug(slug)
    if council is None:
        raise click.ClickException(f"There is no council at {slug}.")
    try:
        discover(issuer)
    except NotAProviderError as error:
        raise click.ClickException(str(error)) from error
    details = ProviderDetails(
        name=name,
        issuer=issuer,
        client_id=client_id,
        secret=secret,
        roles=frozenset(map(Role, roles)),
        second_step=tuple(second_step.split()),
        is_open=True,
    )
    with transaction():
        set_up(council_id=council.id, details=details, actor=None)
    click.echo(f"Saved. Tell the provider to send people back to /c/{slug}/single-sign-on/answer")


@sign_on_cli.command("show")
@click.argument("slug")
def show(slug: str) -> None:
    """Say how single sign-on is set up for the council SLUG; never the secret."""
    details = _provider_at(slug).details
    roles = ", ".join(sorted(details.roles))
    click.echo(f"{details.name}: {details.issuer} as {details.client_id}, {'open' if details.is_open else 'closed'}")
    click.echo(f"For {roles}. Two steps: {' '.join(details.second_step) or 'Tidemark asks for its own'}")


@sign_on_cli.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Let nobody in by single sign-on at the council SLUG; who is connected stays so."""
    found = _provider_at(slug)
    with transaction():
        details = found.details
        closed = ProviderDetails(
            name=details.name,
            issuer=details.issuer,
            client_id=details.client_id,
            secret=None,
            roles=details.roles,
            second_step=details.second_step,
            is_open=False,
        )
        set_up(council_id=found.council_id, details=closed, actor=None)
    click.echo("Closed.")
