"""HTTP for parent carers' own wellbeing: theirs alone unless they choose otherwise."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.checkins import carer_presenters as presenters
from app.checkins import carer_services as services
from app.checkins.carer_forms import CarerChoiceForm, sent_answer
from app.checkins.carer_queries import own_carer_check_ins, own_carer_choice
from app.checkins.services import UnknownAnswerError
from app.database import transaction
from app.web.pages import go_to, page

carers = Blueprint("carers", __name__)


@carers.route("/how-i-am", methods=["GET", "POST"])
@requires(Permission.CARER_CHECK_IN)
def mine() -> ResponseReturnValue:
    """Ask a parent carer how they are themself, and show what they answered; a tap saves."""
    problem = ""
    if request.method == "POST":
        try:
            check_in_id, answer = sent_answer(request.form)
            with transaction():
                services.record_carer_check_in(viewer=viewer(), answer=answer, check_in_id=check_in_id)
        except UnknownAnswerError as error:
            problem = str(error)
        else:
            flash("Saved.")
            return go_to("carers.mine")
    choice = own_carer_choice(viewer())
    form = CarerChoiceForm(
        formdata=None,
        shares_with_mentor=bool(choice and choice.shares_with_mentor),
        in_group_figures=choice is None or choice.in_group_figures,
    )
    return page(
        "checkins/carer.html",
        status=422 if problem else 200,
        question=presenters.carer_question(),
        lines=presenters.carer_lines(own_carer_check_ins(viewer())),
        form=form,
        problem=problem,
    )


@carers.post("/how-i-am/<uuid:check_in_id>/undo")
@requires(Permission.CARER_CHECK_IN)
def undo(check_in_id: UUID) -> ResponseReturnValue:
    """Take an answer back."""
    with transaction():
        services.undo_carer_check_in(viewer=viewer(), check_in_id=check_in_id)
    flash("Taken back.")
    return go_to("carers.mine")


@carers.post("/how-i-am/choices")
@requires(Permission.CARER_CHECK_IN)
def choose() -> ResponseReturnValue:
    """Save who sees it and whether it counts."""
    form = CarerChoiceForm()
    if form.validate_on_submit():
        with transaction():
            services.choose_for_carer(
                viewer=viewer(),
                shares_with_mentor=form.shares_with_mentor.data,
                in_group_figures=form.in_group_figures.data,
            )
        flash("Saved. It counts from now.")
    return go_to("carers.mine", _anchor="choices")
