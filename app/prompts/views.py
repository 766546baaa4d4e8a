"""HTTP for agreed times: a young person's own page, their mentor's, and what can be done with the card on home."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.database import transaction
from app.notifications.queries import notices_about
from app.prompts import presenters, queries, services
from app.prompts.forms import MentorTimesForm, TimesForm
from app.prompts.times import from_map
from app.prompts.values import Later, UnknownTimesError
from app.web.dates import weekday_number_shortly
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.pages import go_to, page
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import record_seen
from app.young_people.sharing import first_names
from app.young_people.values import Access

prompts = Blueprint("prompts", __name__)
prompts.add_app_template_global(weekday_number_shortly, "short_weekday")
CHANGES_SHOWN = 10
PROMPTS_SHOWN = 30


def _plan_view(access: Access) -> presenters.PlanView:
    plan, changes = queries.plan_of(access), queries.changes_of(access, CHANGES_SHOWN)
    ids = {change.changed_by for change in changes} | ({plan.suggested_by} if plan and plan.suggested_by else set())
    whole = names_of(viewer(), ids)
    called = first_names(whole.values())
    names = {account: called[name] for account, name in whole.items()} | {viewer().account_id: _("You")}
    return presenters.plan_view(plan, changes, names, clock.now())


def _agreed(access: Access) -> dict[str, str]:
    plan = queries.plan_of(access)
    return plan.times if plan else {}


@prompts.route("/reminders", methods=["GET", "POST"])
@requires(Permission.PROMPTS_AGREE)
def mine() -> ResponseReturnValue:
    """Show a young person when they are asked, and let them change it."""
    access = own_access(viewer())
    form = TimesForm.about(from_map(_agreed(access)))
    if form.validate_on_submit():
        try:
            with transaction():
                services.agree_times(viewer=viewer(), access=own_access(viewer()), times=form.agreed())
        except UnknownTimesError as error:
            form.at.errors = [str(error)]
        else:
            flash(_("Saved. It counts from now."))
            return go_to("prompts.mine")
    status = 422 if request.method == "POST" else 200
    return page("prompts/mine.html", status=status, form=form, plan=_plan_view(access))


@prompts.post("/reminders/suggestion")
@requires(Permission.PROMPTS_AGREE)
def answer_suggestion() -> ResponseReturnValue:
    """Say yes or no to what a mentor suggests."""
    accepted = request.form.get("answer") == "yes"
    try:
        with transaction():
            services.answer_suggestion(viewer=viewer(), access=own_access(viewer()), accepted=accepted)
    except services.NothingSuggestedError as error:
        flash(str(error))
    else:
        flash(_("Saved. It counts from now.") if accepted else _("Okay. Nothing changes."))
    return go_to("prompts.mine")


@prompts.post("/reminders/pause")
@requires(Permission.PROMPTS_AGREE)
def pause() -> ResponseReturnValue:
    """Let a young person have a break from being asked."""
    with transaction():
        services.pause(viewer=viewer(), access=own_access(viewer()), for_a_week=request.form.get("for") == "week")
    flash(_("Okay. We won’t ask you for now."))
    return go_to("prompts.mine")


@prompts.post("/reminders/resume")
@requires(Permission.PROMPTS_AGREE)
def resume() -> ResponseReturnValue:
    """Ask a young person again at the agreed times."""
    with transaction():
        services.resume(viewer=viewer(), access=own_access(viewer()))
    flash(_("Okay. We will ask you again."))
    return go_to("prompts.mine")


@prompts.post("/reminders/<uuid:prompt_id>/later")
@requires(Permission.PROMPTS_AGREE)
def put_off(prompt_id: UUID) -> ResponseReturnValue:
    """Remind a young person later, or not this time."""
    chosen = request.form.get("when", "")
    with transaction():
        access = own_access(viewer())
        if chosen in set(Later):
            services.put_off(viewer=viewer(), access=access, prompt_id=prompt_id, later=Later(chosen))
            done = _("Okay. We will ask you later.")
        else:
            services.set_aside(viewer=viewer(), access=access, prompt_id=prompt_id)
            done = _("Okay. Not this time.")
    flash(done)
    return go_to("dashboards.home")


def _mentored(young_person_id: UUID) -> Access:
    access = queries.may_agree(young_person_for(viewer(), young_person_id))
    if access.is_self:
        raise NotFoundError
    return access


@prompts.route("/young-people/<uuid:young_person_id>/reminders", methods=["GET", "POST"])
@requires(Permission.PROMPTS_AGREE)
def of_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Show a mentor when a young person is asked and what became of it; agree or suggest other times."""
    access = _mentored(young_person_id)
    form = MentorTimesForm.about(from_map(_agreed(access)))
    if form.validate_on_submit():
        act = services.agree_times if form.is_together else services.suggest_times
        try:
            with transaction():
                act(viewer=viewer(), access=_mentored(young_person_id), times=form.agreed())
        except UnknownTimesError as error:
            form.at.errors = [str(error)]
        else:
            flash(
                "Saved. It counts from now."
                if form.is_together
                else f"Saved. {access.name} is asked on their home page."
            )
            return go_to("prompts.of_young_person", young_person_id=young_person_id)
    with transaction():
        record_seen(viewer=viewer(), access=_mentored(young_person_id), what="prompts")
    asked, moment = queries.prompts_of(access, PROMPTS_SHOWN), clock.now()
    lines = presenters.log_lines(asked, notices_about(prompt.id for prompt in asked), moment)
    status = 422 if request.method == "POST" else 200
    return page(
        "prompts/of_young_person.html",
        status=status,
        form=form,
        access=access,
        plan=_plan_view(access),
        lines=lines,
        answered=presenters.answered_in_words(asked, moment),
    )


@prompts.post("/young-people/<uuid:young_person_id>/reminders/pause")
@requires(Permission.PROMPTS_AGREE)
def pause_for(young_person_id: UUID) -> ResponseReturnValue:
    """Let a mentor stop or start the asking: on a bad week, or on a day in hospital."""
    access = _mentored(young_person_id)
    wanted = request.form.get("for", "")
    with transaction():
        access = _mentored(young_person_id)
        if wanted == "resume":
            services.resume(viewer=viewer(), access=access)
        else:
            services.pause(viewer=viewer(), access=access, for_a_week=wanted == "week")
    flash(f"{access.name} sees that you changed this.")
    return go_to("prompts.of_young_person", young_person_id=young_person_id)
