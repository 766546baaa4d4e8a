"""Reading weeks of school: of one young person for those around them, and of a council for group figures."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Role, Viewer
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.models import SchoolWeek, YoungPerson
from app.young_people.queries import in_directory, young_person_for
from app.young_people.school import SchoolFact, SchoolWeekSaid
from app.young_people.values import Access, Tie

SEES = frozenset({Tie.MENTOR, Tie.PARENT_CARER})
CHUNK = 500


def school_access_for(viewer: Viewer, young_person_id: UUID) -> Access:
    """Return access for whoever records school weeks: the mentor, and council staff. Raises NotFoundError."""
    if viewer.role is Role.COUNCIL_STAFF:
        person = in_directory(viewer, young_person_id)
        return Access(person.id, person.council_id, person.known_as, frozenset(), is_self=False)
    access = young_person_for(viewer, young_person_id)
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    return access


def school_weeks_of(access: Access) -> list[SchoolWeek]:
    """Return a young person's weeks of school, earliest first; for access that `school_access_for` gave."""
    query = select(SchoolWeek).where(SchoolWeek.young_person_id == access.young_person_id)
    return list(db.session.execute(query.order_by(SchoolWeek.monday)).scalars())


def school_weeks_on_timeline(access: Access, since: date | None) -> list[SchoolWeekSaid]:
    """Return the weeks that a mentor or a parent carer reads beside everything else; nobody else's timeline has any."""
    if not access.ties & SEES:
        return []
    said = (said_of(row) for row in school_weeks_of(access))
    return [week for week in said if week is not None and (since is None or week.monday >= since)]


def school_week_for(access: Access, week_id: UUID) -> SchoolWeek:
    """Return one week of a young person; raises NotFoundError."""
    query = select(SchoolWeek).where(SchoolWeek.id == week_id, SchoolWeek.young_person_id == access.young_person_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def said_of(row: SchoolWeek) -> SchoolWeekSaid | None:
    """Return what a row says, or None where it does not open."""
    return week_said(row.monday, row.said)


def week_said(monday: date, said: Mapping[str, str]) -> SchoolWeekSaid | None:
    """Return what a row's sealed words say of a week, or None for words that do not open."""
    if not said:
        return None
    possible, attended = said["possible"], said["attended"]
    return SchoolWeekSaid(
        monday,
        int(possible) if possible else None,
        int(attended) if attended else None,
        full_time=bool(said["full_time"]),
    )


def school_weeks_at(keys: Collection[tuple[UUID, date]]) -> dict[tuple[UUID, date], SchoolWeek]:
    """Return the weeks that are there, by young person and Monday; for writing many at once."""
    wanted = sorted({person for person, _ in keys})
    found = dict[tuple[UUID, date], SchoolWeek]()
    for start in range(0, len(wanted), CHUNK):
        query = select(SchoolWeek).where(SchoolWeek.young_person_id.in_(wanted[start : start + CHUNK]))
        rows = db.session.execute(query).scalars()
        found.update(
            {(row.young_person_id, row.monday): row for row in rows if (row.young_person_id, row.monday) in keys}
        )
    return found


def school_weeks_of_council(council_id: UUID) -> list[SchoolFact]:
    """Return the weeks of everybody in a council's group figures, by person and week; for group figures alone."""
    query = (
        select(row_ids(SchoolWeek), SchoolWeek.young_person_id, SchoolWeek.monday, sealed_column(SchoolWeek, "said"))
        .join(YoungPerson, YoungPerson.id == SchoolWeek.young_person_id)
        .where(SchoolWeek.council_id == council_id, YoungPerson.in_group_figures.is_(True))
        .order_by(SchoolWeek.young_person_id, SchoolWeek.monday)
    )
    rows = db.session.execute(query).all()
    current_keyring().load(OwnerKind.YOUNG_PERSON, {row[1] for row in rows})
    opened = open_many(SchoolWeek, "said", OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=0, owners=1, values=3))
    weeks = ((person, week_said(monday, said)) for (_, person, monday, _), said in zip(rows, opened, strict=True))
    return [SchoolFact(person, week.monday, week.share, week.full_time) for person, week in weeks if week is not None]
