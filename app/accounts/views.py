"""Signing in and out, cards and picture codes, and the administrator's accounts."""

import secrets
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user

from app.accounts import second_step, second_step_services, services
from app.accounts.forms import AccountForm, SignInForm
from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.picture_page import picture_page, too_few_pictures
from app.accounts.presenters import account_rows, welcome_choices
from app.accounts.queries import (
    account_in_council,
    accounts_of_council,
    accounts_with_second_step,
    council_by_slug,
    councils,
    has_second_step,
)
from app.accounts.sessions import sign_in, sign_out
from app.accounts.values import Permission, Proof, Role
from app.database import transaction
from app.web.errors import NotFoundError, show_error
from app.web.languages import _, in_english_only
from app.web.pages import go_to, page
from app.web.refusals import only_asks

accounts = Blueprint("accounts", __name__)
QUIET_PLACE = "https://www.bbc.co.uk/weather"
DEVICE_COOKIE = "tidemark-device"
NOT_TOGETHER = (
    "That e-mail address and password don’t go together. Check both and try again. A first password stops after "
    f"{services.GIVEN_FOR.days} days: then choose a new one."
)
OVER_HTTPS = "__Host-"
OPENED_A_CARD = "opened_a_card"
DEVICE_DAYS = 400
FIRST_PAGES = {
    Role.YOUNG_PERSON: "dashboards.home",
    Role.PARENT_CARER: "dashboards.caseload",
    Role.MENTOR: "dashboards.caseload",
    Role.COUNCIL_STAFF: "impact.comparison",
    Role.PROVIDER: "breaks.offers",
    Role.ADMINISTRATOR: "accounts.all_accounts",
    Role.AUDITOR: "oversight.trail",
}


def is_over_https() -> bool:
    """Say whether cookies go over HTTPS only, whatever the server behind a proxy sees."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def device_cookie() -> str:
    """Return the name of the cookie that enrols a phone: over HTTPS one that no other host can set."""
    return f"{OVER_HTTPS}{DEVICE_COOKIE}" if is_over_https() else DEVICE_COOKIE


@accounts.get("/")
@open_to_everybody
def welcome() -> ResponseReturnValue:
    """Send somebody signed in to their first page; else ask which council."""
    if current_user.is_authenticated:
        return go_to(FIRST_PAGES[current_user.viewer.role])
    return page(
        "accounts/welcome.html",
        choices=welcome_choices(councils()),
        device=device_cookie() in request.cookies,
        demo_url=url_for("demo.choose") if current_app.extensions["settings"].demo else None,
    )


@accounts.get("/healthy")
@open_to_everybody
def healthy() -> ResponseReturnValue:
    """Say that the app answers; names nothing."""
    return {"healthy": True}


@accounts.route("/c/<slug>/sign-in", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def sign_in_page(slug: str) -> ResponseReturnValue:
    council = council_by_slug(slug) or abort(404)
    form, problem, status = SignInForm(), None, 200
    if form.validate_on_submit():
        try:
            with transaction():
                account = services.check_password(
                    council_id=council.id,
                    email=form.email.data or "",
                    password=form.password.data or "",
                    address=request.remote_addr or "",
                )
                half_way = account is not None and has_second_step(account.id)
                if account is not None and half_way:
                    second_step.begin(account)
                elif account is not None:
                    sign_in(account, Proof.PASSWORD)
        except services.TooManyTriesError:
            problem, status = "Too many tries. Wait 15 minutes, then try again.", 429
        else:
            if account is not None:
                return go_to("second_step.ask" if half_way else "accounts.welcome")
            problem, status = NOT_TOGETHER, 422
    elif request.method == "POST":
        status = 422
    return page("accounts/sign_in.html", status=status, form=form, council=council, problem=problem)


@accounts.post("/sign-out")
@requires(Permission.SIGNED_IN)
def sign_out_now() -> ResponseReturnValue:
    with transaction():
        sign_out()
    response = make_response(go_to("accounts.welcome"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@accounts.get("/leave")
@open_to_everybody
def leave() -> ResponseReturnValue:
    """Leave quickly: end the session, clear what the browser kept, show the weather."""
    with transaction():
        sign_out()
    response = make_response(redirect(QUIET_PLACE, 303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@accounts.route("/c/<slug>/card", methods=["GET", "POST"])
@open_to_everybody
def card(slug: str) -> ResponseReturnValue:
    """Open a mentor's card by its code, then choose four pictures: this enrols the phone and signs in."""
    council = council_by_slug(slug) or abort(404)
    code, pictures = request.form.get("code", ""), request.form.getlist("picture")
    if only_asks():
        return page("accounts/card.html", council=council, code="", problem=None)
    try:
        with transaction():
            found = services.open_card(
                council_id=council.id, code=code, address=request.remote_addr or "", browser=_this_browser()
            )
            enrolment = services.enrol_device(card=found, pictures=pictures) if found and pictures else None
            if enrolment is not None:
                sign_in(enrolment.account, Proof.PICTURES)
    except services.TooManyTriesError:
        return show_error(429)
    except services.UnknownPictureCodeError:
        return _pictures_for_card(slug, code, too_few_pictures())
    if found is None:
        problem = _("That code doesn’t work now. Codes last ten minutes and work once. Ask your mentor for a new one.")
        return page("accounts/card.html", status=422, council=council, code=code, problem=problem)
    if enrolment is None:
        return _pictures_for_card(slug, code, None)
    return keep_device_cookie(make_response(go_to("accounts.welcome")), enrolment.device_token)


