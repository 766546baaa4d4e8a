"""`flask retention`: what has been kept for long enough, and letting it go."""

from collections.abc import Iterable

import click
from flask.cli import AppGroup

from app.accounts.models import Council
from app.accounts.queries import councils
from app.crypto.tombstones import TombstonesUnavailableError
from app.database import db, transaction
from app.imports.commands import find_council
from app.records import retention
from app.records.erasure import OpenConcernError, destroy_key
from app.records.models import Erasure, KeptConcern
from app.records.retention_values import OTHERWISE, RULES
from app.web.dates import whole_date

retention_cli = AppGroup("retention", help="Say for how long things are kept, and let go of what was kept long enough.")


@retention_cli.command("rules")
def rules() -> None:
    """Say for how long each kind of record is kept, from when, and why."""
    for rule in RULES:
        click.echo(f"{rule.keep.days:>5} days  {rule.words}, from {rule.since.replace('_', ' ')}: {rule.why}")
    for table, words in OTHERWISE.items():
        click.echo(f"            {table.replace('_', ' ').capitalize()}: {words}")


@retention_cli.command("run")
@click.option("--council", "slug", metavar="SLUG", help="One council only.")
@click.option("--dry-run", is_flag=True, help="Only say what would go; nothing is written.")
@click.option(
    "--people", type=click.IntRange(0), help="Also forget this many young people: as many as the dry run says."
)
def run(slug: str | None, *, dry_run: bool, people: int | None) -> None:
    """Let go of what was kept for long enough; young people only where --people says how many are due."""
    chosen = [find_council(slug)] if slug else councils()
    due = {council.id: retention.people_due(council.id) for council in chosen}
    number = sum(map(len, due.values()))
    if people is not None and people != number:
        raise click.ClickException(f"Young people who are due: {number}, not {people}. Nothing was written.")
    for council in chosen:
        click.echo(f"{council.name}")
        _say_people(due[council.id])
        erasures, concerns = retention.kept_due(council.id)
        click.echo(f"  {len(erasures):>7,}  Erasures, with all that was kept of somebody")
        click.echo(f"  {len(concerns):>7,}  Calls for help, kept of somebody of whom more is kept")
        if dry_run:
            _say_rules(council)
            continue
        _let_go(council)
        _end(erasures, concerns)
        if people:
            _forget(due[council.id])
    if dry_run:
        click.echo("Nothing was written.")


def _say_people(due: Iterable[retention.DuePerson]) -> None:
    due = list(due)
    click.echo(f"  {len(due):>7,}  Young people whose time is over")
    for one in due:
        click.echo(f"           {one.reference}, since {whole_date(one.since)}")


def _say_rules(council: Council) -> None:
    for due in retention.due_by_rules(council.id):
        hanging = f", and {due.hanging:,} that hang on them" if due.hanging else ""
        click.echo(f"  {due.rows:>7,}  {due.rule.words}{hanging}")


def _let_go(council: Council) -> None:
    council_id = council.id
    for rule in RULES:
        with transaction():
            count = retention.let_go(rule, council_id)
        click.echo(f"  {count:>7,}  {rule.words}: gone")


def _end(erasures: Iterable[Erasure], concerns: Iterable[KeptConcern]) -> None:
    for concern_id in [one.id for one in concerns]:
        with transaction():
            retention.end_concern(db.session.get_one(KeptConcern, concern_id))
    for erasure_id in [one.id for one in erasures]:
        try:
            with transaction():
                retention.end_erasure(db.session.get_one(Erasure, erasure_id))
        except TombstonesUnavailableError as error:
            raise click.ClickException(str(error)) from error
        retention.destroy_kept_key(erasure_id)


def _forget(due: Iterable[retention.DuePerson]) -> None:
    for one in due:
        try:
            with transaction():
                retention.forget_due(one.id)
        except OpenConcernError:
            click.echo(f"           {one.reference} waits: a call for help of theirs is not answered yet")
            continue
        except TombstonesUnavailableError as error:
            raise click.ClickException(str(error)) from error
        destroy_key(one.id)
        click.echo(f"           {one.reference} is forgotten")
