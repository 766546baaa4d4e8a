"""`flask keys`: make, prove and change encryption keys."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

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
from app.crypto.key_holders import holders_of
from app.crypto.key_providers import ChangedElsewhereError, KeyUnavailableError, make_key_file
from app.crypto.keyring import current_keyring
from app.crypto.resealing import count_sealed_rows, open_all
from app.operations.key_rotation import rotate_data_keys
from app.operations.key_sweep import counted, keys_without_owner
from app.settings import Settings

keys_cli = AppGroup("keys", help="Make, prove and change encryption keys.")


@contextmanager
def shown(label: str, length: int) -> Iterator[Progress]:
    """Show a progress bar on standard error."""
    with progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@contextmanager
def said_plainly() -> Iterator[None]:
    """Say in a sentence where keys cannot be had, or are changed elsewhere."""
    try:
        yield
    except (KeyUnavailableError, ChangedElsewhereError) as error:
        raise click.ClickException(str(error)) from error


@keys_cli.command("new")
@click.option("--next", "is_next", is_flag=True, help="Make a key that takes the place of the one in use.")
def new(*, is_next: bool) -> None:
    """Make the keys (key-encryption, index, push, backup) and the list of who was forgotten, where there are none.

    With --next, make a next key-encryption key instead, where such keys are kept.

    The key in use until then stays readable: `keys rotate` wraps every data key under the new one, and `keys retire`
    lets go of the old one.
    """
    settings = _settings()
    with said_plainly():
        if is_next:
            click.echo(holders_of(settings)[0].make_next())
            click.echo("Then run `flask --app wsgi keys rotate`.")
            return
        for holder in holders_of(settings):
            click.echo(holder.make())
    keys = [("index key", settings.index_key_file), ("backup key", settings.backup_key_file)]
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


@keys_cli.command("status")
def status() -> None:
    """Say whether the keys are the right ones, what each of them wraps, and whether a change of keys is unfinished."""
    current = current_keyring().provider.current_id()
    kept = ", then ".join(one.value for one in _settings().keys_in)
    click.echo(f"The keys are in order. Current key: {current} (kept in: {kept})")
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
    """Let go of older key-encryption keys, where they are kept, once nothing is wrapped by them."""
    current = current_keyring().provider.current_id()
    with said_plainly():
        try:
            old = retire_checks()
        except KeyInUseError as error:
            raise click.ClickException(str(error)) from error
        holders_of(_settings())[0].retire(current)
    current_keyring().read_keys_again()
    click.echo(f"Retired {', '.join(old)}." if old else "There is no older key to retire.")
    if len(_settings().keys_in) > 1:
        click.echo("No other place of TIDEMARK_KEYS_IN than the first is needed any more: take them out of it.")


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
