"""Cursors in a URL: opaque, signed, and good for one young person's list only."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.web.errors import NotFoundError
from app.web.paging import Cursor, parse_cursor
from app.young_people.values import Access


def cursor_in_url(access: Access, cursor: Cursor) -> str:
    return str(_serializer(access).dumps(str(cursor)))


def cursor_from_url(access: Access, text: str | None) -> Cursor | None:
    """Return the cursor of a URL, None where it has none; raises NotFoundError for one that was not made here."""
    if not text:
        return None
    try:
        cursor = parse_cursor(_serializer(access).loads(text))
    except BadSignature:
        cursor = None
    if cursor is None:
        raise NotFoundError
    return cursor


def _serializer(access: Access) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"timeline {access.young_person_id}")
