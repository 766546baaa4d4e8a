"""HTTP for council staff: what young people ask about their data, and forgetting somebody."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.audit import services as audit
from app.database import transaction
from app.records import erasure, presenters, queries, services
from app.records.forms import ConfirmForm, ProposeForm, SayNoForm
from app.records.values import Basis
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.young_people.queries import in_directory
from app.young_people.services import record_identity_seen

records = Blueprint("records", __name__)


@records.get("/data-requests")
@requires(Permission.PERSON_FORGET)
def requests() -> ResponseReturnValue:
    """List what young people asked about their data, and who was forgotten; whose names are shown is written down."""
    erasures = queries.erasures_of_council(viewer())
    proposals, asked = queries.proposals_of_council(viewer()), queries.open_requests(viewer())
    with transaction():
        audit.record_for_each(
            council_id=viewer().council_id,
            actor_id=viewer().account_id,
            action="directory:seen",
            young_person_ids=dict.fromkeys(person.id for _, person in [*asked, *proposals]),
        )
    deciders = [name for one in erasures for name in (one.decided_by, one.proposed_by) if name]
    names = names_of(viewer(), [*deciders, *(one.proposed_by for one, _ in proposals)])
    return page(
        "records/requests.html",
        proposals=[presenters.proposal_line(one, person, names, viewer().account_id) for one, person in proposals],
        waiting=presenters.request_lines(asked),
        forgotten=presenters.erasure_lines(erasures, names),
    )


@records.route("/young-people/<uuid:young_person_id>/forget", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET, freshly=True)
def forget(young_person_id: UUID) -> ResponseReturnValue:
    """Say what would go and what would stay, and propose it to another member of staff."""
    person = in_directory(viewer(), young_person_id)
    if queries.proposal_about(person) is not None:
        return go_to("records.confirm", young_person_id=young_person_id)
    asked = queries.open_request_of(person)
    shown = presenters.forget_page(person, erasure.what_goes(person), asked)
    form = ProposeForm(basis=Basis.ASKED.value if asked else None)
    problem = None
    if form.validate_on_submit():
        try:
            with transaction():
                person = in_directory(viewer(), young_person_id)
                services.propose_to_forget(
                    viewer=viewer(), person=person, basis=form.chosen, reason=form.reason.data or ""
                )
        except erasure.OpenConcernError as error:
            problem = str(error)
        else:
            flash("Proposed. Nothing is forgotten until somebody else confirms it.")
            return go_to("records.requests")
    _note_seen(young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("records/forget.html", status=status, person=shown, form=form, problem=problem, proposal=None)


def _note_seen(young_person_id: UUID) -> None:
    with transaction():
        record_identity_seen(viewer=viewer(), person=in_directory(viewer(), young_person_id))


@records.route("/young-people/<uuid:young_person_id>/forget/confirm", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET, freshly=True)
def confirm(young_person_id: UUID) -> ResponseReturnValue:
    """Show what a colleague proposed; forget a young person once their reference is typed by somebody else."""
    person = in_directory(viewer(), young_person_id)
    found = queries.proposal_about(person)
    if found is None:
        raise NotFoundError
    shown = presenters.forget_page(person, erasure.what_goes(person), queries.open_request_of(person))
    names = names_of(viewer(), [found.proposed_by])
    proposal = presenters.proposal_line(found, person, names, viewer().account_id)
    form, problem = ConfirmForm(shown.reference), None
    if form.validate_on_submit():
        try:
            with transaction():
                person = in_directory(viewer(), young_person_id)
                order = services.confirmed_order(viewer=viewer(), person=person)
                erasure.forget_young_person(person=person, order=order, actor=viewer())
        except (erasure.OpenConcernError, services.NeedsAnotherError) as error:
            problem = str(error)
        else:
            erasure.destroy_key(young_person_id)
            flash("They are forgotten: their words cannot be read any more, in backups neither.")
            return go_to("records.requests")
    _note_seen(young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("records/forget.html", status=status, person=shown, form=form, problem=problem, proposal=proposal)


@records.post("/young-people/<uuid:young_person_id>/forget/take-away")
@requires(Permission.PERSON_FORGET)
def take_away(young_person_id: UUID) -> ResponseReturnValue:
    """Take a proposal to forget somebody back, or turn a colleague's down."""
    with transaction():
        services.take_proposal_away(viewer=viewer(), person=in_directory(viewer(), young_person_id))
    flash("Taken away. All stays as it is.")
    return go_to("records.requests")


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
        else:
            record_identity_seen(viewer=viewer(), person=person)
        (line,) = presenters.request_lines([(found, person)])
    if is_good:
        flash("Saved. They read it under “My data”.")
        return go_to("records.requests")
    return page("records/say_no.html", status=422 if request.method == "POST" else 200, line=line, form=form)


@records.route("/data-requests/forgotten/<uuid:erasure_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_FORGET, freshly=True)
def kept(erasure_id: UUID) -> ResponseReturnValue:
    """Say what is kept of somebody who was forgotten; a button opens it, which is written down."""
    is_open = request.method == "POST"
    with transaction():
        found = queries.erasure_for(viewer(), erasure_id)
        if is_open:
            services.note_kept_seen(viewer=viewer(), erasure=found)
        names = names_of(viewer(), [one for one in (found.decided_by, found.proposed_by) if one])
        (line,) = presenters.erasure_lines([found], names)
        shown = presenters.kept_lines(queries.kept_concerns_of(found)) if is_open else []
        reason = found.reason if is_open else ""
    return page("records/kept.html", line=line, shown=shown, is_open=is_open, reason=reason)
