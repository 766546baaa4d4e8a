"""HTTP for a copy of one's own data: for young people, and for parent carers of what they wrote."""

from collections.abc import Iterator

from flask import Blueprint, current_app, stream_with_context
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.database import transaction
from app.records.copy_archive import archive
from app.records.copy_queries import own_copy
from app.records.copy_services import note_handed_out
from app.web.pages import page
from app.web.refusals import only_asks

copies = Blueprint("copies", __name__)


@copies.route("/my-copy", methods=["GET", "POST"])
@requires(Permission.OWN_COPY, freshly=True)
def mine() -> ResponseReturnValue:
    """Say what a copy of one's own data holds; a button makes it and sends it in one go, and nothing of it is kept."""
    if only_asks():
        is_young = viewer().young_person_id is not None
        return page("records/my_copy.html" if is_young else "records/carers_copy.html")
    with transaction():
        note_handed_out(council_id=viewer().council_id, young_person_id=viewer().young_person_id, actor=viewer())
    parts: Iterator[bytes] = stream_with_context(archive(own_copy(viewer())))
    response = current_app.response_class(parts, mimetype="application/zip")
    name = f"tidemark-{clock.today():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
