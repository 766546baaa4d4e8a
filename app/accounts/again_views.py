"""Asking somebody who is signed in to prove once more who they are, before what must not happen at an unlocked desk."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.going_on import going_on_to
from app.accounts.queries import has_authenticator, own_account, passkeys_of
from app.accounts.second_step import proof_left
from app.accounts.second_step_services import proves_again
from app.accounts.second_step_views import TOO_MANY
from app.accounts.services import TooManyTriesError
from app.accounts.sessions import sign_in
from app.accounts.values import Permission
from app.database import transaction
from app.web.errors import NotFoundError
from app.web.pages import go_to, page

again = Blueprint("again", __name__)
WRONG = "That is not right. Check it and try again."


@again.route("/sign-in-again", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def ask() -> ResponseReturnValue:
    """Ask an adult for what they sign in with; then go on to what they had asked for."""
    if viewer().young_person_id is not None:
        raise NotFoundError
    wanted, problem, status = going_on_to(), None, 200
    if request.method == "POST":
        try:
            with transaction():
                account = own_account(viewer())
                password, code = request.form.get("password", ""), request.form.get("code", "")
                address = request.remote_addr or ""
                is_right = proves_again(account=account, password=password, code=code, address=address)
                if is_right:
                    sign_in(account, proof_left(account))
        except TooManyTriesError:
            problem, status = TOO_MANY, 429
        else:
            if is_right:
                return redirect(wanted, 303) if wanted else go_to("accounts.welcome")
            problem, status = WRONG, 422
    account = own_account(viewer())
    return page(
        "accounts/again.html",
        status=status,
        problem=problem,
        has_password=account.password_hash is not None,
        has_code=has_authenticator(account.id),
        has_passkey=bool(passkeys_of(account.id)),
    )
