"""HTTP for council staff: what young people ask about their data, and forgetting somebody."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.database import transaction
from app.records import erasure, presenters, queries, services
from app.records.forms import ForgetForm, SayNoForm
from app.records.values import Basis
from app.web.pages import go_to, page
from app.young_people.queries import in_directory

records = Blueprint("records", __name__)


@records.get("/data-requests")
@requires(Permission.PERSON_FORGET)
def requests() -> ResponseReturnValue:
    """List what young people asked about their data, and who was forgotten."""
    erasures = queries.erasures_of_council(viewer())
    names = names_of(viewer(), [one.decided_by for one in erasures if one.decided_by])
    return page(
        "records/requests.html",
        waiting=presenters.request_lines(queries.open_requests(viewer())),
        forgotten=presenters.erasure_lines(erasures, names),
    )


@records.route("/young-people/<uuid:young_person_id>/forget", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET)
def forget(young_person_id: UUID) -> ResponseReturnValue:
    """Say what would go and what would stay; forget a young person once their reference is typed."""
    person = in_directory(viewer(), young_person_id)
    asked = queries.open_request_of(person)
    shown = presenters.forget_page(person, erasure.what_goes(person), asked)
    form = ForgetForm(shown.reference, basis=Basis.ASKED.value if asked else None)
    problem = None
    if form.validate_on_submit():
        try:
            with transaction():
                person = in_directory(viewer(), young_person_id)
                order = services.order_for(queries.open_request_of(person), form.chosen, form.reason.data or "")
                erasure.forget_young_person(person=person, order=order, actor=viewer())
        except erasure.OpenConcernError as error:
            problem = str(error)
        else:
            erasure.destroy_key(young_person_id)
            flash("They are forgotten: their words cannot be read any more, in backups neither.")
            return go_to("records.requests")
    status = 422 if request.method == "POST" else 200
    return page("records/forget.html", status=status, person=shown, form=form, problem=problem)


@records.route("/data-requests/<uuid:request_id>/no", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET)
def say_no(request_id: UUID) -> ResponseReturnValue:
    """Tell a young person why they are not forgotten."""
    form = SayNoForm()
    is_good = form.validate_on_submit()
    with transaction():
        found, person = queries.request_for(viewer(), request_id)
        if is_good:
            services.say_no(viewer=viewer(), request=found, reply=form.reply.data or "")
        (line,) = presenters.request_lines([(found, person)])
    if is_good:
        flash("Saved. They read it under “My data”.")
        return go_to("records.requests")
    return page("records/say_no.html", status=422 if request.method == "POST" else 200, line=line, form=form)


@records.route("/data-requests/forgotten/<uuid:erasure_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET)
def kept(erasure_id: UUID) -> ResponseReturnValue:
    """Say what is kept of somebody who was forgotten; a button opens it, which is written down."""
    is_open = request.method == "POST"
    with transaction():
        found = queries.erasure_for(viewer(), erasure_id)
        if is_open:
            services.note_kept_seen(viewer=viewer(), erasure=found)
        names = names_of(viewer(), [found.decided_by] if found.decided_by else [])
        (line,) = presenters.erasure_lines([found], names)
        shown = presenters.kept_lines(queries.kept_concerns_of(found)) if is_open else []
        reason = found.reason if is_open else ""
    return page("records/kept.html", line=line, shown=shown, is_open=is_open, reason=reason)
