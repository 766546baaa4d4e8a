"""HTTP for help now: numbers to call for everybody, and asking one's mentor to get in touch."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, g, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission, Viewer
from app.database import transaction
from app.safeguarding import presenters, queries, services
from app.safeguarding.decision_queries import told_to
from app.web.languages import _
from app.web.pages import go_to, page
from app.web.typed import TooLongError, sent_id, with_plain_line_ends
from app.young_people.queries import own_access, team_of
from app.young_people.sharing import first_names, in_words

safeguarding = Blueprint("safeguarding", __name__)
CALLS_SHOWN = 3
JUST_NOW = timedelta(seconds=30)


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
    rules = queries.rules_of(who.council_id)
    cover = rules.cover if rules else frozenset()
    told = told_to(access, concerns)
    answered = {one.acknowledged_by for one in concerns if one.acknowledged_by} | {one.decided_by for one in told}
    names = names_of(who, answered | cover)
    ask = presenters.ask_form(
        team_of(who, access), concerns, names, rules=rules, decisions=told, typed=typed, problem=problem
    )
    return page("safeguarding/help_now.html", status=status, ask=ask)


@safeguarding.get("/help-now/words")
@requires(Permission.HELP_ASK)
def words() -> ResponseReturnValue:
    """Say what is looked for in words, before anybody writes any, and what happens where it is found."""
    rules, team = queries.rules_of(viewer().council_id), team_of(viewer(), own_access(viewer()))
    names = names_of(viewer(), rules.cover if rules else ())
    ask = presenters.ask_form(team, [], names, rules=rules)
    return page("safeguarding/words.html", ask=ask)


def tell_if_found(entry_id: UUID) -> bool:
    """Tell a young person on top of the page that comes next that words in what they just saved were found.

    Say whether any were: then that page is to be shown from its top.
    """
    access = own_access(viewer())
    concern = queries.just_raised_by(access, entry_id, clock.now() - JUST_NOW)
    if concern is None:
        return False
    rules = queries.rules_of(access.council_id)
    cover = names_of(viewer(), rules.cover if rules else ())
    mentors = presenters.ask_form(team_of(viewer(), access), [], cover).mentors
    flash(presenters.told_words(concern, mentors, in_words(list(first_names(cover.values()).values()))))
    return True


@safeguarding.app_template_global()
def looks_for_words() -> bool:
    """Say whether something looks for words in what the viewer writes: then it is said beside every box."""
    return queries.looks_for_words(g.get("viewer"))


@safeguarding.post("/help-now/ask")
@requires(Permission.HELP_ASK)
def ask_for_help() -> ResponseReturnValue:
    """Ask the young person's mentors to get in touch; the same id twice is one call."""
    words, concern_id = with_plain_line_ends(request.form.get("words")), sent_id(request.form.get("id"))
    try:
        with transaction():
            services.raise_concern(
                viewer=viewer(),
                access=own_access(viewer()),
                words=words,
                concern_id=concern_id,
                not_safe="not_safe" in request.form,
            )
    except TooLongError as error:
        return _help(typed=words, problem=str(error))
    flash(_("Sent. If you are not safe now, call one of the numbers."))
    return go_to("safeguarding.help_now")
