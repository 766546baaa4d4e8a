"""HTTP for dashboards."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires
from app.accounts.values import Permission
from app.dashboards.navigation import navigation

dashboards = Blueprint("dashboards", __name__)
dashboards.add_app_template_global(navigation)


@dashboards.get("/home")
@requires(Permission.HOME_READ)
def home() -> ResponseReturnValue:
    return "Home"


@dashboards.get("/caseload")
@requires(Permission.CASELOAD_READ)
def caseload() -> ResponseReturnValue:
    return "Caseload"
