"""HTTP for how Tidemark looks and reads; the layout of young people's pages asks here for its classes."""

from flask import Blueprint, flash, g
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.database import transaction
from app.web.pages import go_to, page
from app.young_people.looks import USUAL, Looks
from app.young_people.looks_form import LooksForm
from app.young_people.queries import looks_of
from app.young_people.services import choose_looks

looks_pages = Blueprint("looks", __name__)


@looks_pages.app_template_global()
def looks() -> Looks:
    """Return how whoever is signed in likes the page: the usual for all but young people."""
    known = g.get("viewer")
    if known is None or known.young_person_id is None:
        return USUAL
    if "looks" not in g:
        g.looks = looks_of(known)
    chosen: Looks = g.looks
    return chosen


@looks_pages.route("/me/how-it-looks", methods=["GET", "POST"])
@requires(Permission.LOOKS_CHOOSE)
def mine() -> ResponseReturnValue:
    form = LooksForm(obj=looks_of(viewer()))
    if form.validate_on_submit():
        with transaction():
            choose_looks(viewer=viewer(), looks=form.looks)
        flash("Saved. It looks like this now.")
        return go_to("looks.mine")
    return page("young_people/looks.html", status=422 if form.errors else 200, form=form)
