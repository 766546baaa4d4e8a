"""What the page about school weeks may show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.crypto.fields import UNREADABLE
from app.web.dates import whole_date
from app.young_people.models import SchoolWeek
from app.young_people.school import Band, SchoolWeekSaid
from app.young_people.school_queries import said_of

WHOLE = 100
MOST_SHOWN = 80
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One week in the list; `share` in percent."""

    id: UUID
    day: str
    week: str
    sessions: str
    share: int
    band: Band | None


def sessions_words(week: SchoolWeekSaid) -> str:
    """Return how much of a week it was, in words."""
    if week.possible is None:
        return "All sessions"
    return f"{week.attended} of {week.possible} sessions"


def school_lines(weeks: Iterable[SchoolWeek]) -> list[SchoolLine]:
    """Return the newest weeks first."""
    return [_line(row) for row in sorted(weeks, key=lambda row: row.monday, reverse=True)][:MOST_SHOWN]


def _line(row: SchoolWeek) -> SchoolLine:
    said = said_of(row)
    return SchoolLine(
        id=row.id,
        day=row.monday.isoformat(),
        week=whole_date(row.monday),
        sessions=UNREADABLE if said is None else sessions_words(said),
        share=0 if said is None else round(WHOLE * said.share),
        band=None if said is None else said.band,
    )


def next_week(weeks: Iterable[SchoolWeek], this_monday: date) -> date:
    """Return the Monday to offer: the week after the newest one, at most this week."""
    newest = max((row.monday for row in weeks), default=this_monday - WEEK)
    return min(newest + WEEK, this_monday)


def typed(week: SchoolWeekSaid) -> dict[str, str | int | bool | None]:
    """Return a week as somebody would type it into its form."""
    return {
        "week": week.monday.isoformat(),
        "possible": week.possible,
        "attended": week.attended,
        "full_time": week.full_time,
    }
