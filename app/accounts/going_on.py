"""Where a browser was going when it was asked to sign in again: kept in the signed cookie, always one of our own."""

from flask import session

from app.accounts.values import Viewer

GOING_ON_TO = "going_on_to"
METHODS = "my_sign_in.methods"


def go_on_to(path: str) -> None:
    """Remember the path of the request in hand; two slashes at its start would be another host's."""
    session[GOING_ON_TO] = f"/{path.lstrip('/')}"


def going_on_to() -> str | None:
    """Return the path that was asked for; signing in forgets it."""
    path: str | None = session.get(GOING_ON_TO)
    return path


def ways_to_sign_in(viewer: Viewer) -> str:
    """Return the endpoint of the page on which the viewer's own ways to sign in are."""
    return METHODS if viewer.young_person_id is None else "young_people.me"
