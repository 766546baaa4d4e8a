"""HTTP for the app on a phone."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.passkey_services import remove_passkeys
from app.accounts.passwords import hash_token
from app.accounts.queries import own_account, own_device_holding
from app.accounts.services import revoke_device
from app.accounts.sessions import sign_out
from app.accounts.values import Permission
from app.accounts.views import device_cookie, is_over_https
from app.database import transaction
from app.phone import shell
from app.web.pages import go_to

phone = Blueprint("phone", __name__)
phone.add_app_template_global(shell.outbox_owner)


@phone.get("/manifest.webmanifest")
@open_to_everybody
def manifest() -> ResponseReturnValue:
    """Say how the app looks once it is installed."""
    response = make_response(shell.manifest())
    response.mimetype = "application/manifest+json"
    return response


@phone.get("/service-worker.js")
@open_to_everybody
def service_worker() -> ResponseReturnValue:
    """Give the worker from the root, so that every page is in its scope."""
    return Response(shell.service_worker(), mimetype="text/javascript")


@phone.get("/offline")
@open_to_everybody
def offline() -> ResponseReturnValue:
    """Give the page that the phone keeps for when there is no signal; it has no cookie, no token and no name in it."""
    return shell.offline_page()


@phone.get("/outbox")
@requires(Permission.CHECK_IN_RECORD)
def ticket() -> ResponseReturnValue:
    """Give a fresh form token to our own pages, and say whose session it belongs to."""
    return {"token": generate_csrf(), "owner": shell.owner_mark(viewer().account_id)}


@phone.post("/me/this-phone/forget")
@requires(Permission.SHARING_CHOOSE)
def forget_this_phone() -> ResponseReturnValue:
    """Revoke the enrolment of the phone in hand and all passkeys, end its session, tell the browser to keep nothing."""
    with transaction():
        device = own_device_holding(viewer(), hash_token(request.cookies.get(device_cookie(), "")))
        if device is not None:
            revoke_device(device=device, actor=viewer())
        else:
            remove_passkeys(account=own_account(viewer()), actor=viewer())
        sign_out()
    response = make_response(go_to("accounts.welcome"))
    response.delete_cookie(device_cookie(), httponly=True, samesite="Lax", secure=is_over_https())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
