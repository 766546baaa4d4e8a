"""HTTP for check-ins: one tap, then as much more as somebody likes."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.checkins import presenters, queries, services
from app.checkins.forms import DetailsForm, new_check_in
from app.checkins.measures import measure
from app.database import transaction
from app.media.presenters import kind_to_add
from app.media.queries import media_on
from app.prompts.presenters import due_card
from app.prompts.queries import due_prompt, plan_of
from app.safeguarding.views import tell_if_found
from app.web.languages import _
from app.web.pages import go_to, is_fragment_request, page
from app.web.paging import Cursor, parse_cursor
from app.web.typed import TooLongError
from app.young_people.queries import own_access, own_record, team_of
from app.young_people.services import choose_measure, note_told_who_sees
from app.young_people.sharing import audience_choices

checkins = Blueprint("checkins", __name__)
ON_A_PAGE = 20


@checkins.get("/check-in")
@requires(Permission.CHECK_IN_RECORD)
def ask() -> ResponseReturnValue:
    """Ask how they are on a page of its own."""
    return _question()


def _question(*, problem: str | None = None, notice: str | None = None) -> ResponseReturnValue:
    access = own_access(viewer())
    person, team, moment = own_record(viewer()), team_of(viewer(), access), clock.now()
    due = due_card(due_prompt(access, moment), plan_of(access), moment)
    question = presenters.question_for(person, team, due=due, problem=problem, notice=notice)
    return page("checkins/ask.html", block="panel", status=422 if problem else 200, question=question)


@checkins.post("/check-ins")
@requires(Permission.CHECK_IN_RECORD)
def record() -> ResponseReturnValue:
    """Save one tap; the same id twice is one check-in."""
    try:
        with transaction():
            person, access = own_record(viewer()), own_access(viewer())
            new = new_check_in(request.form, request.form.get("measure") or person.measure)
            made = services.record_check_in(viewer=viewer(), access=access, new=new)
            if person.told_who_sees_at is None:
                note_told_who_sees(viewer=viewer())
            check_in_id = made.id
    except (services.UnknownAnswerError, services.FutureDateError, TooLongError) as error:
        return _question(problem=str(error))
    if new.words:
        tell_if_found(check_in_id)
    if not is_fragment_request():
        flash(_("Saved."))
        return go_to("checkins.one", check_in_id=check_in_id)
    check_in = queries.check_in_visible_to(own_access(viewer()), check_in_id)
    card = presenters.check_in_card(check_in, team_of(viewer(), access))
    return page("checkins/saved.html", block="panel", card=card)


@checkins.get("/check-ins")
@requires(Permission.CHECK_IN_RECORD)
def mine() -> ResponseReturnValue:
    """Show the young person's own check-ins, newest first."""
    access = own_access(viewer())
    before = parse_cursor(request.args.get("before"))
    found = queries.check_ins_visible_to(access, before=before, limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    days = presenters.by_day(shown, team_of(viewer(), access), media_on(one.id for one in shown))
    more = Cursor(shown[-1].at, shown[-1].id) if len(found) > ON_A_PAGE else None
    return page("checkins/mine.html", block="entries", days=days, more=more, is_first_page=before is None)


@checkins.route("/check-ins/<uuid:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_RECORD)
def one(check_in_id: UUID) -> ResponseReturnValue:
    """Show one check-in with room for more words, and save what is added or changed."""
    access = own_access(viewer())
    check_in = queries.check_in_visible_to(access, check_in_id)
    team = team_of(viewer(), access)
    local = clock.in_britain(check_in.at).replace(second=0, microsecond=0, tzinfo=None)
    form = DetailsForm(
        answer=check_in.answer,
        feelings=check_in.feelings,
        going_on=check_in.going_on,
        who_with=check_in.who_with,
        words=check_in.words,
        audience=check_in.audience.value,
        at=local,
    )
    form.offer(measure(check_in.measure), audience_choices(team))
    if form.validate_on_submit():
        try:
            with transaction():
                details = form.details(moment_before=local)
                services.add_details(viewer=viewer(), access=access, check_in_id=check_in_id, details=details)
        except services.FutureDateError as error:
            form.at.errors = [str(error)]
        else:
            flash(_("Saved."))
            tell_if_found(check_in_id)
            then = kind_to_add(request.form)
            if then:
                return go_to("attachments.add_to_check_in", check_in_id=check_in_id, kind=then)
            return go_to("dashboards.home")
    return page(
        "checkins/one.html",
        status=422 if request.method == "POST" else 200,
        card=presenters.check_in_card(check_in, team, media_on([check_in_id])[check_in_id]),
        form=form,
        wheel=presenters.wheel(form.feelings.data or ()),
        audiences=audience_choices(team),
        has_faces=bool(measure(check_in.measure).words),
        earlier=presenters.earlier_words(check_in, queries.revisions_of(check_in)),
    )


@checkins.post("/check-ins/<uuid:check_in_id>/undo")
@requires(Permission.CHECK_IN_RECORD)
def undo(check_in_id: UUID) -> ResponseReturnValue:
    """Take a check-in back."""
    with transaction():
        services.undo_check_in(viewer=viewer(), access=own_access(viewer()), check_in_id=check_in_id)
    if is_fragment_request():
        return _question(notice=_("Taken back. Nobody sees it now."))
    flash(_("Taken back. Nobody sees it now."))
    return go_to("dashboards.home")


@checkins.route("/how-i-answer", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_RECORD)
def way_to_answer() -> ResponseReturnValue:
    """Let the young person choose between faces and numbers."""
    ways = presenters.ways_to_answer(own_record(viewer()))
    if request.method == "POST" and request.form.get("measure") in {way.code for way in ways}:
        with transaction():
            choose_measure(viewer=viewer(), measure=request.form["measure"])
        flash(_("Saved."))
        return go_to("young_people.me")
    status = 422 if request.method == "POST" else 200
    return page("checkins/way_to_answer.html", status=status, ways=ways)
