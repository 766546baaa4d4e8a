"""HTTP for dashboards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.passwords import hash_token
from app.accounts.queries import adults_among, names_of, own_devices
from app.accounts.values import Permission, Role
from app.accounts.views import device_cookie
from app.audit import services as audit
from app.breaks.feedback_presenters import AfterCard, after_card, after_cards
from app.breaks.feedback_queries import feedback_visible_to, session_to_ask_about
from app.breaks.queries import coming_sessions, sessions_attended
from app.checkins.presenters import question_for
from app.checkins.queries import count_since, scores_of
from app.dashboards.caseload import CaseloadRow, caseload_rows, summary_of
from app.dashboards.home import coming_breaks, first_monday, term_start, weeks_chart
from app.dashboards.navigation import navigation
from app.database import transaction
from app.feed.presenters import authors_of, post_cards, threads_for
from app.feed.queries import media_of, posts_visible_to, replies_to, seen_of
from app.notifications.queries import unseen_notices
from app.notifications.values import Kind
from app.oversight.emergency_presenters import told_lines
from app.prompts.presenters import due_card
from app.prompts.queries import due_prompt, plan_of
from app.safeguarding.decision_presenters import WaitingLine, waiting_lines
from app.safeguarding.decision_queries import told_to, waiting_among
from app.safeguarding.queries import concerns_of
from app.web.dates import start_of_day
from app.web.pages import page
from app.young_people.decision_presenters import ReviewLine, review_lines
from app.young_people.decision_queries import decisions_that_hold, reviews_due
from app.young_people.decision_values import Way
from app.young_people.emergency_queries import accesses_told_to
from app.young_people.queries import accesses_around, own_access, own_record, team_of
from app.young_people.sharing import TeamMember
from app.young_people.values import Access, Tie

dashboards = Blueprint("dashboards", __name__)
ASK_WITHIN = timedelta(days=14)
PAST = 8
NEW_FOR = timedelta(days=3)
TOLD_FOR = timedelta(days=14)
dashboards.add_app_template_global(navigation)


@dashboards.get("/home")
@requires(Permission.HOME_READ)
def home() -> ResponseReturnValue:
    """Ask a young person how they are; under it what is next, what was said back, and their last ten weeks."""
    person, access = own_record(viewer()), own_access(viewer())
    team, today, moment = team_of(viewer(), access), clock.today(), clock.now()
    due, plan = due_prompt(access, moment), plan_of(access)
    posts = posts_visible_to(access, None, 1)
    replies = replies_to(posts)
    threads = threads_for(viewer(), replies, names_of(viewer(), authors_of(replies)))
    scores = scores_of(access, start_of_day(first_monday(today)))
    return page(
        "dashboards/home.html",
        name=access.name,
        question=question_for(person, team, due=due_card(due, plan, moment)),
        has_reply=bool(unseen_notices(viewer(), Kind.REPLY)),
        was_decided_for=_was_decided_for(access),
        has_next_step=any(one.at > moment - TOLD_FOR for one in told_to(access, concerns_of(access))),
        has_new_phone=_has_new_phone(moment),
        has_suggestion=plan is not None and plan.suggested_by is not None,
        breaks=coming_breaks(coming_sessions(access, 1)),
        after=_to_ask_about(access, team),
        cards=post_cards(posts, threads, seen_of(viewer(), posts), team, media_of(posts)),
        chart=weeks_chart(scores, today),
        count=count_since(access, start_of_day(term_start(today))),
    )


def _has_new_phone(moment: datetime) -> bool:
    """Say whether another phone than the one in hand was let in a few days ago."""
    in_hand = hash_token(request.cookies.get(device_cookie(), ""))
    return any(one.enrolled_at > moment - NEW_FOR and one.token_hash != in_hand for one in own_devices(viewer()))


def _was_decided_for(access: Access) -> bool:
    """Say whether somebody decided for the young person in the last two weeks who sees what, and it still holds."""
    since = clock.now() - TOLD_FOR
    return any(one.way is Way.FOR_THEM and one.at > since for one in decisions_that_hold(access).values())


def _to_ask_about(access: Access, team: Sequence[TeamMember]) -> AfterCard | None:
    """Return the newest session of the last two weeks that the young person was not asked about."""
    session = session_to_ask_about(access, clock.now() - ASK_WITHIN)
    return None if session is None else after_card(session, None, team)


@dashboards.get("/my-breaks")
@requires(Permission.OWN_BREAKS_READ)
def my_breaks() -> ResponseReturnValue:
    """Show a young person what is coming, where, who will be there, and what they said of what is over."""
    access = own_access(viewer())
    attended = sessions_attended(access, limit=PAST)
    said = feedback_visible_to(access, [one.session_id for one in attended])
    return page(
        "dashboards/my_breaks.html",
        breaks=coming_breaks(coming_sessions(access)),
        after=after_cards(attended, said, team_of(viewer(), access)),
    )


@dashboards.get("/caseload")
@requires(Permission.CASELOAD_READ)
def caseload() -> ResponseReturnValue:
    """Show a mentor's young people, or a parent carer's family, those who need attention first."""
    rows = caseload_rows(viewer())
    with transaction():
        audit.record_for_each(
            council_id=viewer().council_id,
            actor_id=viewer().account_id,
            action="caseload:seen",
            young_person_ids=[row.id for row in rows],
        )
    return page(
        "dashboards/caseload.html",
        title="My family" if viewer().role is Role.PARENT_CARER else "My young people",
        rows=rows,
        summary=summary_of(rows),
        told=_told_of_emergencies(rows),
        reviews=_to_look_at_again(),
        waiting=_waiting_for_a_decision(),
        may_let_in=viewer().may(Permission.SIGN_IN_CARD_MAKE),
        may_open=viewer().may(Permission.EMERGENCY_OPEN),
        may_be_told=viewer().may(Permission.NOTIFICATIONS_CHOOSE),
    )


def _to_look_at_again() -> list[ReviewLine]:
    """Tell a mentor which decisions of their young people are due to be looked at again."""
    if not viewer().may(Permission.SHARING_DECIDE):
        return []
    called = {one.young_person_id: one.name for one in accesses_around(viewer()) if Tie.MENTOR in one.ties}
    return review_lines(reviews_due(list(called)), called)


def _waiting_for_a_decision() -> list[WaitingLine]:
    """Tell a mentor on which calls for help of their young people somebody has to decide, or to look again."""
    if not viewer().may(Permission.CONCERN_ANSWER):
        return []
    called = {one.young_person_id: one.name for one in accesses_around(viewer()) if Tie.MENTOR in one.ties}
    return waiting_lines(waiting_among(called), called)


def _told_of_emergencies(rows: Sequence[CaseloadRow]) -> list[str]:
    """Tell a mentor who opened records of their young people in an emergency in the last two weeks."""
    if not viewer().may(Permission.EMERGENCY_OPEN):
        return []
    found = accesses_told_to(viewer(), clock.now() - TOLD_FOR)
    adults = adults_among(viewer(), [one.account_id for one in found])
    return told_lines(found, adults, {row.id: row.name for row in rows})
