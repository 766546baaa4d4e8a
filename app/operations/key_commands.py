"""`flask keys`: make, prove and change encryption keys."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from click.termui import progressbar
from flask import current_app
from flask.cli import AppGroup

from app.crypto.data_keys import (
    KeyInUseError,
    Progress,
    count_data_keys,
    retire_checks,
    unfinished_rotation,
    wrap_anew,
)
from app.crypto.key_providers import (
    KeyUnavailableError,
    key_id,
    make_key_file,
    new_key,
    read_key_file,
    replace_key_file,
)
from app.crypto.keyring import current_keyring
from app.crypto.resealing import count_sealed_rows, open_all
from app.operations.key_rotation import rotate_data_keys
from app.operations.key_sweep import counted, keys_without_owner
from app.settings import Settings

WHAT = "The key-encryption key"
keys_cli = AppGroup("keys", help="Make, prove and change encryption keys.")


@contextmanager
def shown(label: str, length: int) -> Iterator[Progress]:
    """Show a progress bar on standard error."""
    with progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@keys_cli.command("new")
@click.option("--next", "is_next", is_flag=True, help="Make a key that takes the place of the one in use.")
def new(*, is_next: bool) -> None:
    """Make the key-encryption key, the index key, the push key and the list of who was forgotten, where there are none.

    With --next, make a next key-encryption key instead.

    The key in use until then stays in the file and readable: `keys rotate` wraps every data key under the new one, and
    `keys retire` takes the old one out.
    """
    settings = _settings()
    if is_next:
        _add_key(settings)
        return
    keys = [("key-encryption key", settings.key_file), ("index key", settings.index_key_file)]
    if settings.push is not None:
        keys.append(("push key", settings.push.key_file))
    for what, path in keys:
        try:
            make_key_file(path)
        except FileExistsError:
            click.echo(f"The {what} is at {path} already: left as it is.")
        else:
            click.echo(f"Made the {what} at {path}. Back it up apart from the databases.")
    _make_tombstones()


def _make_tombstones() -> None:
    tombstones = current_keyring().tombstones
    try:
        tombstones.make()
    except FileExistsError:
        return
    click.echo(f"Made an empty list of who was forgotten at {tombstones.path}. Copy it apart from every backup.")


def _add_key(settings: Settings) -> None:
    path = _key_file(settings)
    try:
        keys = read_key_file(path, WHAT)
    except KeyUnavailableError as error:
        raise click.ClickException(str(error)) from error
    added = new_key()
    replace_key_file(path, (added, *keys))
    click.echo(
        f"Key {key_id(added)} is now first in {path}. Back the file up, then run `flask --app wsgi keys rotate`."
    )


def _key_file(settings: Settings) -> Path:
    if settings.key_value is not None:
        raise click.ClickException("The key comes from TIDEMARK_KEY: change it there, new key first, then a comma.")
    return settings.key_file


@keys_cli.command("status")
def status() -> None:
    """Say whether the keys are the right ones, what each of them wraps, and whether a change of keys is unfinished."""
    current = current_keyring().provider.current_id()
    click.echo(f"The keys are in order. Current key: {current}")
    for name, count in sorted(count_data_keys().items()):
        click.echo(f"  {name} wraps {count:,} data keys" + ("" if name == current else ": run `keys rotate`"))
    started = unfinished_rotation()
    if started is not None:
        click.echo(f"A change of data keys began at {started:%Y-%m-%d %H:%M} UTC and is not finished.")
        click.echo("Go on with `flask --app wsgi keys rotate --data`.")


@keys_cli.command("rotate")
@click.option("--data", is_flag=True, help="Also give everybody a new data key and seal every value under it.")
def rotate(*, data: bool) -> None:
    """Wrap every data key under the current key-encryption key, while the app serves.

    It may be stopped anywhere and run again. With --data it also makes new data keys, seals every value under them and
    destroys the old ones, which takes as long as there are records.
    """
    with shown("Wrapping data keys", sum(count_data_keys().values())) as progress:
        count = wrap_anew(progress)
    click.echo(f"{count:,} data keys were wrapped anew under key {current_keyring().provider.current_id()}.")
    if not data:
        return
    done = rotate_data_keys(bar=shown)
    click.echo(f"{done.keys:,} new data keys were made and {done.values:,} values sealed anew.")
    click.echo(f"The old data keys of {done.retired:,} people, accounts and councils are gone.")
    _name_unreadable(done.unreadable)


@keys_cli.command("retire")
def retire() -> None:
    """Take older key-encryption keys out of the key file, once nothing is wrapped by them."""
    current = current_keyring().provider.current_id()
    path = _key_file(_settings())
    try:
        old = retire_checks()
    except KeyInUseError as error:
        raise click.ClickException(str(error)) from error
    keys = read_key_file(path, WHAT)
    replace_key_file(path, [key for key in keys if key_id(key) == current])
    current_keyring().read_keys_again()
    click.echo(f"Retired {', '.join(old)}." if old else "There is no older key to retire.")


@keys_cli.command("verify")
def verify() -> None:
    """Open every sealed value of every table; exit code 1 and where, if one does not open."""
    with shown("Opening", count_sealed_rows()) as progress:
        found = open_all(progress)
    click.echo(f"{found.read:,} sealed values were read; {found.unreadable.total():,} do not open.")
    _name_unreadable(found.unreadable)


@keys_cli.command("sweep")
@click.option("--older-than", "days", default=30, show_default=True, type=click.IntRange(min=1), help="Days.")
@click.option("--really", is_flag=True, help="Destroy them; without it they are only counted.")
def sweep(days: int, *, really: bool) -> None:
    """Count, or destroy, data keys whose owner is nowhere in the records.

    Not after a restore of older records: whoever was added since then has a key and no record, and needs it.
    """
    owners = keys_without_owner(older_than=timedelta(days=days))
    for kind, count in counted(owners).items():
        click.echo(f"  {count:,} of kind {kind}")
    if not really:
        click.echo(f"{len(owners):,} owners of keys are nowhere in the records. Add --really to destroy the keys.")
        return
    click.echo(f"{current_keyring().destroy_many(owners):,} data keys are destroyed.")


def _name_unreadable(unreadable: dict[str, int]) -> None:
    for place, count in sorted(unreadable.items()):
        click.echo(f"  {place}: {count:,} cannot be opened", err=True)
    if unreadable:
        raise click.exceptions.Exit(1)
