"""A one-page profile as a file: one page of A4, tagged so that it can be read aloud."""

from pathlib import Path

from flask import current_app, make_response, render_template
from flask.wrappers import Response

from app.profiles.presenters import ProfilePage
from app.web import printing

SIZES = (14.0, 12.5, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
"""Points: as large as the page allows."""


def as_file(profile: ProfilePage, council: str) -> Response:
    """Return a profile as a PDF to keep; its name says nothing of whose it is. Raises CannotPrintError."""
    style = (Path(current_app.static_folder or "") / "css" / "print-profile.css").read_text()
    html = render_template("profiles/print.html", profile=profile, council=council)
    response = make_response(printing.as_one_page(html, style=style, sizes=SIZES))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="one-page.pdf"'
    return response
