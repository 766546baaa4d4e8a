"""Logs: one line of JSON for each answer and each thing that went wrong, of what is known to name nobody.

Nothing is looked for and taken out that could have been left out: an address, a form, a message of an exception and
what a library has put together never get here. Our own sentences are looked through all the same.
"""

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TextIO
from uuid import UUID, uuid4

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from app.web.contacts import without_contacts

OURS = "app"
FIELDS = ("request", "endpoint", "method", "status", "ms", "role", "entry")
"""All that a line may say beside what happened: names and numbers of our own."""
LEFT_OUT = "(left out)"
QUIET = frozenset({"static", "accounts.healthy"})
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")
MADE_UP_OF_WORDS = re.compile(r"[a-z]+(?:[_-][a-z]+)*")
answers = structlog.stdlib.get_logger("app.answers")


def without_secrets(words: str) -> str:
    """Return words without e-mail addresses, telephone numbers, and whatever looks like a key; ids of rows stay."""
    return TOKEN.sub(_token, without_contacts(words, LEFT_OUT))


def _token(found: re.Match[str]) -> str:
    words = found.group()
    if MADE_UP_OF_WORDS.fullmatch(words):
        return words
    try:
        UUID(words)
    except ValueError:
        return LEFT_OUT
    return words


class Lines(logging.Formatter):
    """Turns a record of any library into one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self.event(record),
        }
        known = get_contextvars() | vars(record)
        said |= {name: known[name] for name in FIELDS if name in known}
        if record.exc_info and record.exc_info[0] is not None:
            said["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            said["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(said, ensure_ascii=True)

    def event(self, record: logging.LogRecord) -> str:
        """Return our own sentence, or of a library no more than the words that stand in its source."""
        if record.name.split(".")[0] == OURS:
            return without_secrets(record.getMessage())
        words = record.msg if isinstance(record.msg, str) and record.args else LEFT_OUT
        return f"{words} [{record.module}:{record.lineno}]"


class _ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to where standard error is when something is written, not when this was made."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


HANDLER = _ToStandardError()
HANDLER.setFormatter(Lines())


def install_logs(app: Flask) -> None:
    """Write lines to standard error, and one for each answer: which page, how, for which role, and how long it took."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root = logging.getLogger()
    if HANDLER not in root.handlers:
        root.addHandler(HANDLER)
    logging.getLogger(OURS).setLevel(logging.INFO)

    @app.before_request
    def begin() -> None:
        clear_contextvars()
        bind_contextvars(request=uuid4().hex, endpoint=request.endpoint, method=request.method)
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint not in QUIET:
            viewer = g.get("viewer")
            role = str(viewer.role) if viewer else "nobody"
            taken = round((time.perf_counter() - g.began) * 1000) if "began" in g else 0
            answers.info("answered", status=response.status_code, ms=taken, role=role)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        del error
        clear_contextvars()
