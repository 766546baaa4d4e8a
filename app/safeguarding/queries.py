"""Reading concerns: for the young person who asked, and for their mentors."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.database import db
from app.safeguarding.models import Concern
from app.web.errors import NotFoundError
from app.young_people.values import Access


def concerns_of(access: Access) -> list[Concern]:
    """Return every concern about a young person, newest first, for themself, their mentors, and in an emergency."""
    if not _may_see(access):
        return []
    return list(db.session.execute(_about([access.young_person_id])).scalars())


def open_concerns(who: Access | Iterable[UUID]) -> list[Concern]:
    """Return the concerns that nobody has acknowledged, newest first.

    Given ids: of young people whose mentor the viewer was already found to be.
    """
    if isinstance(who, Access):
        return [concern for concern in concerns_of(who) if concern.acknowledged_at is None]
    return list(db.session.execute(_about(list(who)).where(Concern.acknowledged_at.is_(None))).scalars())


def concern_for(access: Access, concern_id: UUID) -> Concern:
    """Return one concern; raises NotFoundError where it is not for the viewer."""
    query = _about([access.young_person_id]).where(Concern.id == concern_id)
    concern = db.session.execute(query).scalar_one_or_none() if _may_see(access) else None
    if concern is None:
        raise NotFoundError
    return concern


def untaken_since(moment: datetime) -> list[tuple[UUID, UUID]]:
    """Return (concern, young person), everywhere, of the calls for help since then that nobody has taken on."""
    query = select(Concern.id, Concern.young_person_id).where(
        Concern.raised_at >= moment, Concern.acknowledged_at.is_(None)
    )
    return [(one, person) for one, person in db.session.execute(query.order_by(Concern.raised_at))]


def _may_see(access: Access) -> bool:
    return access.is_self or access.reads_as_mentor


def _about(young_person_ids: list[UUID]) -> Select[Concern]:
    query = select(Concern).where(Concern.young_person_id.in_(young_person_ids))
    return query.order_by(Concern.raised_at.desc(), Concern.id)
