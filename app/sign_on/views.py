"""Signing in at a council's own provider: the way there, the way back, and saying once which account is whose."""

from flask import Blueprint, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.going_on import METHODS, going_on_to
from app.accounts.queries import council_of, own_account
from app.accounts.second_step_views import TOO_MANY
from app.accounts.services import TooManyTriesError
from app.accounts.sessions import sign_in
from app.accounts.values import Permission
from app.database import transaction
from app.sign_on import arriving, services, visits
from app.sign_on.arriving import WELCOME, Door, NeedsPasskeyError, door_of
from app.sign_on.forms import ProveForm
from app.sign_on.presenters import council_sign_on, my_sign_on
from app.sign_on.values import Purpose, SignOnError, StoppedThereError
from app.web.errors import NotFoundError
from app.web.languages import in_english_only
from app.web.pages import go_to, page

sign_on = Blueprint("sign_on", __name__)
sign_on.add_app_template_global(council_sign_on)
sign_on.add_app_template_global(my_sign_on)
OTHER_SITES = frozenset({"cross-site", "same-site"})
NOT_TOGETHER = "These don’t go together. Check them and try again."
BY_PASSKEY = "Sign in with your passkey first. Then connect your council account under “My sign-in”."


@sign_on.get("/c/<slug>/single-sign-on")
@open_to_everybody
@in_english_only
def begin(slug: str) -> ResponseReturnValue:
    """Send somebody to their council's provider; where another site sent them here, ask them first."""
    door = door_of(slug)
    if request.headers.get("Sec-Fetch-Site") in OTHER_SITES:
        return go_to("accounts.sign_in_page", slug=slug)
    return _to_provider(door, Purpose.SIGN_IN)


@sign_on.get("/single-sign-on/again")
@requires(Permission.SIGNED_IN)
def again() -> ResponseReturnValue:
    """Let the council's provider ask somebody once more who they are."""
    return _to_provider(_own_door(), Purpose.AGAIN)


@sign_on.get("/single-sign-on/connect")
@requires(Permission.SIGNED_IN, freshly=True)
def connect() -> ResponseReturnValue:
    """Send somebody who is signed in to the provider, to connect what they are there with their account here."""
    return _to_provider(_own_door(), Purpose.CONNECT)


def _own_door() -> Door:
    if viewer().young_person_id is not None:
        raise NotFoundError
    return door_of(council_of(viewer()).slug)


def _to_provider(door: Door, purpose: Purpose) -> ResponseReturnValue:
    try:
        return redirect(arriving.way_in(door, purpose), 303)
    except SignOnError as error:
        return _refused(door, error)


@sign_on.get("/c/<slug>/single-sign-on/answer")
@open_to_everybody
@in_english_only
def answer(slug: str) -> ResponseReturnValue:
    """Take the provider's answer: sign somebody in, or ask them once which account is theirs."""
    door = door_of(slug)
    wanted = going_on_to()
    try:
        begun, purpose = visits.take_begun(door.council.id, request.args.get("state", ""))
        if request.args.get("iss", door.provider.issuer) != door.provider.issuer or "code" not in request.args:
            raise StoppedThereError
        address = request.remote_addr or ""
        identity = arriving.redeemed(door, begun, code=request.args["code"], address=address)
        with transaction():
            endpoint = arriving.arrive(door, identity, purpose, g.get("viewer"))
    except SignOnError as error:
        return _refused(door, error)
    except TooManyTriesError:
        return page("sign_on/refused.html", status=429, council=door.council, problem=TOO_MANY)
    if endpoint == WELCOME and wanted and purpose is Purpose.AGAIN:
        return redirect(wanted, 303)
    return go_to(endpoint, slug=slug) if endpoint == arriving.ACCOUNT else go_to(endpoint)


def _refused(door: Door, error: SignOnError) -> ResponseReturnValue:
    return page("sign_on/refused.html", status=error.status, council=door.council, problem=str(error))


@sign_on.route("/c/<slug>/single-sign-on/account", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def account(slug: str) -> ResponseReturnValue:
    """Ask whoever the provider knows and we do not which account is theirs, and for what opens it."""
    door = door_of(slug)
    arrived = visits.arrived(door.council.id)
    if arrived is None:
        return go_to("accounts.sign_in_page", slug=slug)
    form, problem, status = ProveForm(), None, 200
    if form.validate_on_submit():
        try:
            with transaction():
                proved = arriving.proved_account(
                    council_id=door.council.id,
                    email=form.email.data or "",
                    password=form.password.data or "",
                    code=form.code.data or "",
                    address=request.remote_addr or "",
                )
                if proved is not None:
                    arriving.connect(door, arrived, proved)
                    sign_in(proved, arriving.proof_of(proved, arrived))
        except SignOnError as error:
            return _refused(door, error)
        except (TooManyTriesError, NeedsPasskeyError) as error:
            too_many = isinstance(error, TooManyTriesError)
            problem, status = (TOO_MANY, 429) if too_many else (BY_PASSKEY, 422)
        else:
            if proved is not None:
                return go_to(WELCOME)
            problem, status = NOT_TOGETHER, 422
    elif request.method == "POST":
        status = 422
    return page(
        "sign_on/account.html",
        status=status,
        form=form,
        problem=problem,
        council=door.council,
        name=door.provider.name,
        is_invited=arrived.invited is not None,
        is_signed_in=current_user.is_authenticated and current_user.viewer.council_id == door.council.id,
    )


@sign_on.post("/c/<slug>/single-sign-on/invited")
@open_to_everybody
@in_english_only
def invited(slug: str) -> ResponseReturnValue:
    """Take up an administrator's invitation."""
    door = door_of(slug)
    arrived = visits.arrived(door.council.id)
    if arrived is None or arrived.invited is None:
        return go_to("accounts.sign_in_page", slug=slug)
    try:
        with transaction():
            found = arriving.account_invited(door, arrived)
            arriving.connect(door, arrived, found)
            endpoint = arriving.let_in(found, is_two_steps=arrived.is_two_steps, proved_at=arrived.proved_at)
    except SignOnError as error:
        return _refused(door, error)
    return go_to(endpoint)


@sign_on.post("/single-sign-on/connect")
@requires(Permission.SIGNED_IN, freshly=True)
def connect_mine() -> ResponseReturnValue:
    """Connect whoever arrived from the provider with the account that is signed in here."""
    door = _own_door()
    arrived = visits.arrived(door.council.id)
    if arrived is None:
        return go_to(METHODS)
    try:
        with transaction():
            arriving.connect(door, arrived, own_account(viewer()))
    except SignOnError as error:
        return _refused(door, error)
    flash(f"{door.provider.name} is connected. Next time, it signs you in.")
    return go_to(METHODS)


@sign_on.post("/single-sign-on/disconnect")
@requires(Permission.SIGNED_IN, freshly=True)
def disconnect() -> ResponseReturnValue:
    """Stop signing in by the council's provider, where another way is left."""
    with transaction():
        mine = own_account(viewer())
        is_done = services.unbind(account=mine, actor=viewer())
    flash("Disconnected." if is_done else "This is your only way to sign in. Add a passkey first.")
    return go_to(METHODS)
