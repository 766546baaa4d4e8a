"""The second step of signing in, and signing in with a passkey alone."""

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from app.accounts import passkey_services
from app.accounts.gate import open_to_everybody
from app.accounts.going_on import going_on_to
from app.accounts.passkey_services import PasskeyRefusedError, Site
from app.accounts.second_step import half_way_account
from app.accounts.second_step_services import check_second_step
from app.accounts.services import TooManyTriesError
from app.accounts.sessions import sign_in
from app.accounts.values import Proof
from app.database import transaction
from app.web.errors import show_error
from app.web.languages import in_english_only
from app.web.pages import go_to, page

second_step = Blueprint("second_step", __name__)
WRONG = "That code is not right. Wait for the next one in your app, or use a recovery code."
TOO_MANY = "Too many tries. Wait 15 minutes, then try again."
REFUSED = "That passkey did not work here. Try again, or sign in another way."


def this_site() -> Site:
    """Return the host and origin that people see; behind a proxy, what it handed on."""
    return Site(request.host.rsplit(":", 1)[0] if ":" in request.host else request.host, request.host_url.rstrip("/"))


def as_json(options: str) -> ResponseReturnValue:
    return current_app.response_class(options, mimetype="application/json")


@second_step.route("/second-step", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def ask() -> ResponseReturnValue:
    """Ask for the code of the authenticator app, a recovery code or a passkey."""
    account, wanted, problem, status = half_way_account(), going_on_to(), None, 200
    if account is None:
        return go_to("accounts.welcome")
    if request.method == "POST":
        try:
            with transaction():
                is_right = check_second_step(account=account, code=request.form.get("code", ""))
                if is_right:
                    sign_in(account, Proof.SECOND_STEP)
        except TooManyTriesError:
            problem, status = TOO_MANY, 429
        else:
            if is_right:
                return redirect(wanted, 303) if wanted else go_to("accounts.welcome")
            problem, status = WRONG, 422
    return page("accounts/second_step.html", status=status, problem=problem)


@second_step.post("/passkey/options")
@open_to_everybody
@in_english_only
def options() -> ResponseReturnValue:
    """Tell the browser how to prove with a passkey; the same for everybody."""
    with transaction():
        found = passkey_services.options_to_prove(site=this_site())
    return as_json(found)


@second_step.post("/passkey")
@open_to_everybody
@in_english_only
def prove() -> ResponseReturnValue:
    """Sign in with what a passkey signed, and go on to what was asked for where that needed it."""
    wanted = going_on_to()
    try:
        with transaction():
            account = passkey_services.prove_with_passkey(answer=request.form.get("credential", ""), site=this_site())
            sign_in(account, Proof.PASSKEY)
    except PasskeyRefusedError as error:
        current_app.logger.warning("passkey refused: %s", type(error).__name__)
        return show_error(422, REFUSED)
    return redirect(wanted, 303) if wanted else go_to("accounts.welcome")
