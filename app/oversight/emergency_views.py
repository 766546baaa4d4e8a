"""HTTP for emergency access: opening a record, ending that, and the auditor's review."""

from uuid import UUID

from flask import Blueprint, current_app, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import adults_among
from app.accounts.services import TooManyTriesError
from app.accounts.values import Permission
from app.database import transaction
from app.oversight import emergency_presenters as presenters
from app.oversight import emergency_services as services
from app.oversight.emergency_forms import EmergencyForm, ReviewForm
from app.web.errors import show_error
from app.web.pages import go_to, page
from app.young_people import emergency_queries as queries
from app.young_people.queries import in_directory, young_person_for
from app.young_people.services import record_identity_seen

emergency = Blueprint("emergency", __name__)


@emergency.route("/emergency-access", methods=["GET", "POST"])
@requires(Permission.EMERGENCY_OPEN, freshly=True)
def ask() -> ResponseReturnValue:
    """Show what the viewer has open, and open a record once its reference and a reason are typed."""
    form = EmergencyForm(data={"reference": _known_reference()})
    if form.validate_on_submit():
        try:
            return _open(form)
        except TooManyTriesError:
            return show_error(429)
        except services.UnknownReferenceError as error:
            form.reference.errors = [str(error)]
        except services.AlreadyOpenError as error:
            form.reference.errors = [str(error)]
    found = queries.own_open_accesses(viewer())
    names = {one.young_person_id: young_person_for(viewer(), one.young_person_id).name for one in found}
    return page(
        "oversight/emergency.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        opened=presenters.open_lines(found, names),
        minutes=_minutes(),
    )


def _minutes() -> int:
    minutes: int = current_app.extensions["settings"].emergency_minutes
    return minutes


def _known_reference() -> str:
    """Return the reference of whom the address names by number, for those who keep the council's records."""
    person_id = request.args.get("person", type=UUID)
    if person_id is None or not viewer().may(Permission.DIRECTORY_READ):
        return ""
    with transaction():
        person = in_directory(viewer(), person_id)
        record_identity_seen(viewer=viewer(), person=person)
        return person.reference


def _open(form: EmergencyForm) -> ResponseReturnValue:
    unknown = None
    with transaction():
        try:
            person = services.person_in_danger(viewer=viewer(), reference=form.reference.data or "")
        except services.UnknownReferenceError as error:
            unknown = error
        else:
            opened = services.open_in_emergency(
                viewer=viewer(), person=person, reason=form.reason.data or "", minutes=_minutes()
            )
            young_person_id = opened.young_person_id
    if unknown is not None:
        raise unknown
    return go_to("timeline.timeline", young_person_id=young_person_id)


@emergency.post("/young-people/<uuid:young_person_id>/emergency-access/end")
@requires(Permission.EMERGENCY_OPEN)
def end(young_person_id: UUID) -> ResponseReturnValue:
    """End the viewer's own access to a young person, from the next request on."""
    with transaction():
        services.end_early(viewer=viewer(), young_person_id=young_person_id)
    flash("Ended. The record is closed to you again.")
    if viewer().may(Permission.DIRECTORY_READ):
        return go_to("directory.record", young_person_id=young_person_id)
    return go_to("accounts.welcome")


@emergency.get("/audit/emergency-access")
@requires(Permission.AUDIT_READ)
def reviews() -> ResponseReturnValue:
    """List every emergency access of the council for its auditor, those to review first."""
    found = queries.accesses_of_council(viewer())
    adults = adults_among(viewer(), [one.account_id for one in found])
    return page("oversight/emergency_reviews.html", lines=presenters.review_lines(found, adults))


@emergency.route("/audit/emergency-access/<uuid:access_id>", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ)
def review(access_id: UUID) -> ResponseReturnValue:
    """Show why a record was opened, which is written down, and keep what the auditor finds of it."""
    form = ReviewForm()
    is_good = form.validate_on_submit()
    with transaction():
        if is_good:
            services.review(viewer=viewer(), access_id=access_id, verdict=form.chosen, words=form.words.data or "")
        else:
            found = queries.access_to_review(viewer(), access_id)
            services.note_reason_seen(viewer=viewer(), access=found)
            adults = adults_among(viewer(), [found.account_id])
            line = presenters.review_line(found, adults, is_whole=True)
    if is_good:
        flash("Saved the review.")
        return go_to("emergency.reviews")
    status = 422 if request.method == "POST" else 200
    return page("oversight/emergency_review.html", status=status, line=line, form=form)
