"""The one place that says what time it is, and what a person in Britain would call it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRITAIN = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def in_britain(moment: datetime) -> datetime:
    """Return the same moment on a British clock; `moment` must be aware."""
    return moment.astimezone(BRITAIN)


def today() -> date:
    """Return the date on a British calendar."""
    return in_britain(now()).date()
