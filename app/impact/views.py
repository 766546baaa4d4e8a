"""HTTP for impact."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, open_to_everybody
from app.accounts.values import Permission
from app.web.pages import page

impact = Blueprint("impact", __name__)


@impact.get("/what-helped")
@requires(Permission.COMPARISON_READ)
def comparison() -> ResponseReturnValue:
    return "What helped"
