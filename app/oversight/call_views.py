"""HTTP for a council's side of calls for help: what was passed on to those who cover, and the rules."""

from uuid import UUID

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import accounts_with_role
from app.accounts.values import Permission, Role
from app.database import transaction
from app.notifications.services import withdraw
from app.oversight.rule_forms import RulesForm
from app.safeguarding import queries, services
from app.safeguarding.concern_words import passed_on
from app.safeguarding.decision_presenters import waiting_lines
from app.safeguarding.decision_queries import waiting_for_cover
from app.safeguarding.decision_services import record_read
from app.safeguarding.values import starter_phrases
from app.web.pages import go_to, page
from app.web.refusals import only_asks

keeping_safe = Blueprint("keeping_safe", __name__)


@keeping_safe.get("/calls-for-help")
@requires(Permission.CONCERN_COVER)
def calls() -> ResponseReturnValue:
    """Show somebody who covers the calls for help that were passed on; each look is noted."""
    found = queries.passed_on_to(viewer())
    shown = passed_on(found, queries.names_about(viewer(), found))
    waiting = waiting_for_cover(viewer())
    lines = waiting_lines(waiting, queries.names_about(viewer(), [one for one, _ in waiting]))
    with transaction():
        for concern in queries.passed_on_to(viewer()):
            record_read(viewer=viewer(), concern=concern)
    rules, covers = queries.rules_of(viewer().council_id), queries.covers(viewer())
    return page("safeguarding/calls.html", calls=shown, waiting=lines, covers=covers, rules=rules)


@keeping_safe.post("/calls-for-help/<uuid:concern_id>/take")
@requires(Permission.CONCERN_COVER)
def take(concern_id: UUID) -> ResponseReturnValue:
    """Say that somebody who covers has a call for help and is acting on it."""
    with transaction():
        services.take_on(viewer=viewer(), concern_id=concern_id)
        withdraw(about_id=concern_id)
    flash("You have this. The young person is told that you have seen it. Write down here what you decide.")
    return go_to("concerns.one", concern_id=concern_id)


@keeping_safe.route("/calls-for-help/rules", methods=["GET", "POST"])
@requires(Permission.CONCERN_RULES)
def rules() -> ResponseReturnValue:
    """Show what the council looks for and when somebody is there, and set it."""
    form, held = RulesForm(), queries.rules_of(viewer().council_id)
    staff = [one for one in accounts_with_role(viewer(), Role.COUNCIL_STAFF) if one.is_active]
    form.offer([(str(one.id), one.name) for one in staff])
    if only_asks() and held is not None:
        form.fill(held)
    elif only_asks():
        form.phrases.data = "\n".join(starter_phrases())
    if form.validate_on_submit():
        wanted = form.rules
        with transaction():
            services.set_rules(viewer=viewer(), rules=wanted)
        flash("Saved. It counts from now, and young people can read it.")
        return go_to("keeping_safe.calls")
    return page("safeguarding/rules.html", status=422 if form.errors else 200, form=form, is_new=held is None)