def _this_browser() -> str:
    """Return something random that this browser alone keeps, in its signed session, from now on."""
    if OPENED_A_CARD not in session:
        session[OPENED_A_CARD] = secrets.token_urlsafe(32)
    return str(session[OPENED_A_CARD])


def keep_device_cookie(response: Response, token: str) -> Response:
    """Let this browser keep what enrols it."""
    response.set_cookie(
        device_cookie(),
        token,
        max_age=DEVICE_DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=is_over_https(),
    )
    return response


def _pictures_for_card(slug: str, code: str, problem: str | None) -> ResponseReturnValue:
    return picture_page(
        action=url_for("accounts.card", slug=slug),
        title=_("Choose 4 pictures"),
        hint=_("Tap four pictures in an order you will know. They open Tidemark on this phone."),
        problem=problem,
        code=code,
    )


@accounts.route("/my-pictures", methods=["GET", "POST"])
@open_to_everybody
def picture_code() -> ResponseReturnValue:
    """Sign in on an enrolled phone with the four pictures."""
    token, problem = request.cookies.get(device_cookie()), None
    if token is None:
        raise NotFoundError
    if request.method == "POST":
        try:
            with transaction():
                account = services.check_picture_code(device_token=token, pictures=request.form.getlist("picture"))
                if account is not None:
                    sign_in(account, Proof.PICTURES)
        except services.TooManyTriesError:
            return show_error(429)
        if account is not None:
            return go_to("accounts.welcome")
        problem = _("Those are not your pictures. Try again, or ask your mentor for a new card.")
    return picture_page(
        action=url_for("accounts.picture_code"),
        title=_("Tap your 4 pictures"),
        hint=_("In the order you chose."),
        problem=problem,
    )


@accounts.route("/accounts", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def all_accounts() -> ResponseReturnValue:
    """Show the council's adults' accounts, and make a new one."""
    form, status = AccountForm(), 200
    if form.validate_on_submit():
        details = form.details()
        try:
            with transaction():
                services.create_account(
                    council_id=viewer().council_id,
                    role=details.role,
                    name=details.name,
                    email=details.email,
                    password=details.password,
                    actor=viewer(),
                    is_given=True,
                )
        except services.EmailIsTakenError as error:
            form.email.errors = [str(error)]
        else:
            flash(
                f"Made the account for {details.name}. Tell them the password, and to sign in within "
                f"{services.GIVEN_FOR.days} days at the address that you use."
            )
            return go_to("accounts.all_accounts")
    if request.method == "POST":
        status = 422
    rows = account_rows(accounts_of_council(viewer()), accounts_with_second_step(viewer()))
    return page("accounts/all.html", status=status, form=form, rows=rows)


@accounts.post("/accounts/<uuid:account_id>/active")
@requires(Permission.ACCOUNT_MANAGE)
def set_active(account_id: UUID) -> ResponseReturnValue:
    """Open or close an account; closing ends its sessions at once."""
    if account_id == viewer().account_id:
        abort(400)
    with transaction():
        account = account_in_council(viewer(), account_id)
        services.set_active(account=account, is_active=request.form.get("active") == "yes", actor=viewer())
    return go_to("accounts.all_accounts")


@accounts.post("/accounts/<uuid:account_id>/second-steps/forget")
@requires(Permission.ACCOUNT_MANAGE, freshly=True)
def forget_second_steps(account_id: UUID) -> ResponseReturnValue:
    """For somebody who lost their phone: forget their second steps; they set one up at the next sign-in."""
    if account_id == viewer().account_id:
        abort(400)
    with transaction():
        account = account_in_council(viewer(), account_id)
        second_step_services.forget_second_steps(account=account, actor=viewer())
        name = account.name
    flash(f"{name} sets up a new second step at the next sign-in.")
    return go_to("accounts.all_accounts")
