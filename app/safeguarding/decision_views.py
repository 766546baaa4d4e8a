"""HTTP for one call for help: its course, and writing down what was decided."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of, names_of, own_account
from app.accounts.values import Permission
from app.database import transaction
from app.safeguarding import decision_services as services
from app.safeguarding.decision_forms import ConcernDecisionForm
from app.safeguarding.decision_presenters import CoursePage, course_page
from app.safeguarding.decision_queries import course_for
from app.safeguarding.meeting_files import as_file, as_json, as_pdf
from app.web import printing
from app.web.errors import show_error
from app.web.pages import go_to, page

concerns = Blueprint("concerns", __name__)


def _course(concern_id: UUID, *, taken_away: bool = False) -> CoursePage:
    """Return one call for help as it stands; the look is noted first, and so is a part of it."""
    with transaction():
        services.record_read(viewer=viewer(), concern=course_for(viewer(), concern_id).concern, taken_away=taken_away)
    course = course_for(viewer(), concern_id)
    return course_page(course, names_of(viewer(), course.accounts))


@concerns.route("/calls-for-help/<uuid:concern_id>", methods=["GET", "POST"])
@requires(Permission.CONCERN_DECIDE)
def one(concern_id: UUID) -> ResponseReturnValue:
    """Show a call for help with all that became of it, and add what was decided."""
    form = ConcernDecisionForm()
    if form.validate_on_submit():
        decided, decision_id = form.decided, form.id_sent
        with transaction():
            services.decide(viewer=viewer(), concern_id=concern_id, decided=decided, decision_id=decision_id)
        flash("Written down. Nobody can change it; you can add to it below.")
        return go_to("concerns.one", concern_id=concern_id)
    status = 422 if request.method == "POST" else 200
    can_print = not printing.why_not()
    return page("safeguarding/concern.html", status=status, form=form, course=_course(concern_id), can_print=can_print)


@concerns.get("/calls-for-help/<uuid:concern_id>/meeting.pdf")
@requires(Permission.CONCERN_DECIDE, freshly=True)
def meeting_pdf(concern_id: UUID) -> ResponseReturnValue:
    """Give a call for help with its course as a PDF for a strategy meeting."""
    course = _course(concern_id, taken_away=True)
    made = as_pdf(course, council=council_of(viewer()).name, taken_by=own_account(viewer()).name)
    return as_file(made, "application/pdf", "pdf")


@concerns.get("/calls-for-help/<uuid:concern_id>/meeting.json")
@requires(Permission.CONCERN_DECIDE, freshly=True)
def meeting_json(concern_id: UUID) -> ResponseReturnValue:
    """Give a call for help with its course as JSON, for a council's own case system."""
    course = _course(concern_id, taken_away=True)
    made = as_json(course, council=council_of(viewer()).name, taken_by=own_account(viewer()).name)
    return as_file(made, "application/json", "json")


@concerns.errorhandler(printing.CannotPrintError)
def cannot_print(error: printing.CannotPrintError) -> ResponseReturnValue:
    """Say why there is no PDF."""
    return show_error(503, str(error))
