"""HTTP for the council's auditor: searching the trail and taking it away."""

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import accounts_of_council, adults_among
from app.accounts.values import Permission
from app.audit import services as audit
from app.database import transaction
from app.oversight import presenters
from app.oversight.forms import typed_search, typed_sequence
from app.oversight.queries import trail_visible_to
from app.web.pages import page

oversight = Blueprint("oversight", __name__)
ON_A_PAGE = 50
MOST_ROWS = 50_000


@oversight.get("/audit")
@requires(Permission.AUDIT_READ)
def trail() -> ResponseReturnValue:
    """Show what was done and seen in the council, newest first, as far as the search asks for it."""
    asked, before = typed_search(request.args), typed_sequence(request.args.get("before", ""))
    found = trail_visible_to(viewer(), asked.search, before=before, limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    adults = adults_among(viewer(), [one.actor_id for one in shown if one.actor_id])
    lines = presenters.trail_lines(shown, adults)
    older = {**_kept(asked.typed), "before": shown[-1].sequence} if len(found) > ON_A_PAGE else None
    _note("audit:searched")
    return page(
        "oversight/trail.html",
        status=422 if asked.problems else 200,
        lines=lines,
        asked=asked,
        kept=_kept(asked.typed),
        older=older,
        is_first=before is None,
        areas=presenters.area_choices(),
        adults=presenters.adult_choices(accounts_of_council(viewer())),
    )


def _kept(typed: dict[str, str]) -> dict[str, str]:
    """Return what a link has to carry so that it asks for the same."""
    return {name: value for name, value in typed.items() if value}


def _note(action: str) -> None:
    with transaction():
        audit.record(council_id=viewer().council_id, actor_id=viewer().account_id, action=action)


@oversight.get("/audit/entries.csv")
@requires(Permission.AUDIT_READ, freshly=True)
def trail_csv() -> ResponseReturnValue:
    """Give what the search finds as a file, newest first, up to 50,000 entries."""
    found = trail_visible_to(viewer(), typed_search(request.args).search, before=None, limit=MOST_ROWS)
    response = make_response(presenters.as_csv(found))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
    _note("audit:downloaded")
    return response
