"""`flask impact`: the engine on anyone's spreadsheets; it needs neither database nor keys."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
from click.termui import progressbar
from flask.cli import AppGroup

from app.accounts.queries import councils
from app.database import transaction
from app.impact import services
from app.impact.analysis import Wanted, analyse
from app.impact.documents import as_document_of, write_document
from app.impact.estimation import MINIMUM_GROUP
from app.impact.refreshes import RefreshSummary
from app.impact.spreadsheets import PanelRead, Sources, SpreadsheetsAreWrong, read_panel
from app.impact.values import (
    CARER_WELLBEING,
    GOAL_RATING,
    SCHOOL_ATTENDANCE,
    TREATED_AS_ASKED,
    WELLBEING,
    Outcome,
)

WRONG_INPUT = 2
LONG_INPUT = 1_000_000
EVERY_GROUP = 1
OUTCOMES = {
    "wellbeing": WELLBEING,
    "goal-rating": GOAL_RATING,
    "school-attendance": SCHOOL_ATTENDANCE,
    "carer-wellbeing": CARER_WELLBEING,
    "treated-as-asked": TREATED_AS_ASKED,
}

impact_cli = AppGroup("impact", help="What followed each intervention.")

existing_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@impact_cli.command("estimate")
@click.option("--check-ins", "check_ins", required=True, type=existing_file, help="CSV: person, at, score.")
@click.option("--attendance", required=True, type=existing_file, help="CSV: person, intervention, at.")
@click.option("--referrals", type=existing_file, help="CSV: person, intervention, referred_on.")
@click.option("--prompts", type=existing_file, help="CSV: person, at, answered (0 or 1).")
@click.option("--people", type=existing_file, help="CSV: person and the columns to compare by.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Compare by this column of --people; may be repeated.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON file to write.")
@click.option(
    "--minimum-group",
    type=click.IntRange(min=1),
    default=MINIMUM_GROUP,
    show_default=True,
    help="Withhold figures of fewer people.",
)
@click.option("--dose", is_flag=True, help="Also the change by sessions attended so far.")
@click.option("--after-course", is_flag=True, help="Also what remains once a course has ended.")
@click.option("--costs", type=existing_file, help="CSV: intervention, cost_per_session (pounds); adds value.")
@click.option("--budget", type=click.FloatRange(min=0), help="With --costs: what these pounds would reach in each.")
@click.option("--measure", metavar="COLUMN", help="The column of --check-ins that names the measure answered on.")
@click.option("--outcome", type=click.Choice(sorted(OUTCOMES)), help="What the scores are of, for the words.")
@click.option("--scale", nargs=2, type=float, metavar="LOW HIGH", help="The ends of the score's scale.")
@click.option("--lower-is-better", is_flag=True, help="A lower score is better.")
@click.option("--all-figures", is_flag=True, help="Withhold nothing: for your own analysis only.")
def estimate_command(
    *,
    check_ins: Path,
    attendance: Path,
    referrals: Path | None,
    prompts: Path | None,
    people: Path | None,
    by: tuple[str, ...],
    out: Path,
    minimum_group: int,
    dose: bool,
    after_course: bool,
    costs: Path | None,
    budget: float | None,
    measure: str | None,
    outcome: str | None,
    scale: tuple[float, float] | None,
    lower_is_better: bool,
    all_figures: bool,
) -> None:
    """Estimate the change in weekly wellbeing after each intervention and write it as JSON.

    Every row that cannot be used is reported by line, column and reason; then nothing is written, and the exit code
    is 2.
    """
    columns = tuple(dict.fromkeys(name.strip() for name in by))
    scored = _outcome(outcome, scale, lower_is_better=lower_is_better)
    sources = Sources(check_ins, attendance, referrals, prompts, people, columns, costs, measure, scored)
    _check_options(sources, out)
    if budget is not None and costs is None:
        raise click.UsageError("--budget needs --costs.")
    smallest = EVERY_GROUP if all_figures else minimum_group
    if smallest < MINIMUM_GROUP:
        click.echo(
            f"Warning: figures of fewer than {MINIMUM_GROUP} young people can tell about one person. "
            "Keep them to yourself, and publish none.",
            err=True,
        )
    read = _read(sources)
    for note in read.notes:
        click.echo(f"Note: {note}", err=True)
    wanted = Wanted(dose=dose, after_course=after_course, costs=read.costs, budget=budget)
    found = analyse(read.panel, minimum_group=smallest, wanted=wanted)
    try:
        write_document(as_document_of(found), out)
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written ({error.strerror}).") from None
    if found.estimate.model.changed_measure:
        click.echo(
            f"Note: {found.estimate.model.changed_measure} people changed measure; a term stands for it.", err=True
        )
    for effect in found.estimate.interventions:
        click.echo(effect.finding)
    for one in found.value or ():
        if one.value is not None:
            click.echo(f"{one.intervention}: {one.value.finding}")
    click.echo(f"Written to {out}.")


def _outcome(name: str | None, scale: tuple[float, float] | None, *, lower_is_better: bool) -> Outcome | None:
    """Return what the scores are of, None where nothing was said of it."""
    if name is None and scale is None and not lower_is_better:
        return None
    outcome = OUTCOMES[name] if name else WELLBEING
    if scale is not None:
        if scale[0] >= scale[1]:
            raise click.UsageError("--scale needs the lower end first.")
        outcome = replace(outcome, low=scale[0], high=scale[1], times=1.0 if scale[1] > 1 else outcome.times)
    return replace(outcome, higher_is_better=not lower_is_better)


def _check_options(sources: Sources, out: Path) -> None:
    if sources.by and sources.people is None:
        raise click.UsageError("--by needs --people.")
    if any(not column or column.casefold() == "person" for column in sources.by):
        raise click.UsageError("--by needs the name of a column other than person.")
    if not out.absolute().parent.is_dir():
        raise click.UsageError(f"The folder of {out} does not exist.")
    for path in (*sources.paths(), *([out] if out.exists() else [])):
        if not path.is_file():
            raise click.UsageError(f"{path} is not a plain file: pipes and devices can be neither read nor written.")
    if any(out.exists() and out.samefile(path) for path in sources.paths()):
        raise click.UsageError(f"{out} is one of the files to read.")


def _read(sources: Sources) -> PanelRead:
    """Read the files, with a progress bar where they are long; exit with what is wrong, if anything is."""
    length = sum(path.stat().st_size for path in sources.paths())
    try:
        if length < LONG_INPUT:
            return read_panel(sources)
        with progressbar(length=length, label="Reading", file=sys.stderr) as bar:
            return read_panel(sources, bar.update)
    except SpreadsheetsAreWrong as wrong:
        for row in wrong.rows:
            click.echo(str(row), err=True)
        problems = "1 problem" if len(wrong.rows) == 1 else f"{len(wrong.rows):,} problems"
        click.echo(f"{problems}; nothing was written.", err=True)
        raise click.exceptions.Exit(WRONG_INPUT) from None


@impact_cli.command("refresh")
@click.option("--council", "slug", metavar="SLUG", help="Only this council; without it, all of them.")
@click.option("--at-once", is_flag=True, help="Do not wait, however few young people have something new.")
def refresh_command(slug: str | None, *, at_once: bool) -> None:
    """Publish the group figures anew: a cell changes only once 10 of its young people, a tenth, have something new.

    Run it every night. In a council of 1,000 young people and more it waits until a tenth of them have something
    new, a week at most. It is safe to run again. Exit code 1 where a council is unknown or the keys are not there.
    """
    chosen = [(council.id, council.name) for council in councils() if slug in (None, council.slug)]
    if slug is not None and not chosen:
        raise click.ClickException(f"There is no council at {slug}.")
    for council_id, name in chosen:
        prepared = services.prepare(council_id=council_id, at_once=at_once)
        with transaction():
            summary = services.refresh(council_id=council_id, prepared=prepared, at_once=at_once)
        _print_summary(name, summary)


def _print_summary(name: str, summary: RefreshSummary) -> None:
    if (waits := summary.waiting) is not None:
        click.echo(
            f"{name}: {waits.with_news} young people have something new. The figures of {summary.at:%Y-%m-%d} stay "
            f"until {waits.wanted} have, or until {waits.until:%Y-%m-%d}."
        )
        return
    click.echo(
        f"{name}: read {summary.check_ins} check-ins and {summary.sessions} sessions attended "
        f"of {summary.people} young people."
    )
    for table, outcome in summary.tables.items():
        click.echo(
            f"  {table}: {outcome.anew} published anew, {outcome.kept} kept as they were, {outcome.withheld} withheld"
        )
