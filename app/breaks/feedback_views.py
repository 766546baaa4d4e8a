"""HTTP for after a session: one tap for how it was, one for whether they were treated as they asked."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.breaks import feedback_presenters as presenters
from app.breaks.feedback import UnknownAnswerError, said_from
from app.breaks.feedback_forms import FeedbackForm
from app.breaks.feedback_queries import feedback_visible_to, session_attended
from app.breaks.feedback_services import say_how_it_was
from app.database import transaction
from app.web.languages import _
from app.web.pages import go_to, is_fragment_request, page
from app.young_people.queries import own_access, own_record, team_of
from app.young_people.sharing import audience_choices

feedback = Blueprint("feedback", __name__)


@feedback.post("/my-breaks/<uuid:session_id>/say")
@requires(Permission.SESSION_RATE)
def say(session_id: UUID) -> ResponseReturnValue:
    """Save one tap; with no answer, remember that they were asked and passed it by."""
    card = _card(session_id)
    try:
        said = said_from(request.form.get("how_was_it"), request.form.get("treated"))
    except UnknownAnswerError as error:
        return page("breaks/after.html", block="panel", status=422, card=card, problem=str(error), step="how")
    with transaction():
        say_how_it_was(viewer=viewer(), access=own_access(viewer()), session_id=session_id, said=said)
    if is_fragment_request():
        step = "treated" if said.how_was_it is not None else "done"
        return page("breaks/after.html", block="panel", card=_card(session_id), problem="", step=step)
    flash(_("Saved.") if said.how_was_it or said.treated else _("That’s fine. You can say it later under Breaks."))
    if said.how_was_it is not None and said.treated is None:
        return go_to("feedback.one", session_id=session_id, _anchor="treated")
    return go_to("dashboards.home")


def _card(session_id: UUID) -> presenters.AfterCard:
    access = own_access(viewer())
    session = session_attended(access, session_id)
    said = feedback_visible_to(access, [session_id]).get(session_id)
    return presenters.after_card(session, said, team_of(viewer(), access))


@feedback.route("/my-breaks/<uuid:session_id>", methods=["GET", "POST"])
@requires(Permission.SESSION_RATE)
def one(session_id: UUID) -> ResponseReturnValue:
    """Say both things about a session, or change them, and who sees it."""
    access, card, problem = own_access(viewer()), _card(session_id), ""
    found = feedback_visible_to(access, [session_id]).get(session_id)
    audience = found.audience if found else own_record(viewer()).default_audience
    choices = audience_choices(team_of(viewer(), access))
    form = FeedbackForm(how_was_it=str(card.face or ""), treated=card.treated.lower(), audience=audience.value)
    form.offer(choices)
    if form.validate_on_submit():
        try:
            with transaction():
                say_how_it_was(viewer=viewer(), access=own_access(viewer()), session_id=session_id, said=form.said())
        except UnknownAnswerError as error:
            problem = str(error)
        else:
            flash(_("Saved."))
            return go_to("dashboards.my_breaks")
    status = 422 if request.method == "POST" else 200
    return page("breaks/feedback.html", status=status, card=card, form=form, audiences=choices, problem=problem)
