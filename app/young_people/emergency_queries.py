"""Reading emergency accesses: those that count now, and those that somebody is told of or reviews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app import clock
from app.accounts.values import Permission, Viewer
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.models import EmergencyAccess, Relationship
from app.young_people.values import Tie

OPENED = "emergency_access:opened"


def _open_now() -> tuple[ColumnElement[bool], ...]:
    moment = clock.now()
    starts, ends = EmergencyAccess.started_at <= moment, EmergencyAccess.ends_at > moment
    return starts, ends, EmergencyAccess.ended_at.is_(None)


def emergency_until(viewer: Viewer, young_person_id: UUID) -> datetime | None:
    """Return until when an emergency access of the viewer's own opens this record; None where none does now."""
    if not viewer.may(Permission.EMERGENCY_OPEN):
        return None
    query = select(EmergencyAccess.ends_at).where(
        EmergencyAccess.council_id == viewer.council_id,
        EmergencyAccess.account_id == viewer.account_id,
        EmergencyAccess.young_person_id == young_person_id,
        *_open_now(),
    )
    return db.session.execute(query.order_by(EmergencyAccess.ends_at.desc()).limit(1)).scalar_one_or_none()


def own_open_accesses(viewer: Viewer) -> list[EmergencyAccess]:
    """Return the viewer's own accesses that count now, the last opened first."""
    query = select(EmergencyAccess).where(
        EmergencyAccess.council_id == viewer.council_id,
        EmergencyAccess.account_id == viewer.account_id,
        *_open_now(),
    )
    order = EmergencyAccess.started_at.desc(), EmergencyAccess.id
    return list(db.session.execute(query.order_by(*order)).scalars())


def own_open_access(viewer: Viewer, young_person_id: UUID) -> EmergencyAccess:
    """Return the viewer's own access to a young person that counts now; raises NotFoundError."""
    found = next((one for one in own_open_accesses(viewer) if one.young_person_id == young_person_id), None)
    if found is None:
        raise NotFoundError
    return found


def accesses_told_to(viewer: Viewer, moment: datetime) -> list[EmergencyAccess]:
    """Return who else opened records of those whose mentor the viewer is since then, newest first."""
    mentored = select(Relationship.young_person_id).where(
        Relationship.account_id == viewer.account_id, Relationship.tie == Tie.MENTOR, Relationship.ended_at.is_(None)
    )
    query = select(EmergencyAccess).where(
        EmergencyAccess.council_id == viewer.council_id,
        EmergencyAccess.young_person_id.in_(mentored),
        EmergencyAccess.started_at >= moment,
        EmergencyAccess.account_id != viewer.account_id,
    )
    return list(db.session.execute(query.order_by(EmergencyAccess.started_at.desc(), EmergencyAccess.id)).scalars())


def accesses_of_council(viewer: Viewer) -> list[EmergencyAccess]:
    """Return every emergency access of the council for its auditor, those to review first, then the newest.

    Raises NotFoundError for anybody else.
    """
    if not viewer.may(Permission.AUDIT_READ):
        raise NotFoundError
    query = select(EmergencyAccess).where(EmergencyAccess.council_id == viewer.council_id)
    order = EmergencyAccess.reviewed_at.is_not(None), EmergencyAccess.started_at.desc(), EmergencyAccess.id
    return list(db.session.execute(query.order_by(*order)).scalars())


def access_to_review(viewer: Viewer, access_id: UUID) -> EmergencyAccess:
    """Return one emergency access of the council for its auditor; raises NotFoundError."""
    found = db.session.get(EmergencyAccess, access_id) if viewer.may(Permission.AUDIT_READ) else None
    if found is None or found.council_id != viewer.council_id:
        raise NotFoundError
    return found
