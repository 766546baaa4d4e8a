"""`flask prompts`: ask whoever's agreed time has come, and deliver what waits to be told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import click
from flask.cli import AppGroup

from app import clock
from app.accounts.queries import further_phones_since
from app.database import transaction
from app.notifications.delivery import deliver
from app.notifications.services import notify
from app.notifications.values import GIVEN_UP_AFTER, Kind
from app.prompts import asking
from app.safeguarding.queries import overdue, passed_on_since, untaken_since
from app.safeguarding.services import pass_on
from app.young_people.queries import mentors_of

prompts_cli = AppGroup("prompts", help="Ask young people how they are, at the times agreed with them.")


@prompts_cli.command("send")
def send() -> None:
    """Ask whoever's time has come, tell of calls for help and of new phones, pass on what nobody took; deliver it all.

    Run it every few minutes, on as many machines as you like: everybody is asked and told once.
    """
    expired = _expired()
    asked = _each(asking.plans_due(clock.now()), lambda one, moment: asking.ask(one, moment) is not None)
    reminded = _each(asking.put_off_until(clock.now()), asking.remind)
    _tell_mentors()
    _pass_on()
    _tell_of_phones()
    sent, failed = deliver()
    click.echo(f"Asked {asked}; reminded {reminded}; {expired} went unanswered; sent {sent}; {failed} not yet.")


def _expired() -> int:
    count = 0
    while True:
        with transaction():
            closed = asking.expire(clock.now())
        count += closed
        if closed == 0:
            return count


def _each(ids: Iterable[UUID], act: Callable[[UUID, datetime], bool]) -> int:
    count = 0
    for one in ids:
        with transaction():
            count += act(one, clock.now())
    return count


def _tell_mentors() -> None:
    """Put every call for help that nobody has taken on yet before the young person's mentors, each once."""
    for concern_id, young_person_id in untaken_since(clock.now() - GIVEN_UP_AFTER[Kind.CONCERN]):
        with transaction():
            for account_id in mentors_of(young_person_id):
                notify(account_id=account_id, kind=Kind.CONCERN, about_id=concern_id)


def _pass_on() -> None:
    """Let those who cover take what no mentor took in time, and tell them of all that was passed on, each once."""
    for concern_id in overdue(clock.now()):
        with transaction():
            pass_on(concern_id)
    for concern_id, cover in passed_on_since(clock.now() - GIVEN_UP_AFTER[Kind.CONCERN]):
        with transaction():
            for account_id in sorted(cover):
                notify(account_id=account_id, kind=Kind.CONCERN, about_id=concern_id, again=1)


def _tell_of_phones() -> None:
    """Tell young people of every further phone that was let in, each once, though somebody else may have let it in."""
    for phone_id, account_id in further_phones_since(clock.now() - GIVEN_UP_AFTER[Kind.NEW_PHONE]):
        with transaction():
            notify(account_id=account_id, kind=Kind.NEW_PHONE, about_id=phone_id)
