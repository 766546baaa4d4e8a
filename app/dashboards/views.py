"""HTTP for dashboards."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission, Role
from app.audit import services as audit
from app.dashboards.caseload import caseload_rows, summary_of
from app.dashboards.navigation import navigation
from app.database import transaction
from app.web.pages import page

dashboards = Blueprint("dashboards", __name__)
dashboards.add_app_template_global(navigation)


@dashboards.get("/home")
@requires(Permission.HOME_READ)
def home() -> ResponseReturnValue:
    return "Home"


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
    title = "My family" if viewer().role is Role.PARENT_CARER else "My young people"
    return page("dashboards/caseload.html", title=title, rows=rows, summary=summary_of(rows))
