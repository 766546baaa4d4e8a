"""HTTP for breaks."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires
from app.accounts.values import Permission

breaks = Blueprint("breaks", __name__)


@breaks.get("/offers")
@requires(Permission.OFFER_READ)
def offers() -> ResponseReturnValue:
    return "Offers"
