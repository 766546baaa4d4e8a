"""HTTP for help now: numbers to call for everybody, and asking one's mentor to get in touch."""

from flask import Blueprint, flash, g, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission, Viewer
from app.database import transaction
from app.safeguarding import presenters, queries, services
from app.web.pages import go_to, page
from app.web.typed import TooLongError, sent_id, with_plain_line_ends
from app.young_people.queries import own_access, team_of

safeguarding = Blueprint("safeguarding", __name__)
CALLS_SHOWN = 3


@safeguarding.get("/help-now")
@open_to_everybody
def help_now() -> ResponseReturnValue:
    """Say who helps and when, signed in or not."""
    return _help()


def _help(*, typed: str = "", problem: str | None = None) -> ResponseReturnValue:
    who: Viewer | None = g.get("viewer")
    status = 422 if problem else 200
    if who is None or not who.may(Permission.HELP_ASK):
        return page("safeguarding/help_now.html", status=status, ask=None)
    access = own_access(who)
    concerns = queries.concerns_of(access)[:CALLS_SHOWN]
    names = names_of(who, [one.acknowledged_by for one in concerns if one.acknowledged_by])
    ask = presenters.ask_form(team_of(who, access), concerns, names, typed=typed, problem=problem)
    return page("safeguarding/help_now.html", status=status, ask=ask)


@safeguarding.post("/help-now/ask")
@requires(Permission.HELP_ASK)
def ask_for_help() -> ResponseReturnValue:
    """Ask the young person's mentors to get in touch; the same id twice is one call."""
    words, concern_id = with_plain_line_ends(request.form.get("words")), sent_id(request.form.get("id"))
    try:
        with transaction():
            services.raise_concern(viewer=viewer(), access=own_access(viewer()), words=words, concern_id=concern_id)
    except TooLongError as error:
        return _help(typed=words, problem=str(error))
    flash("Sent. If you are not safe now, call one of the numbers.")
    return go_to("safeguarding.help_now")
