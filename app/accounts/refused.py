"""What somebody who is signed in was refused: an entry in the trail says who and what, a line in the log that it was.

A refusal looks like any page that does not exist, so only these two tell it from a mistyped address.
"""

from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import Viewer
from app.audit.services import record_refused
from app.database import db, transaction

REFUSED = frozenset({403, 404})
WHOSE = "young_person_id"
refusals = structlog.stdlib.get_logger("app.refusals")


def install_refused(app: Flask) -> None:
    """Write down each answer that keeps a guarded address, or what it names, from whoever is signed in."""

    @app.after_request
    def note_refused(response: Response) -> Response:
        viewer: Viewer | None = g.get("viewer")
        if response.status_code in REFUSED and viewer is not None and _is_guarded():
            _note(viewer, response.status_code)
        return response


def _is_guarded() -> bool:
    return request.endpoint is not None and declared_permission(current_app, request.endpoint) != PUBLIC


def _note(viewer: Viewer, status: int) -> None:
    try:
        db.session.rollback()
        with transaction():
            entry = record_refused(
                council_id=viewer.council_id,
                actor_id=viewer.account_id,
                endpoint=request.endpoint or "",
                record_id=_asked_for(request.view_args or {}),
            )
    except SQLAlchemyError as error:
        refusals.exception("refused, and the trail could not be written", kind=type(error).__name__)
    else:
        refusals.warning("refused", status=status, role=str(viewer.role), entry=entry)


def _asked_for(ids: dict[str, Any]) -> UUID | None:
    """Return whose record an address names, else the first id in it."""
    found = [ids.get(WHOSE), *ids.values()]
    return next((one for one in found if isinstance(one, UUID)), None)
