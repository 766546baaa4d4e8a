"""Rendering: a whole page, or for htmx one named block of it."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from jinja2_fragments.flask import render_block


def is_fragment_request() -> bool:
    """Say whether htmx asks, and so wants a part of a page."""
    return request.headers.get("HX-Request") == "true"


def page(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> ResponseReturnValue:  # noqa: ANN401 (a template's context)
    """Render a template whole, or only `block` of it when htmx asks and the view names one."""
    if block is not None and is_fragment_request():
        return render_block(template, block, **context), status
    return render_template(template, **context), status


def go_to(endpoint: str, **values: Any) -> Response:  # noqa: ANN401 (a URL's parts)
    """Redirect to one of our own pages after a form was handled."""
    response = make_response(redirect(url_for(endpoint, **values), 303))
    if is_fragment_request():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url_for(endpoint, **values)
    return response


@lru_cache(maxsize=256)
def _fingerprint(path: Path, modified: float) -> str:
    del modified
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return a static file's address with its fingerprint, so that it may be kept for a year."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime))


def install_pages(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
