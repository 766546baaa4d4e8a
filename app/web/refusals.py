"""Refusing what none of our pages sends: changes that other sites ask for, files where none belongs, and NUL."""

from flask import Flask, abort, request

from app.web.uploads import FIELD, is_for_a_file

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOT_FROM_OTHERS = frozenset({"same-origin", "none"})
NUL = "\0"


def only_asks() -> bool:
    """Say whether the request asks to be shown something, and sends nothing: HEAD is a GET without its page.

    No token comes with either, and other sites may cause both, so nothing is changed by them.
    """
    return request.method not in CHANGING


def install_refusals(app: Flask) -> None:
    """Answer such requests before a view sees them; PostgreSQL keeps no NUL, and few forms have a file in them."""

    @app.before_request
    def refuse_strange_requests() -> None:
        if NUL in request.path:
            abort(404)
        if not only_asks() and request.headers.get("Sec-Fetch-Site", "none") not in NOT_FROM_OTHERS:
            abort(400)
        sent = (*request.args.items(multi=True), *request.form.items(multi=True))
        allowed = {FIELD} if is_for_a_file(request.endpoint) else set()
        if not set(request.files) <= allowed or any(NUL in text for _, text in sent):
            abort(400)
