"""The one place that says what time it is, and what a person in Britain would call it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BRITAIN = ZoneInfo("Europe/London")


SKEW = timedelta(minutes=5)
"""How far the clocks of two servers may be apart."""


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def is_within(life: timedelta, since: datetime) -> bool:
    """Say whether something that began at `since` still counts; not where a clock that was put back says: in future."""
    return -SKEW <= now() - since <= life


class NoSuchTimeError(ValueError):
    """The clocks go forward over this time of day."""


def from_britain(naive: datetime) -> datetime:
    """Return the moment (UTC) that a British clock calls `naive`; of two, the first. Raises NoSuchTimeError."""
    moment = naive.replace(tzinfo=BRITAIN).astimezone(UTC)
    if moment.astimezone(BRITAIN).replace(tzinfo=None) != naive:
        raise NoSuchTimeError(f"The clocks go forward at that time: there is no {naive:%H:%M} on {naive:%d/%m/%Y}.")
    return moment


def in_britain(moment: datetime) -> datetime:
    """Return the same moment on a British clock; `moment` must be aware."""
    return moment.astimezone(BRITAIN)


def today() -> date:
    """Return the date on a British calendar."""
    return in_britain(now()).date()
