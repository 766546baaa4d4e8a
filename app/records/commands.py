"""`flask records`: forgetting somebody, with a look beforehand at what would go, and a copy of what is held."""

import os
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup

from app.accounts.queries import councils
from app.crypto.tombstones import TombstonesUnavailableError
from app.database import transaction
from app.imports.commands import find_council
from app.records.copy_archive import archive
from app.records.copy_queries import copy_of
from app.records.copy_services import note_handed_out
from app.records.erasure import OpenConcernError, destroy_key, forget_young_person, what_goes
from app.records.kinds import counted
from app.records.queries import erasures_in, waiting_in
from app.records.services import order_for
from app.records.values import BASIS_WORDS, TO_CHOOSE, Basis, WhatGoes
from app.web.dates import whole_date
from app.web.typed import NothingWrittenError, TooLongError
from app.young_people.models import YoungPerson
from app.young_people.queries import by_reference

records_cli = AppGroup(
    "records", help="Forget people, say who was forgotten, and write a copy of what is held of somebody."
)


@records_cli.command("forget")
@click.argument("reference")
@click.option("--council", "slug", metavar="SLUG", help="Whose: needed where there are several councils.")
@click.option("--why", type=click.Choice([one.value for one in TO_CHOOSE]), help="Needed with --really.")
@click.option("--reason", default="", help="What was decided and by whom; it is kept. Needed with --really.")
@click.option("--really", is_flag=True, help="Do it, once the reference is typed again; without it nothing is written.")
def forget(reference: str, slug: str | None, why: str | None, reason: str, *, really: bool) -> None:
    """Say what would go if the young person with this REFERENCE were forgotten; with --really, forget them for good."""
    council_id = find_council(slug).id
    person = _find(reference, council_id)
    person_id = person.id
    _say(what_goes(person))
    if not really:
        click.echo("Nothing was written. Add --why, --reason and --really to forget them.")
        return
    if why is None:
        raise click.UsageError("Say --why.")
    typed = click.prompt("Nobody can undo this. Type the reference again")
    if typed.strip() != reference:
        raise click.ClickException("That is another reference: nothing was written.")
    try:
        with transaction():
            order = order_for(None, Basis(why), reason)
            forget_young_person(person=_find(reference, council_id), order=order, actor=None)
    except (OpenConcernError, TombstonesUnavailableError, TooLongError) as error:
        raise click.ClickException(str(error)) from error
    except NothingWrittenError as error:
        raise click.UsageError("Say with --reason what was decided and by whom.") from error
    destroy_key(person_id)
    click.echo("They are forgotten.")


def _find(reference: str, council_id: UUID) -> YoungPerson:
    person = by_reference(council_id, reference)
    if person is None:
        raise click.ClickException("There is no young person with this reference.")
    return person


def _say(what: WhatGoes) -> None:
    click.echo("What goes, records and key:")
    for words, number in counted(what.rows):
        click.echo(f"  {number:>7,}  {words}")
    click.echo("What stays:")
    click.echo(f"  that somebody was forgotten, without a name, until {whole_date(what.keep_until)}")
    if what.concerns_kept:
        click.echo(f"  {what.concerns_kept:,} calls for help, under a key of their own")
    if what.sessions_counted:
        click.echo(f"  a number at each of {what.sessions_counted:,} sessions, for funding")
    click.echo("  who did what and when in the audit trail, under a number that leads to nobody")


@records_cli.command("copy")
@click.argument("reference")
@click.option("--council", "slug", metavar="SLUG", help="Whose: needed where there are several councils.")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A file to make.")
@click.option(
    "--with-adults-words", is_flag=True, help="Also what adults wrote, for somebody to read before it goes on."
)
def make_copy(reference: str, slug: str | None, path: Path, *, with_adults_words: bool) -> None:
    """Write all that is held of the young person with this REFERENCE into a ZIP file that only you may read.

    For somebody who cannot get it on their own phone. Delete the file once it was handed on.
    """
    person = _find(reference, find_council(slug).id)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} is there already: nothing was written.") from error
    with os.fdopen(handle, "wb") as file:
        for part in archive(copy_of(person, with_adults_words=with_adults_words)):
            file.write(part)
    with transaction():
        note_handed_out(council_id=person.council_id, young_person_id=person.id, actor=None)
    click.echo(f"Written to {path}. It is not encrypted: hand it on safely, then delete it.")


@records_cli.command("forgotten")
def forgotten() -> None:
    """Say how many young people wait for an answer, and who was forgotten: dates and reasons, no names."""
    for council in councils():
        waiting = waiting_in(council.id)
        click.echo(
            f"{council.name}: {len(waiting):,} wait for an answer"
            + (f", the first since {waiting[0]:%Y-%m-%d}" if waiting else "")
        )
        for one in erasures_in(council.id):
            click.echo(
                f"  {one.at:%Y-%m-%d} {BASIS_WORDS[one.basis]}: {one.rows:,} entries went, "
                f"{one.concerns:,} calls for help kept until {one.keep_until:%Y-%m-%d}"
            )
