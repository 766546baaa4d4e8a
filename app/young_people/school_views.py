"""HTTP for weeks of school, for the mentor and for council staff."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission, Role
from app.clock import today
from app.database import transaction
from app.web.pages import go_to, page
from app.young_people import school_presenters as presenters
from app.young_people import school_services as services
from app.young_people.school import NotAWeekError, SchoolWeekSaid, monday_of
from app.young_people.school_forms import SchoolWeekForm
from app.young_people.school_queries import said_of, school_access_for, school_weeks_of
from app.young_people.services import record_seen
from app.young_people.values import Access

school = Blueprint("school", __name__)


@school.route("/young-people/<uuid:young_person_id>/school", methods=["GET", "POST"])
@requires(Permission.SCHOOL_RECORD)
def weeks(young_person_id: UUID) -> ResponseReturnValue:
    """Show a young person's weeks of school, and save one; the same week again corrects it."""
    with transaction():
        access = school_access_for(viewer(), young_person_id)
        rows = school_weeks_of(access)
        form = SchoolWeekForm(data=presenters.typed(_wanted(access)))
        is_saved = form.validate_on_submit() and _save(form, access)
        if not is_saved:
            record_seen(viewer=viewer(), access=access, what="school_weeks")
        lines = presenters.school_lines(rows)
    if is_saved:
        flash("Saved the week.")
        return go_to("school.weeks", young_person_id=young_person_id)
    return page(
        "young_people/school.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        access=access,
        lines=lines,
        is_staff=viewer().role is Role.COUNCIL_STAFF,
        latest=today().isoformat(),
    )


def _wanted(access: Access) -> SchoolWeekSaid:
    """Return what the form begins with: the week that the address names, else the next one as the newest was."""
    known = {row.monday: row for row in school_weeks_of(access)}
    try:
        asked = known.get(monday_of(date.fromisoformat(request.args.get("week", ""))))
    except ValueError:
        asked = None
    said = said_of(asked) if asked is not None else None
    if said is not None:
        return said
    newest = said_of(known[max(known)]) if known else None
    monday = presenters.next_week(known.values(), monday_of(today()))
    return SchoolWeekSaid(monday, newest.possible if newest else 10, None, full_time=bool(newest and newest.full_time))


def _save(form: SchoolWeekForm, access: Access) -> bool:
    try:
        services.record_school_week(viewer=viewer(), access=access, week=form.said())
    except NotAWeekError as error:
        form.refuse(error)
        return False
    return True


@school.post("/young-people/<uuid:young_person_id>/school/<uuid:week_id>/remove")
@requires(Permission.SCHOOL_RECORD)
def remove(young_person_id: UUID, week_id: UUID) -> ResponseReturnValue:
    """Take out a week that was recorded by mistake."""
    with transaction():
        access = school_access_for(viewer(), young_person_id)
        services.remove_school_week(viewer=viewer(), access=access, week_id=week_id)
    flash("Taken out.")
    return go_to("school.weeks", young_person_id=young_person_id)
