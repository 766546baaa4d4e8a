"""HTTP for safeguarding."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import open_to_everybody

safeguarding = Blueprint("safeguarding", __name__)


@safeguarding.get("/help-now")
@open_to_everybody
def help_now() -> ResponseReturnValue:
    return "Help now"
