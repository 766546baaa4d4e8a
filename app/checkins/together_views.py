"""HTTP for "We did this together": a young person says it, their mentor types it on a device of theirs."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.checkins import services
from app.checkins.forms import TogetherForm
from app.checkins.measures import measure
from app.checkins.presenters import check_in_card, wheel
from app.checkins.queries import check_in_visible_to
from app.database import transaction
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.web.typed import TooLongError
from app.young_people.queries import record_of, team_of, young_person_for
from app.young_people.services import record_seen
from app.young_people.sharing import audience_choices
from app.young_people.values import Access, Audience, Tie

together = Blueprint("together", __name__)


def _mentored(young_person_id: UUID) -> Access:
    access = young_person_for(viewer(), young_person_id)
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    return access


@together.route("/young-people/<uuid:young_person_id>/check-in-together", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_TOGETHER)
def record(young_person_id: UUID) -> ResponseReturnValue:
    """Ask how a young person is who sits beside their mentor, and save what they say."""
    access = _mentored(young_person_id)
    person, team = record_of(access), team_of(viewer(), access)
    asked = measure(person.measure)
    shared = person.default_audience if person.default_audience in access.audiences else Audience.MENTOR
    form = TogetherForm(id=str(uuid4()), audience=shared.value)
    choices = [choice for choice in audience_choices(team) if Audience(choice.value) in access.audiences]
    form.offer(asked, choices)
    if form.validate_on_submit():
        try:
            with transaction():
                access, new = _mentored(young_person_id), form.new_check_in(asked)
                made = services.record_check_in_together(viewer=viewer(), access=access, new=new)
                check_in_id = made.id
        except (services.UnknownAnswerError, TooLongError) as error:
            form.words.errors = [str(error)]
        else:
            return go_to("together.saved", young_person_id=young_person_id, check_in_id=check_in_id)
    return page(
        "checkins/together.html",
        status=422 if request.method == "POST" else 200,
        access=access,
        question=asked.question,
        has_faces=bool(asked.words),
        lowest_means=asked.lowest_means,
        highest_means=asked.highest_means,
        form=form,
        wheel=wheel(form.feelings.data or ()),
        audiences=choices,
    )


@together.get("/young-people/<uuid:young_person_id>/check-ins/<uuid:check_in_id>/saved")
@requires(Permission.CHECK_IN_TOGETHER)
def saved(young_person_id: UUID, check_in_id: UUID) -> ResponseReturnValue:
    """Show what was saved, with a way to take it back; the look is noted."""
    access = _mentored(young_person_id)
    check_in = check_in_visible_to(access, check_in_id)
    if check_in.typed_by != viewer().account_id:
        raise NotFoundError
    with transaction():
        record_seen(viewer=viewer(), access=_mentored(young_person_id), what="check_in")
    return page("checkins/together_saved.html", access=access, card=check_in_card(check_in, team_of(viewer(), access)))


@together.post("/young-people/<uuid:young_person_id>/check-ins/<uuid:check_in_id>/take-back")
@requires(Permission.CHECK_IN_TOGETHER)
def take_back(young_person_id: UUID, check_in_id: UUID) -> ResponseReturnValue:
    """Take back what the viewer typed."""
    with transaction():
        services.undo_check_in(viewer=viewer(), access=_mentored(young_person_id), check_in_id=check_in_id)
    flash("Taken back. Nobody sees it now.")
    return go_to("timeline.timeline", young_person_id=young_person_id)
