"""Asking somebody who is signed in to prove once more who they are, before what must not happen at an unlocked desk."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.going_on import going_on_to
from app.accounts.passwords import hash_token
from app.accounts.picture_page import picture_page
from app.accounts.queries import has_authenticator, own_account, own_device_holding, passkeys_of
from app.accounts.second_step import proof_left
from app.accounts.second_step_services import proves_again
from app.accounts.second_step_views import TOO_MANY
from app.accounts.services import TooManyTriesError, check_picture_code
from app.accounts.sessions import sign_in, sign_in_again
from app.accounts.values import Permission, Proof
from app.accounts.views import device_cookie
from app.database import transaction
from app.web.languages import _, _l
from app.web.pages import go_to, page

again = Blueprint("again", __name__)
WRONG = _l("That is not right. Check it and try again.")
NOT_YOUR_PICTURES = _l("Those are not your pictures. Try again.")


@again.route("/sign-in-again", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def ask() -> ResponseReturnValue:
    """Ask somebody for what they sign in with; then go on to what they had asked for."""
    is_young = viewer().young_person_id is not None
    wanted, problem, status = going_on_to(), None, 200
    if request.method == "POST":
        try:
            with transaction():
                is_right = _pictures_are_right() if is_young else _password_is_right()
        except TooManyTriesError:
            problem, status = TOO_MANY, 429
        else:
            if is_right:
                return redirect(wanted, 303) if wanted else go_to("accounts.welcome")
            problem, status = NOT_YOUR_PICTURES if is_young else WRONG, 422
    account = own_account(viewer())
    if is_young:
        return _pictures_page(problem, status, has_passkey=bool(passkeys_of(account.id)))
    return page(
        "accounts/again.html",
        status=status,
        problem=problem,
        has_password=account.password_hash is not None,
        has_code=has_authenticator(account.id),
        has_passkey=bool(passkeys_of(account.id)),
    )


def _password_is_right() -> bool:
    account = own_account(viewer())
    password, code = request.form.get("password", ""), request.form.get("code", "")
    is_right = proves_again(account=account, password=password, code=code, address=request.remote_addr or "")
    if is_right:
        sign_in_again(account, proof_left(account))
    return is_right


def _knows_pictures() -> bool:
    """Say whether this phone knows the pictures of who is signed in."""
    token = request.cookies.get(device_cookie())
    return token is not None and own_device_holding(viewer(), hash_token(token)) is not None


def _pictures_are_right() -> bool:
    if not _knows_pictures():
        return False
    token = request.cookies[device_cookie()]
    account = check_picture_code(device_token=token, pictures=request.form.getlist("picture"))
    if account is not None:
        sign_in(account, Proof.PICTURES)
    return account is not None


def _pictures_page(problem: str | None, status: int, *, has_passkey: bool) -> ResponseReturnValue:
    return picture_page(
        action=url_for("again.ask"),
        title=_("Is it you?"),
        hint=_("Tap your 4 pictures again. So nobody else can do this on your phone."),
        problem=problem,
        status=status,
        knows_pictures=_knows_pictures(),
        has_passkey=has_passkey,
    )
