"""HTTP for one young person beside what they came to: for mentors and parent carers, and in its own words for them."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.checkins.presenters import LEVEL_WORDS
from app.database import transaction
from app.insights.may_help import may_help
from app.insights.own_page import own_breaks
from app.insights.own_weeks import better_days_of, first_moment, own_weeks, own_year
from app.insights.presenters import Page, after_views, model_words, sections_of
from app.insights.queries import own_check_ins, readable, what_followed
from app.web.pages import page
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import record_seen
from app.young_people.values import Tie

insights = Blueprint("insights", __name__)


@insights.get("/young-people/<uuid:young_person_id>/what-followed", endpoint="what_followed")
@requires(Permission.TIMELINE_READ)
def show_what_followed(young_person_id: UUID) -> ResponseReturnValue:
    """Show what followed each offer for one young person; to mentors, also what may help next."""
    access = readable(young_person_for(viewer(), young_person_id))
    found, is_mentored = what_followed(access), Tie.MENTOR in access.ties
    shown = Page(
        id=young_person_id,
        name=access.name,
        is_mentored=is_mentored,
        model=model_words(found.estimates.made_at),
        after=after_views(found),
        sections=sections_of(may_help(access, found.estimates.after), access.name) if is_mentored else (),
    )
    with transaction():
        record_seen(viewer=viewer(), access=young_person_for(viewer(), young_person_id), what="what_followed")
    return page("insights/what_followed.html", shown=shown)


@insights.get("/my-breaks/so-far")
@requires(Permission.OWN_BREAKS_READ)
def breaks_so_far() -> ResponseReturnValue:
    """Show a young person what they went to and how their own weeks were, without saying what made them so."""
    return page("insights/my_breaks_so_far.html", breaks=own_breaks(what_followed(own_access(viewer()))))


@insights.get("/me/my-weeks")
@requires(Permission.HOME_READ)
def my_weeks() -> ResponseReturnValue:
    """Show a young person their own weeks and year, and what their better days had more often."""
    access = own_access(viewer())
    scores, check_ins = own_check_ins(access, since=first_moment())
    return page(
        "insights/my_weeks.html",
        weeks=own_weeks(scores),
        year=own_year(scores),
        better=better_days_of(scores, check_ins),
        level_words=LEVEL_WORDS,
    )
