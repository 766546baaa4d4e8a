"""`flask prompts`: ask whoever's agreed time has come."""

from uuid import UUID

import click
from flask.cli import AppGroup

from app import clock
from app.database import transaction
from app.prompts import asking

prompts_cli = AppGroup("prompts", help="Ask young people how they are, at the times agreed with them.")


@prompts_cli.command("send")
def send() -> None:
    """Ask whoever's agreed time has come. Run it every few minutes, on as many machines as you like."""
    expired = _expired()
    asked = sum(_ask(plan_id) for plan_id in asking.plans_due(clock.now()))
    click.echo(f"Asked {asked}; {expired} went unanswered.")


def _expired() -> int:
    count = 0
    while True:
        with transaction():
            closed = asking.expire(clock.now())
        count += closed
        if closed == 0:
            return count


def _ask(plan_id: UUID) -> bool:
    with transaction():
        return asking.ask(plan_id, clock.now()) is not None
