"""`flask demo`: makes the made-up councils, and says who is in them and what is true of them."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from itertools import groupby
from typing import ParamSpec, TypeVar, cast

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.crypto.key_providers import KeyUnavailableError
from app.crypto.keyring import current_keyring
from app.database import transaction
from app.demo import services
from app.demo.outcomes import CARERS, GOALS, SCHOOL, TREATED
from app.demo.presenters import sign_in_links
from app.demo.queries import cast_accounts, true_effects, true_outcomes
from app.demo.tokens import NoSecretKeyError
from app.demo.values import TrueOutcome
from app.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
PEOPLE = 240
SEED = 2
USUAL_PORT = "5000"
OUTCOMES = {
    GOALS: "Rating of goals, points",
    SCHOOL: "School attendance, percentage points",
    CARERS: "Wellbeing of parent carers, points",
    TREATED: "Treated as they had asked, of 100 answers",
}

demo_cli = AppGroup("demo", help="A made-up council, for trying and for testing.")


def only_in_demo_mode(command: Callable[P, R]) -> Callable[P, R]:
    """Refuse a command where demo mode is off, and say what to do where the databases or keys are not ready."""

    @wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        settings = cast("Settings", current_app.extensions["settings"])
        if not settings.demo:
            raise click.ClickException("Demo mode is off: set TIDEMARK_DEMO=1, on a copy that holds no real records.")
        try:
            return command(*args, **kwargs)
        except (KeyUnavailableError, NoSecretKeyError) as error:
            raise click.ClickException(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                "The databases are not ready: run `flask --app wsgi db upgrade` first."
            ) from error

    return checked


@demo_cli.command("seed")
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(2, 900), help="Young people to make.")
@only_in_demo_mode
def seed(people: int) -> None:
    """Make both councils and nine months of records that end today; a second time changes nothing."""
    began = time.monotonic()
    current_keyring().check()
    try:
        with transaction():
            made = services.seed(people=people, seed=SEED)
    except services.AlreadySeededError as error:
        click.echo(str(error))
        return
    click.echo(
        f"Made Derwent Council and Trent Council: {made.young_people} young people, {made.adults} adults, "
        f"{made.check_ins:,} check-ins, {made.sessions} sessions with {made.attendances:,} register lines, "
        f"{made.posts} posts, {made.goals} goals, {made.school_weeks:,} weeks of school, {made.carer_check_ins:,} "
        f"answers of parent carers and {made.answers_after_sessions:,} after sessions, in "
        f"{time.monotonic() - began:.0f} seconds."
    )


@demo_cli.command("people")
@click.option("--json", "as_json", is_flag=True, help="Print a list for programs to read.")
@click.option("--base-url", help="Where the app is served; else http://127.0.0.1 at $PORT, or 5000.")
@only_in_demo_mode
def people(base_url: str | None, *, as_json: bool) -> None:
    """Print who there is to try Tidemark as, each with an address that signs in at one visit."""
    base = base_url or f"http://127.0.0.1:{os.environ.get('PORT') or USUAL_PORT}"
    with current_app.test_request_context():
        links = sign_in_links(cast_accounts(), base)
    if not links:
        raise click.ClickException("Nobody is here yet: run `flask --app wsgi demo seed` first.")
    if as_json:
        wanted = ("role", "name", "sign_in_url")
        shown = [{name: asdict(link)[name] for name in wanted} for link in links]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for link in links:
        click.echo(f"{link.name}, {link.kind[0].lower()}{link.kind[1:]}\n  {link.look_for}\n  {link.sign_in_url}\n")


@demo_cli.command("truth")
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(2, 900), help="As given to `seed`.")
@only_in_demo_mode
def truth(people: int) -> None:
    """Print what is really true of each offer, which only a made-up council can know, beside what is published."""
    click.echo(f"{'Offer':<26}{'People':>7}{'Stated':>8}{'Realised':>10}  {'Published':<24}{'Before and after':>16}")
    for effect in true_effects(people=people, seed=SEED):
        published = "no figure"
        if effect.published is not None and effect.low is not None and effect.high is not None:
            published = f"{effect.published:+.1f} ({effect.low:+.1f} to {effect.high:+.1f})"
        plain = "" if effect.before_and_after is None else f"{effect.before_and_after:+.1f}"
        line = f"{effect.offer:<26}{effect.people:>7}{effect.stated:>+8.1f}{effect.realised:>+10.2f}"
        click.echo(f"{line}  {published:<24}{plain:>16}".rstrip())
    for outcome, told in groupby(true_outcomes(people=people, seed=SEED), key=lambda one: one.outcome):
        click.echo(f"\n{OUTCOMES[outcome]:<51}{'Stated':>8}{'Realised':>10}  Published")
        for one in told:
            click.echo(_line(one))


def _line(one: TrueOutcome) -> str:
    sign = "" if one.outcome == TREATED else "+"
    published = "no figure"
    if one.published is not None and one.low is not None and one.high is not None:
        published = f"{one.published:{sign}.1f} ({one.low:{sign}.1f} to {one.high:{sign}.1f})"
    realised = "" if one.realised is None else f"{one.realised:{sign}.1f}"
    return f"  {one.offer:<49}{one.stated:>{sign}8.1f}{realised:>10}  {published}"
