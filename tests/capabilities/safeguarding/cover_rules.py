"""A council's rules for calls for help, as tests set them, and pages as they are read."""

from datetime import time, timedelta
from html import unescape

from flask.testing import FlaskClient

from app.database import transaction
from app.safeguarding.cover import Hours, same_hours
from app.safeguarding.services import set_rules
from app.safeguarding.values import Rules
from tests.people import Cast

ALWAYS = same_hours(frozenset(range(7)), time(0), time(23, 59))


def make_rules(cast: Cast, *phrases: str, hours: Hours = ALWAYS) -> None:
    cover = frozenset({cast.council_staff.account_id})
    with transaction():
        set_rules(viewer=cast.council_staff, rules=Rules(phrases, hours, timedelta(hours=4), cover))


def read(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.text)
