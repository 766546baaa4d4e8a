"""HTTP for one call for help: its course, and writing down what was decided."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.database import transaction
from app.safeguarding import decision_services as services
from app.safeguarding.decision_forms import ConcernDecisionForm
from app.safeguarding.decision_presenters import CoursePage, course_page
from app.safeguarding.decision_queries import course_for
from app.web.pages import go_to, page

concerns = Blueprint("concerns", __name__)


def _course(concern_id: UUID, action: str) -> CoursePage:
    """Return one call for help as it stands; the look is noted first, and so is a part of it."""
    with transaction():
        services.record_read(viewer=viewer(), concerns=[course_for(viewer(), concern_id).concern], action=action)
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
    return page("safeguarding/concern.html", status=status, form=form, course=_course(concern_id, "concern:seen"))
