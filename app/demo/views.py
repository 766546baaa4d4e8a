"""Trying Tidemark as somebody made up; registered in demo mode only."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import open_to_everybody
from app.accounts.sessions import sign_in
from app.accounts.values import Proof
from app.database import transaction
from app.demo.presenters import sign_in_links
from app.demo.queries import cast_account_for, cast_accounts
from app.web.errors import NotFoundError
from app.web.pages import go_to, page

demo = Blueprint("demo", __name__)


@demo.get("/demo")
@open_to_everybody
def choose() -> ResponseReturnValue:
    """Offer the cast to try Tidemark as."""
    return page("demo/choose.html", cast=sign_in_links(cast_accounts()))


@demo.get("/demo/sign-in/<token>")
@open_to_everybody
def sign_in_as(token: str) -> ResponseReturnValue:
    """Sign in as one of the cast, ending whatever session this browser had; works as often as it is opened."""
    with transaction():
        account = cast_account_for(token)
        if account is None:
            raise NotFoundError
        sign_in(account, Proof.DEMO)
    return go_to("accounts.welcome")
