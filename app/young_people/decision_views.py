"""HTTP for decisions about who sees what: a young person's by parts of their page, and a mentor writing one down."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.database import transaction
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.pages import go_to, page
from app.young_people import decision_services as services
from app.young_people.decision_forms import DecisionForm, PartsForm
from app.young_people.decision_presenters import holds_now
from app.young_people.decision_queries import choice_now, decisions_that_hold
from app.young_people.decision_values import AS_PAGE, DECIDABLE, PARTS
from app.young_people.queries import own_access, own_record, record_of, team_of, young_person_for
from app.young_people.services import record_seen
from app.young_people.sharing import audience_choices, readers
from app.young_people.values import Access, Tie

decisions = Blueprint("decisions", __name__)
ONE_THING = f"/young-people/<uuid:young_person_id>/decisions/<any({','.join(DECIDABLE)}):what>"


@decisions.route("/profile/who-sees", methods=["GET", "POST"])
@requires(Permission.SHARING_CHOOSE)
def parts() -> ResponseReturnValue:
    """Let a young person choose who sees each part of their one page."""
    person, access = own_record(viewer()), own_access(viewer())
    form = PartsForm(data={key: person.profile_parts.get(key, AS_PAGE) for key in PARTS})
    if form.validate_on_submit():
        chosen = form.parts
        with transaction():
            services.choose_parts(viewer=viewer(), parts=chosen)
        flash(_("Saved. It counts from now."))
        return go_to("profiles.mine")
    team = team_of(viewer(), access)
    return page(
        "young_people/parts.html",
        status=422 if form.errors else 200,
        form=form,
        whole_page=readers(person.profile_audience, team),
        audiences=audience_choices(team),
        keys=tuple(PARTS),
    )


def _mentored(young_person_id: UUID) -> Access:
    access = young_person_for(viewer(), young_person_id)
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    return access


@decisions.get("/young-people/<uuid:young_person_id>/decisions")
@requires(Permission.SHARING_DECIDE)
def of_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Show a mentor who sees what of a young person, how each was decided, and what is due to be looked at again."""
    with transaction():
        access = _mentored(young_person_id)
        record_seen(viewer=viewer(), access=access, what="sharing")
    access = _mentored(young_person_id)
    held = decisions_that_hold(access)
    names = names_of(viewer(), [one.decided_by for one in held.values()])
    return page("young_people/decisions.html", access=access, rows=holds_now(record_of(access), held, names))


@decisions.route(
    "/young-people/<uuid:young_person_id>/decisions/<any({}):what>".format(",".join(DECIDABLE)), methods=["GET", "POST"]
)
@requires(Permission.SHARING_DECIDE)
def decide(young_person_id: UUID, what: str) -> ResponseReturnValue:
    """Write down a decision come to with a young person, or for them; it counts at once."""
    access, decidable = _mentored(young_person_id), DECIDABLE[what]
    form = DecisionForm(data={"choice": choice_now(record_of(access), what)})
    form.offer(decidable)
    problem = ""
    if form.validate_on_submit():
        choice, decided = form.choice.data, form.decided
        try:
            with transaction():
                access = _mentored(young_person_id)
                services.decide_with(viewer=viewer(), access=access, what=what, choice=choice, how=decided)
        except services.CannotBeDecidedError as error:
            problem = str(error)
        else:
            flash(f"Written down. It counts from now, and {access.name} can read it and change it.")
            return go_to("decisions.of_young_person", young_person_id=young_person_id)
    return page(
        "young_people/decide.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        access=access,
        decidable=decidable,
        problem=problem,
    )
