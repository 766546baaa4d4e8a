"""HTTP for how Tidemark looks and reads; the layout of young people's pages asks here for its classes."""

import re
from dataclasses import replace

from flask import Blueprint, Response, flash, g, make_response, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.values import Permission, Viewer
from app.database import transaction
from app.web.languages import COOKIE, ENGLISH, _, known, remember_on_phone, start_again
from app.web.pages import go_to, page
from app.young_people.looks import USUAL, Looks
from app.young_people.looks_form import LooksForm
from app.young_people.queries import looks_of, looks_shown_to
from app.young_people.services import choose_looks

looks_pages = Blueprint("looks", __name__)
BACK_TO = frozenset({"accounts.welcome", "accounts.card", "accounts.picture_code", "safeguarding.help_now"})
CODE = re.compile(r"[\w -]{1,12}", re.ASCII)


@looks_pages.app_template_global()
def looks() -> Looks:
    """Return how whoever is signed in likes the page: the usual for all but young people."""
    known = g.get("viewer")
    if known is None or known.young_person_id is None:
        return USUAL
    if "looks" not in g:
        g.looks = looks_shown_to(known)
    chosen: Looks = g.looks
    return chosen


def language_of_viewer() -> str | None:
    """Return the language of whoever is signed in: adults' pages are in English; None: as the phone says."""
    return ENGLISH if g.viewer.young_person_id is None else looks().language or None


def adopt_language(person: Viewer) -> None:
    """Keep the language that was chosen on this phone for a young person who signs in and has chosen none yet."""
    chosen = known(request.cookies.get(COOKIE))
    if person.young_person_id is not None and chosen and not looks_of(person).language:
        choose_looks(viewer=person, looks=replace(looks_of(person), language=chosen))


def use(chosen: Looks) -> None:
    """Show the rest of the request in hand as somebody has just chosen."""
    g.looks = chosen
    start_again()


@looks_pages.after_app_request
def keep_on_phone(response: Response) -> Response:
    """Let the pages before sign-in, and those kept for no signal, be in the language of whoever was here last."""
    chosen = g.get("looks", USUAL).language
    if chosen and request.cookies.get(COOKIE) != chosen and request.endpoint != "looks.choose_language":
        remember_on_phone(response, chosen)
    return response


@looks_pages.post("/language")
@open_to_everybody
def choose_language() -> ResponseReturnValue:
    """Change the language of this phone, and of whoever is signed in on it."""
    code = known(request.form.get("language")) or ENGLISH
    person = g.get("viewer")
    if person is not None and person.young_person_id is not None:
        with transaction():
            choose_looks(viewer=person, looks=replace(looks_of(person), language=code))
    response = make_response(redirect(_back_to(request.form.get("to", ""), request.form.get("code", "")), 303))
    remember_on_phone(response, code)
    return response


def _back_to(path: str, code: str) -> str:
    """Return the page before sign-in on which a language was chosen, a card's code after the # as a scan brings it."""
    try:
        endpoint, values = request_ctx.url_adapter.match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        endpoint, values = "", {}
    if endpoint not in BACK_TO:
        return url_for("accounts.welcome")
    ours = url_for(endpoint, **values)  # what was sent may name a host: //help-now matches too
    return f"{ours}#{code}" if endpoint == "accounts.card" and CODE.fullmatch(code) else ours


@looks_pages.route("/me/how-it-looks", methods=["GET", "POST"])
@requires(Permission.LOOKS_CHOOSE)
def mine() -> ResponseReturnValue:
    form = LooksForm(obj=looks_of(viewer()))
    form.offer_languages()
    if form.validate_on_submit():
        with transaction():
            choose_looks(viewer=viewer(), looks=form.looks)
        use(form.looks)
        flash(_("Saved. It looks like this now."))
        return go_to("looks.mine")
    return page("young_people/looks.html", status=422 if form.errors else 200, form=form)
