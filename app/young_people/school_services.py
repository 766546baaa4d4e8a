"""Recording weeks of school, one at a time or many at once."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.models import SchoolWeek
from app.young_people.queries import strangers_among
from app.young_people.school import SchoolWeekSaid, check_week
from app.young_people.school_queries import said_of, school_week_for, school_weeks_at
from app.young_people.services import record_written
from app.young_people.values import Access


class Written(NamedTuple):
    """How many weeks were new, and how many said something else before."""

    added: int
    changed: int


def record_school_week(*, viewer: Viewer, access: Access, week: SchoolWeekSaid) -> SchoolWeek:
    """Keep a week of school; the same week again corrects it. Raises NotAWeekError.

    `access` is what `school_access_for` gave.
    """
    check_week(week, clock.today())
    key = access.young_person_id, week.monday
    existing = school_weeks_at({key}).get(key)
    if existing is not None and said_of(existing) == week:
        return existing
    row = existing or _new(access.council_id, access.young_person_id, week.monday)
    _fill(row, week, viewer.account_id)
    db.session.add(row)
    action = "school_week:corrected" if existing is not None else "school_week:recorded"
    record_written(viewer=viewer, action=action, about=row)
    return row


def remove_school_week(*, viewer: Viewer, access: Access, week_id: UUID) -> None:
    """Take out a week that was recorded by mistake. Raises NotFoundError."""
    row = school_week_for(access, week_id)
    db.session.delete(row)
    record_written(viewer=viewer, action="school_week:removed", about=row)


def record_school_weeks_in_bulk(
    *, council_id: UUID, actor: Viewer | None, weeks: Mapping[tuple[UUID, date], SchoolWeekSaid]
) -> Written:
    """Keep many weeks, by young person and Monday; one audit entry for each young person with something new.

    Raises NotAWeekError before anything is written, and NotFoundError for a young person of another council.
    """
    today, people = clock.today(), {person for person, _ in weeks}
    for week in weeks.values():
        check_week(week, today)
    if strangers_among(council_id, people):
        raise NotFoundError
    current_keyring().load(OwnerKind.YOUNG_PERSON, people)
    known, author = school_weeks_at(weeks.keys()), actor.account_id if actor else None
    news = {key: week for key, week in weeks.items() if key not in known or said_of(known[key]) != week}
    for (person_id, monday), week in news.items():
        row = known.get((person_id, monday)) or _new(council_id, person_id, monday)
        _fill(row, week, author)
        db.session.add(row)
    db.session.flush()
    audit.record_for_each(
        council_id=council_id,
        actor_id=author,
        action="school_weeks:imported",
        young_person_ids=sorted({person for person, _ in news}),
    )
    changed = sum(key in known for key in news)
    return Written(len(news) - changed, changed)


def _new(council_id: UUID, young_person_id: UUID, monday: date) -> SchoolWeek:
    return SchoolWeek(council_id=council_id, young_person_id=young_person_id, monday=monday)


def _fill(row: SchoolWeek, week: SchoolWeekSaid, author: UUID | None) -> None:
    row.said = {
        "possible": "" if week.possible is None else str(week.possible),
        "attended": "" if week.attended is None else str(week.attended),
        "full_time": "yes" if week.full_time else "",
    }
    row.recorded_by, row.recorded_at = author, clock.now()
