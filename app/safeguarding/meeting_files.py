"""One call for help with its course, to take to a strategy meeting: as a page of PDF, and for another program."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import current_app, make_response, render_template
from flask.wrappers import Response

from app import clock
from app.safeguarding.decision_presenters import CoursePage, Step, whole_moment
from app.web import printing
from app.web.dates import whole_date


def as_pdf(course: CoursePage, *, council: str, taken_by: str) -> bytes:
    """Return it as a tagged PDF. Raises CannotPrintError."""
    style = (Path(current_app.static_folder or "") / "css" / "print-concern.css").read_text()
    html = render_template(
        "safeguarding/print_concern.html",
        course=course,
        council=council,
        taken_by=taken_by,
        taken_at=whole_moment(clock.now()),
        born=whole_date(course.born) if course.born else "",
    )
    return printing.as_pdf(html, style=style, figure_style="")


def as_json(course: CoursePage, *, council: str, taken_by: str) -> bytes:
    """Return it as JSON: moments in UTC, days as dates, codes beside words."""
    held = {
        "council": council,
        "taken_by": taken_by,
        "taken_at": _moment(clock.now()),
        "young_person": {
            "name": course.full_name,
            "called": course.name,
            "reference": course.reference,
            "date_of_birth": _day(course.born),
        },
        "call_for_help": {
            "id": str(course.id),
            "came_from": course.source.value,
            "words": course.words,
            "found": course.found,
            "due": course.due,
        },
        "timeline": [_step(one) for one in course.steps],
    }
    return json.dumps(held, ensure_ascii=False, indent=2).encode()


def _step(one: Step) -> dict[str, Any]:
    held: dict[str, Any] = {"at": _moment(one.at), "what": one.code, "in_words": one.what}
    if one.code == "decided":
        held |= {
            "done": [each.value for each in one.done],
            "why": one.why,
            "look_again_on": _day(one.look_again_on),
            "is_closed": one.look_again_on is None,
            "young_person_reads": one.told,
        }
    return held


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_file(content: bytes, kind: str, ending: str) -> Response:
    """Return a file to keep; its name says nothing of whose it is."""
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="call-for-help.{ending}"'
    return response
