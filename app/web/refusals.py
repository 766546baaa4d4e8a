"""Refusing what none of our pages sends: changes that other sites ask for, files, and NUL."""

from flask import Flask, abort, request

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOT_FROM_OTHERS = frozenset({"same-origin", "none"})
NUL = "\0"


def install_refusals(app: Flask) -> None:
    """Answer such requests before a view sees them; PostgreSQL keeps no NUL, and no form of ours has a file in it."""

    @app.before_request
    def refuse_strange_requests() -> None:
        if NUL in request.path:
            abort(404)
        if request.method in CHANGING and request.headers.get("Sec-Fetch-Site", "none") not in NOT_FROM_OTHERS:
            abort(400)
        sent = (*request.args.items(multi=True), *request.form.items(multi=True))
        if request.files or any(NUL in text for _, text in sent):
            abort(400)
