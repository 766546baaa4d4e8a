"""Error pages that say what to do and nothing of what went wrong inside."""

import logging
import traceback
from typing import cast

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError

from app.database import is_there_already
from app.web.languages import _, _l, phone_language, speaking
from app.web.typed_before import typed_before

logger = logging.getLogger(__name__)
PAGES = {
    400: (_l("That didn’t work"), _l("Go back, reload the page and try again. Nothing you saved is lost.")),
    404: (_l("There is nothing here"), _l("The page may have moved, or it is not one you can see.")),
    405: (_l("That didn’t work"), _l("Go back, reload the page and try again. Nothing you saved is lost.")),
    413: (_l("That is too big"), _l("Go back and send something smaller.")),
    429: (_l("Too many tries"), _l("Wait 15 minutes, then try again.")),
    500: (_l("Something broke on our side"), _l("Nothing you saved is lost. Try again in a minute.")),
    503: (_l("Tidemark is having a rest"), _l("It can’t save anything right now. Try again in a minute.")),
}


class NotFoundError(NotFound):
    """What was asked for does not exist, or the viewer may not see it: nobody is told which."""


def show_error(code: int, message: str | None = None) -> ResponseReturnValue:
    title, advice = PAGES.get(code, PAGES[400] if code < 500 else PAGES[500])  # noqa: PLR2004 (HTTP's own border)
    return render_template("errors/error.html", title=title, advice=message or advice), code


def show_typed_before(code: int, message: str, sign_in_url: str | None = None) -> ResponseReturnValue | None:
    """Give back what was typed into a form that could not be taken just now; None where nothing was, or a secret."""
    sent = typed_before()
    if sent is None:
        return None
    title = _("Sign in, then send it") if sign_in_url else PAGES[code][0]
    advice = {"title": title, "advice": message, "sent": sent, "sign_in_url": sign_in_url}
    return render_template("errors/typed_before.html", **advice), code


def not_now() -> ResponseReturnValue:
    """Say that nothing can be read or saved just now, and give back what was typed.

    What draws the page asks nothing of the database in vain: `nothing_can_be_read` tells it so.
    """
    g.nothing_can_be_read = True
    with speaking(phone_language()):  # who is signed in, and how they like to read, cannot be asked
        return show_typed_before(503, PAGES[503][1]) or show_error(503)


def of_anything(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("unhandled %s in %s\n%s", type(error).__name__, request.endpoint, where)
    with speaking(phone_language()):
        return show_error(500)


def answer_once_more(error: IntegrityError) -> ResponseReturnValue:
    """Let a view answer again where somebody saved the same at the same moment: now it finds that, and says so."""
    if g.get("answered_twice") or request.endpoint is None or not is_there_already(error):
        return of_anything(error)
    g.answered_twice = True
    for file in request.files.values():
        file.stream.seek(0)
    view = current_app.view_functions[request.endpoint]
    try:
        return cast("ResponseReturnValue", view(**(request.view_args or {})))
    except Exception as again:  # noqa: BLE001 (whatever it is, it has a page of its own)
        return current_app.handle_user_exception(again)


def install_error_pages(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error
        if isinstance(error, SecurityError):
            return "There is nothing here.", 400, {"Content-Type": "text/plain; charset=utf-8"}
        return show_error(error.code or 500)

    @app.errorhandler(CSRFError)
    def of_csrf(error: CSRFError) -> ResponseReturnValue:
        del error
        again = show_typed_before(400, _("This page was open for too long. Send it once more."))
        return again or show_error(400, _("This page was open for too long. Go back, reload it and send it again."))

    @app.errorhandler(OperationalError)
    def of_database(error: OperationalError) -> ResponseReturnValue:
        logger.error("the database refused: %s", type(error.orig).__name__)
        return not_now()

    app.register_error_handler(IntegrityError, answer_once_more)
    app.register_error_handler(Exception, of_anything)
