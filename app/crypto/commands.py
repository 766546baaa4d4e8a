"""`flask keys`: make the keys of a new installation, and prove that the right ones are here."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.crypto.key_providers import KeyUnavailableError, write_key_file
from app.crypto.keyring import current_keyring
from app.settings import Settings

keys_cli = AppGroup("keys", help="Make and check encryption keys.")


@keys_cli.command("new")
def new() -> None:
    """Make the key-encryption key and the index key, where there are none yet."""
    settings: Settings = current_app.extensions["settings"]
    for what, path in (("key-encryption key", settings.key_file), ("index key", settings.index_key_file)):
        try:
            write_key_file(path)
        except FileExistsError:
            click.echo(f"The {what} is at {path} already: left as it is.")
        else:
            click.echo(f"Made the {what} at {path}. Back it up apart from the databases.")


@keys_cli.command("status")
def status() -> None:
    """Say whether the keys are here and are the right ones."""
    try:
        current_keyring().check()
    except KeyUnavailableError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The keys are in order. Current key: {current_keyring().provider.current_id()}")
