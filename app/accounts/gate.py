"""The gate before every request: a view that declares no permission is refused, and so is a viewer without it."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.going_on import METHODS, go_on_to, ways_to_sign_in
from app.accounts.values import Permission, Viewer
from app.web.errors import show_typed_before
from app.web.languages import _

P = ParamSpec("P")
R = TypeVar("R")
DECLARED = "tidemark_permission"
FRESHLY = "tidemark_freshly"
PUBLIC = "public"
FROM_OUTBOX = "Tidemark-Outbox"
"""The header of what waited on a phone: its sender wants to know that nobody is signed in, not where to go."""
ALWAYS_OPEN = frozenset({"static"})


class UndeclaredViewError(RuntimeError):
    """A view says nothing about who may use it."""


def requires(permission: Permission, *, freshly: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the permission that a view needs; `freshly`: of somebody who proved a moment ago who they are."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, DECLARED, permission)
        setattr(view, FRESHLY, freshly)
        return view

    return declare


def open_to_everybody(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view needs no sign-in; the short list of these is held by a test."""
    setattr(view, DECLARED, PUBLIC)
    return view


def viewer() -> Viewer:
    """Return who is signed in; only for views that `requires` let through."""
    return cast("Viewer", g.viewer)


def declared_permission(app: Flask, endpoint: str) -> Permission | str | None:
    """Return what an endpoint's view declares: a permission, `public`, or None."""
    if endpoint in ALWAYS_OPEN:
        return PUBLIC
    return getattr(app.view_functions[endpoint], DECLARED, None)


def check_gate() -> ResponseReturnValue | None:
    """Refuse a request whose view declares nothing (an error), needs a sign-in, or needs another role (404).

    Who needs a second step and has none yet, or has a password that somebody else typed, finds only the pages that ask
    for no more than a sign-in.
    """
    if request.endpoint is None:
        return None
    declared = declared_permission(current_app, request.endpoint)
    if declared is None:
        raise UndeclaredViewError(request.endpoint)
    if current_user.is_authenticated:
        g.viewer = current_user.viewer
    if declared == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not viewer().may(Permission(declared)):
        abort(404)
    is_held_up = current_user.must_set_up or current_user.must_choose_password
    if is_held_up and declared is not Permission.SIGNED_IN:
        return _elsewhere(METHODS)
    if not current_user.is_fresh and getattr(current_app.view_functions[request.endpoint], FRESHLY, False):
        return _ask_again()
    return None


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a page to the sign-in page, an htmx request there as a whole page; what was typed comes back to be sent."""
    if request.headers.get(FROM_OUTBOX):
        return "", 401
    if not request.headers.get("HX-Request"):
        typed = show_typed_before(401, _("Sign in first. Then send it."), url_for("accounts.welcome"))
        if typed is not None:
            return typed
    return _elsewhere("accounts.welcome")


def _ask_again() -> ResponseReturnValue:
    """Ask who it is before going on; what was typed comes back to be sent, as after a session that ended."""
    typed = show_typed_before(401, _("Say again who you are. Then send it."), url_for("again.ask"))
    if typed is not None:
        return typed
    go_on_to(request.full_path if _can_be_opened() else url_for(ways_to_sign_in(viewer())))
    return _elsewhere("again.ask")


def _can_be_opened() -> bool:
    """Say whether the request's address is a page; what is only a button stands with the ways to sign in."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _elsewhere(endpoint: str) -> ResponseReturnValue:
    target = url_for(endpoint)
    if request.headers.get("HX-Request"):
        response = make_response("", 204)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)
