"""HTTP for a forgotten password: asking for a letter, and choosing a new one with the code that is in it."""

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.gate import open_to_everybody
from app.accounts.queries import council_by_slug
from app.accounts.second_step_views import TOO_MANY
from app.accounts.services import TooManyTriesError
from app.database import transaction
from app.passwords import services
from app.passwords.forms import ForgottenForm, NewPasswordForm
from app.settings import Settings
from app.web.languages import in_english_only
from app.web.pages import page

forgotten = Blueprint("forgotten", __name__)
NO_LONGER = "That code does not work now. It works once, for 30 minutes, and only the newest one. Ask for another one."


def _writes_letters() -> bool:
    """Say whether a letter with an address in it can go out from here."""
    settings: Settings = current_app.extensions["settings"]
    return settings.mail is not None and settings.public_address is not None


@forgotten.route("/c/<slug>/forgotten-password", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def ask(slug: str) -> ResponseReturnValue:
    """Ask whose password is forgotten; the answer is the same whether or not there is such an account."""
    council = council_by_slug(slug) or abort(404)
    form, problem, status, can_write = ForgottenForm(), None, 200, _writes_letters()
    is_sent = False
    if can_write and form.validate_on_submit():
        email, address = (form.email.data or "").strip(), request.remote_addr or ""
        try:
            with transaction():
                services.ask_for_new_password(council_id=council.id, email=email, address=address)
        except TooManyTriesError:
            problem, status = TOO_MANY, 429
        else:
            is_sent = True
    elif request.method == "POST":
        status = 422
    return page(
        "passwords/forgotten.html",
        status=status,
        council=council,
        form=form,
        problem=problem,
        can_write=can_write,
        is_sent=is_sent,
    )


@forgotten.route("/c/<slug>/new-password", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def choose(slug: str) -> ResponseReturnValue:
    """Take the code, which stands after the # and so reaches no log, and the new password; signing in comes after."""
    council = council_by_slug(slug) or abort(404)
    form, status = NewPasswordForm(), 200
    if form.validate_on_submit():
        status = 422
        code, new = form.code.data or "", form.new_password.data or ""
        try:
            with transaction():
                is_chosen = services.choose_new_password(
                    council_id=council.id, code=code, new=new, address=request.remote_addr or ""
                )
        except TooManyTriesError:
            form.code.errors, status = [TOO_MANY], 429
        except services.PasswordRefusedError as error:
            form.new_password.errors = [str(error)]
        else:
            if is_chosen:
                flash("Your password is changed, and you are signed out everywhere. Sign in with the new one.")
                return redirect(url_for("accounts.sign_in_page", slug=slug), 303)
            form.code.errors = [NO_LONGER]
    elif request.method == "POST":
        status = 422
    return page("passwords/choose.html", status=status, council=council, form=form)
