"""One's own ways to sign in: passkeys, the authenticator app, recovery codes, and where one is signed in."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import passkey_services, second_step_services, services, session_services
from app.accounts.browsers import browser_in_words
from app.accounts.gate import requires, viewer
from app.accounts.going_on import METHODS, ways_to_sign_in
from app.accounts.my_sign_in_presenters import SetUp, my_methods, set_up_of
from app.accounts.passkey_services import PasskeyRefusedError
from app.accounts.queries import adult_account, own_account, own_passkey, own_session
from app.accounts.second_step import proof_left
from app.accounts.second_step_views import TOO_MANY, as_json, this_site
from app.accounts.sessions import change_token, sign_out
from app.accounts.values import Permission, Proof
from app.database import transaction
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.pages import go_to, page

my_sign_in = Blueprint("my_sign_in", __name__)


@my_sign_in.get("/my-sign-in")
@requires(Permission.SIGNED_IN)
def methods() -> ResponseReturnValue:
    """Show an adult's ways to sign in."""
    if viewer().young_person_id is not None:
        raise NotFoundError
    shown = my_methods(
        viewer(),
        current_session=current_user.session_id,
        must_set_up=current_user.must_set_up,
        must_choose_password=current_user.must_choose_password,
    )
    return page("accounts/my_sign_in.html", shown=shown)


@my_sign_in.post("/my-sign-in/authenticator")
@requires(Permission.SIGNED_IN, freshly=True)
def begin_authenticator() -> ResponseReturnValue:
    """Show the QR code for an authenticator app."""
    with transaction():
        account = adult_account(viewer())
        second_step_services.begin_authenticator(account=account)
        shown = set_up_of(account)
    return _authenticator_page(shown)


def _authenticator_page(shown: SetUp, problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    return page("accounts/authenticator.html", status=status, shown=shown, problem=problem)


@my_sign_in.post("/my-sign-in/authenticator/confirm")
@requires(Permission.SIGNED_IN, freshly=True)
def confirm_authenticator() -> ResponseReturnValue:
    """Take the authenticator into use once its first code is right; show the recovery codes once."""
    codes, problem, status = None, "That code is not right. Wait for the next one in your app, then type it.", 422
    try:
        with transaction():
            account = adult_account(viewer())
            codes = second_step_services.confirm_authenticator(account=account, code=request.form.get("code", ""))
            if codes is not None:
                change_token(account, Proof.SECOND_STEP)
    except services.TooManyTriesError:
        problem, status = TOO_MANY, 429
    if codes is None:
        return _authenticator_page(set_up_of(adult_account(viewer())), problem, status)
    return page("accounts/recovery_codes.html", codes=codes)


@my_sign_in.post("/my-sign-in/recovery-codes")
@requires(Permission.SIGNED_IN, freshly=True)
def new_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them once."""
    with transaction():
        codes = second_step_services.make_recovery_codes(account=adult_account(viewer()))
    return page("accounts/recovery_codes.html", codes=codes)


@my_sign_in.post("/my-sign-in/authenticator/forget")
@requires(Permission.SIGNED_IN, freshly=True)
def forget_authenticator() -> ResponseReturnValue:
    """Stop using the authenticator app; who then has no second step sets one up again at once."""
    with transaction():
        account = adult_account(viewer())
        second_step_services.forget_authenticator(account=account, actor=viewer())
        change_token(account, proof_left(account))
    flash("Your authenticator app is forgotten.")
    return go_to(METHODS)


@my_sign_in.post("/my-sign-in/passkeys/options")
@requires(Permission.SIGNED_IN, freshly=True)
def passkey_options() -> ResponseReturnValue:
    """Tell the browser how to make a passkey."""
    with transaction():
        found = passkey_services.options_to_add(account=own_account(viewer()), site=this_site())
    return as_json(found)


@my_sign_in.post("/my-sign-in/passkeys")
@requires(Permission.SIGNED_IN, freshly=True)
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    browser, answer = browser_in_words(request.user_agent.string), request.form.get("credential", "")
    try:
        with transaction():
            account = own_account(viewer())
            passkey_services.add_passkey(account=account, answer=answer, site=this_site(), browser=browser)
            change_token(account, Proof.PASSKEY)
    except PasskeyRefusedError:
        flash(_("That passkey could not be added. Try again."))
    else:
        flash(_("Your passkey is added. Next time, it signs you in."))
    return _back()


@my_sign_in.post("/my-sign-in/passkeys/<uuid:passkey_id>/remove")
@requires(Permission.SIGNED_IN, freshly=True)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Remove one of one's own passkeys."""
    with transaction():
        account = own_account(viewer())
        passkey = own_passkey(viewer(), passkey_id)
        passkey_services.remove_passkey(passkey=passkey, account=account, actor=viewer())
        change_token(account, proof_left(account))
    flash(_("That passkey is removed here. Take it out of your phone or computer too."))
    return _back()


@my_sign_in.post("/my-sign-in/sessions/<uuid:session_id>/end")
@requires(Permission.SIGNED_IN)
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign out one other browser."""
    with transaction():
        session_services.end_one_session(session=own_session(viewer(), session_id), actor=viewer())
    return go_to(METHODS)


@my_sign_in.post("/my-sign-in/sessions/end-all")
@requires(Permission.SIGNED_IN)
def end_every_session() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with transaction():
        session_services.sign_out_everywhere(account=own_account(viewer()), actor=viewer())
        sign_out()
    return go_to("accounts.welcome")


def _back() -> ResponseReturnValue:
    """Return to where the viewer's own ways to sign in are."""
    return go_to(ways_to_sign_in(viewer()))
