"""The page on which an adult changes their password."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.gate import requires, viewer
from app.accounts.going_on import METHODS
from app.accounts.queries import own_account
from app.accounts.second_step_views import TOO_MANY
from app.accounts.services import TooManyTriesError
from app.accounts.session_services import end_all_sessions
from app.accounts.sessions import change_token
from app.accounts.values import Permission
from app.database import transaction
from app.passwords.forms import PasswordForm
from app.passwords.services import PasswordRefusedError, change_password
from app.web.errors import NotFoundError
from app.web.pages import go_to, page

passwords = Blueprint("passwords", __name__)


@passwords.route("/my-sign-in/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, freshly=True)
def change() -> ResponseReturnValue:
    """Ask for the password so far and for a new one; every other session ends."""
    if viewer().young_person_id is not None:
        raise NotFoundError
    form, status = PasswordForm(), 200
    is_first, is_given = own_account(viewer()).password_hash is None, current_user.must_choose_password
    if is_first:
        del form.password
    if form.validate_on_submit():
        try:
            is_changed = _is_changed(form, is_first=is_first)
        except TooManyTriesError:
            form.password.errors, status = [TOO_MANY], 429
        except PasswordRefusedError as error:
            form.new_password.errors = [str(error)]
        else:
            if not is_changed:
                form.password.errors = ["That is not your password. Check it and try again."]
                return page("passwords/change.html", status=422, form=form, is_first=is_first, is_given=is_given)
            flash("Your password is changed. You are signed out everywhere else.")
            return go_to("accounts.welcome" if is_given else METHODS)
    if request.method == "POST" and status != 429:  # noqa: PLR2004 (HTTP's own number)
        status = 422
    return page("passwords/change.html", status=status, form=form, is_first=is_first, is_given=is_given)


def _is_changed(form: PasswordForm, *, is_first: bool) -> bool:
    with transaction():
        account = own_account(viewer())
        old = "" if is_first else form.password.data or ""
        new, address = form.new_password.data or "", request.remote_addr or ""
        is_changed = change_password(account=account, old=old, new=new, address=address)
        if is_changed:
            end_all_sessions(account_id=account.id)
            change_token(account, current_user.proof)
    return is_changed
