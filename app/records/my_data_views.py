"""HTTP for a young person's own data: asking to be forgotten, and looking what became of it."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts import throttle
from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.throttle import Bucket
from app.accounts.values import Permission
from app.database import transaction
from app.records import presenters, queries, services
from app.web.errors import show_error
from app.web.languages import _
from app.web.pages import go_to, page
from app.web.refusals import only_asks
from app.web.typed import TooLongError, with_plain_line_ends

my_data = Blueprint("my_data", __name__)
EVERYWHERE = UUID(int=0)
GUESSES = 20


@my_data.get("/me/my-data")
@requires(Permission.OWN_DATA)
def mine() -> ResponseReturnValue:
    """Show a young person what they can ask about their data, and what became of it."""
    return _mine()


def _mine(*, typed: str = "", problem: str | None = None) -> ResponseReturnValue:
    lines = presenters.own_request_lines(queries.own_requests(viewer()))
    waiting = next((one for one in lines if one.is_open), None)
    return page(
        "records/my_data.html",
        status=422 if problem else 200,
        waiting=waiting,
        before=[one for one in lines if not one.is_open],
        typed=typed,
        problem=problem,
    )


@my_data.post("/me/my-data/forget-me")
@requires(Permission.OWN_DATA)
def forget_me() -> ResponseReturnValue:
    """Ask the council to forget the young person who is signed in."""
    words = with_plain_line_ends(request.form.get("words"))
    try:
        with transaction():
            services.ask_to_be_forgotten(viewer=viewer(), words=words)
    except TooLongError as error:
        return _mine(typed=words, problem=str(error))
    flash(_("We have your question."))
    return go_to("my_data.mine", _anchor="forget")


@my_data.post("/me/my-data/take-back")
@requires(Permission.OWN_DATA)
def take_back() -> ResponseReturnValue:
    """Take back what was asked and is not answered yet."""
    with transaction():
        services.take_request_back(viewer=viewer())
    flash(_("You took it back. All stays as it is."))
    return go_to("my_data.mine", _anchor="forget")


@my_data.route("/is-it-done", methods=["GET", "POST"])
@open_to_everybody
def is_it_done() -> ResponseReturnValue:
    """Say what became of a request to whoever holds its receipt; the receipt comes in a form, so no log holds it."""
    if only_asks():
        return page("records/is_it_done.html", found=None, typed="", problem=None)
    bucket = Bucket(EVERYWHERE, "receipt-address", request.remote_addr or "", GUESSES)
    typed = request.form.get("receipt", "")[:40]
    with transaction():
        found = queries.what_became_of(services.hash_receipt(typed))
        stopped = found is None and throttle.is_stopped([bucket])
        if found is None and not stopped:
            throttle.count_failure([bucket])
        shown = presenters.became(found) if found is not None else None
    if stopped:
        return show_error(429)
    problem = None if shown else _("We don’t know this code. Check each letter and number.")
    return page("records/is_it_done.html", status=200 if shown else 422, found=shown, typed=typed, problem=problem)
