"""What an auditor types to search the trail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from app.audit.values import Area, Search
from app.web.dates import start_of_day

ACTION = re.compile(r"[a-z_]{1,40}:[a-z_]{1,40}")
SEQUENCE = re.compile(r"\d{1,9}", re.ASCII)
YEARS = range(2000, 2200)
NOBODY = "nobody"
FIELDS = ("since", "until", "area", "action", "who", "about")


@dataclass(frozen=True, slots=True)
class TypedSearch:
    """What was typed, what it asks for, and what is wrong with it by field; a field with a problem asks for nothing."""

    typed: dict[str, str]
    search: Search
    problems: dict[str, str] = field(default_factory=dict)


def typed_search(sent: Mapping[str, str]) -> TypedSearch:
    """Read a search from a page's address."""
    typed = {name: sent.get(name, "").strip()[:100] for name in FIELDS}
    problems = dict[str, str]()
    since, until = (_day(typed, name, problems) for name in ("since", "until"))
    if since and until and until < since:
        problems["until"] = "This is before the first day. Swap them."
        until = None
    if typed["action"] and not ACTION.fullmatch(typed["action"]):
        problems["action"] = "An action looks like note:written."
    by_system = typed["who"] == NOBODY
    search = Search(
        since=start_of_day(since) if since else None,
        until=start_of_day(until + timedelta(days=1)) if until else None,
        area=Area.__members__.get(typed["area"].upper()),
        action="" if "action" in problems else typed["action"],
        actor_id=None if by_system else _id(typed, "who", problems, "Choose somebody from the list."),
        by_system=by_system,
        about=_id(typed, "about", problems, "This is no whole number of a record. Copy all 36 characters of it."),
    )
    return TypedSearch(typed, search, problems)


def typed_sequence(text: str) -> int | None:
    """Return the number of an entry that a page goes on from; None for what can be none."""
    return int(text) if SEQUENCE.fullmatch(text) else None


def _day(typed: Mapping[str, str], name: str, problems: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(typed[name]) if typed[name] else None
    except ValueError:
        day = date.min
    if day is None or day.year in YEARS:
        return day
    problems[name] = "Type a day as it is in the calendar, such as 2026-11-27."
    return None


def _id(typed: Mapping[str, str], name: str, problems: dict[str, str], sentence: str) -> UUID | None:
    try:
        return UUID(typed[name]) if typed[name] else None
    except ValueError:
        problems[name] = sentence
        return None
