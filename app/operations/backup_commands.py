"""`flask backup` and `flask restore`: sealed copies of both databases, and the drill that proves them."""

import tempfile
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.crypto.key_providers import KeyUnavailableError
from app.operations.backups import BackupError, checksum, drill, make_backup, unseal_to
from app.operations.readiness import NotReadyError
from app.settings import Settings

A_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
A_FOLDER = click.Path(path_type=Path, file_okay=False)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@click.command("backup", help="Copy both databases, sealed whole, while Tidemark serves.")
@click.option("--to", "folder", type=A_FOLDER, required=True, help="Where the files go.")
@with_appcontext
def backup(folder: Path) -> None:
    """Write one file for the records and one for the keys, each with its checksum, and read both back."""
    begun = time.monotonic()
    try:
        made = make_backup(_settings(), folder)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    for path in made:
        click.echo(f"{path}  {path.stat().st_size:,} bytes  SHA-256 {checksum(path)}")
    click.echo(f"Made, and read back whole, in {time.monotonic() - begun:.1f} s.")
    click.echo("Keep the two files apart, the keys for a short time only, and neither beside the backup key.")


@click.command("restore", help="Unseal a backup into a new folder, or only try it (--check).")
@click.argument("records", type=A_FILE)
@click.argument("keys", type=A_FILE)
@click.option("--check", is_flag=True, help="Restore beside what is in use, look at everything, throw it away.")
@click.option("--to", "folder", type=A_FOLDER, help="Where to write the files; their names must not be there yet.")
@with_appcontext
def restore(records: Path, keys: Path, folder: Path | None, *, check: bool) -> None:
    """Unseal the two files of a backup."""
    if check == (folder is not None):
        raise click.UsageError("Say either --check or --to FOLDER.")
    try:
        if folder is None:
            _try_it(records, keys)
        else:
            _unseal(records, keys, folder)
    except (BackupError, NotReadyError, KeyUnavailableError) as error:
        raise click.ClickException(str(error)) from error


def _unseal(records: Path, keys: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = "db" if _settings().database_url.startswith("sqlite") else "dump"
    for sealed, name in ((records, "records"), (keys, "keys")):
        unseal_to(_settings(), sealed, folder / f"{name}.{kind}")
        click.echo(f"Wrote {folder / f'{name}.{kind}'}.")
    if kind == "dump":
        click.echo("Restore each into an empty database: pg_restore --no-owner --dbname NAME FILE")


def _try_it(records: Path, keys: Path) -> None:
    from app import create_app  # noqa: PLC0415 (which imports these commands)

    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tidemark-drill-") as folder:
        done = drill(create_app, _settings(), (records, keys), Path(folder))
    for step, seconds in done.seconds.items():
        click.echo(f"{seconds:8.2f} s  {step}")
    click.echo(f"{time.monotonic() - begun:8.2f} s  from start to end")
    click.echo("There: " + ", ".join(f"{count:,} {what}" for what, count in done.found.items()) + ".")
    for sentence in done.wrong:
        click.echo(sentence, err=True)
    if done.wrong:
        raise click.ClickException("Something of this backup cannot be read.")
    click.echo("Everything in this backup can be read. What was restored has been thrown away again.")
