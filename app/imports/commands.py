"""`flask import`: people, check-ins, attendance and weeks of school from CSV and XLSX files."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar, cast

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts.models import Council
from app.accounts.queries import council_by_slug, councils
from app.checkins.measures import all_measures
from app.database import transaction
from app.imports.attendance import AttendanceImport
from app.imports.check_ins import CheckInImport
from app.imports.people import PeopleImport
from app.imports.reading import open_table
from app.imports.run import BadRows, Plan, read_all, save_bad_rows, unknown_columns
from app.imports.school_attendance import SchoolAttendanceImport
from app.imports.values import UnreadableFileError
from app.settings import Settings

import_cli = AppGroup("import", help="Read people, check-ins, attendance or weeks of school from CSV or XLSX.")
MOST_SHOWN = 50
T = TypeVar("T")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
WHOSE = "Whose: needed where there are several councils and TIDEMARK_COUNCIL names none."
COUNCIL = click.option("--council", "slug", metavar="SLUG", help=WHOSE)
SKIP_BAD = click.option("--skip-bad", is_flag=True, help="Write the good rows, and save the bad ones to a file.")


class RefusedFileError(click.ClickException):
    """A file that is not written, for the reason given; exit code 2."""

    exit_code = 2


@import_cli.command("people")
@FILE
@COUNCIL
@SKIP_BAD
def people(file: Path, slug: str | None, *, skip_bad: bool) -> None:
    """Add young people, and change those whose reference is known."""
    import_file(file, PeopleImport(find_council(slug).id), skip_bad=skip_bad)


@import_cli.command("check-ins")
@FILE
@COUNCIL
@SKIP_BAD
@click.option("--measure", default="scale", show_default=True, type=click.Choice(sorted(all_measures())))
def check_ins(file: Path, slug: str | None, measure: str, *, skip_bad: bool) -> None:
    """Add check-ins of young people who are known; columns person, at, score."""
    import_file(file, CheckInImport(find_council(slug).id, measure), skip_bad=skip_bad)


@import_cli.command("attendance")
@FILE
@COUNCIL
@SKIP_BAD
def attendance(file: Path, slug: str | None, *, skip_bad: bool) -> None:
    """Add who came to which session; columns person, intervention, at. New offers and sessions are made."""
    import_file(file, AttendanceImport(find_council(slug).id), skip_bad=skip_bad)


@import_cli.command("school-attendance")
@FILE
@COUNCIL
@SKIP_BAD
def school_attendance(file: Path, slug: str | None, *, skip_bad: bool) -> None:
    """Add weeks of school; columns person, week, possible, attended, full_time."""
    import_file(file, SchoolAttendanceImport(find_council(slug).id), skip_bad=skip_bad)


def find_council(slug: str | None) -> Council:
    """Return the council that is named here or in the settings, or the only one."""
    slug = slug or cast("Settings", current_app.extensions["settings"]).council
    known = councils()
    if slug is not None:
        found = council_by_slug(slug)
        if found is None:
            raise RefusedFileError(f"There is no council at {slug}.")
        return found
    if not known:
        raise RefusedFileError("There is no council yet: make one with `flask --app wsgi accounts new-council`.")
    if len(known) > 1:
        slugs = ", ".join(council.slug for council in known)
        raise RefusedFileError(f"There is more than one council: say whose with --council ({slugs}).")
    return known[0]


def import_file(path: Path, plan: Plan, *, skip_bad: bool) -> None:
    """Read all of a file, then write all of it, or with `skip_bad` all that is good; raises RefusedFileError."""
    try:
        with click.progressbar(length=path.stat().st_size, label="Reading", file=sys.stderr) as bar:
            table = open_table(path, bar.update)
            unknown = unknown_columns(table, plan)
            count, bad = read_all(table, plan)
    except UnreadableFileError as error:
        raise RefusedFileError(f"{path.name}: {error}") from error
    if unknown:
        click.echo(f"Not read, because nothing here uses them: {', '.join(unknown)}.", err=True)
    show_problems(bad)
    rows_read = "1 row" if count == 1 else f"{count:,} rows"
    if bad.rows and not skip_bad:
        raise RefusedFileError(
            f"Nothing was written: {len(bad.rows):,} of {rows_read} cannot be used. Correct them, "
            "or use --skip-bad to write the others."
        )
    if bad.rows:
        beside = path.with_name(f"{path.stem}-bad-rows.csv")
        try:
            save_bad_rows(beside, table.header, bad)
        except OSError as error:
            raise RefusedFileError(f"{beside.name} cannot be saved ({error.strerror}): nothing was written.") from error
        click.echo(
            f"Saved the bad rows ({len(bad.rows):,}) to {beside.name}; it holds personal details: delete it afterwards."
        )
    with transaction():
        sentence = plan.write(show_progress)
    click.echo(f"Read {rows_read}. {sentence}")


def show_problems(bad: BadRows) -> None:
    """Print what is wrong, line by line, as far as anybody would read."""
    problems = [problem for of_row in bad.problems for problem in of_row]
    for problem in problems[:MOST_SHOWN]:
        where = f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")
        click.echo(f"{where}: {problem.reason}", err=True)
    if len(problems) > MOST_SHOWN:
        click.echo(f"…and {len(problems) - MOST_SHOWN:,} more problems.", err=True)


def show_progress(things: Sequence[T]) -> Iterable[T]:
    """Pass things on with a progress bar beside them, where somebody watches."""
    with click.progressbar(things, label="Writing", file=sys.stderr) as bar:
        yield from bar
