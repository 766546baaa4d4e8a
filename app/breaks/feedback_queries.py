"""Reading what young people said after sessions: their own, what is shared, and scores for group figures."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app import clock
from app.breaks.feedback import POINTS_BETWEEN_FACES, POINTS_BETWEEN_TREATED, FeedbackFact
from app.breaks.models import Attendance, Offer, Session, SessionFeedback
from app.breaks.values import CAME, SessionAttended
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.values import Access

CHUNK = 500


def session_to_ask_about(access: Access, since: datetime) -> SessionAttended | None:
    """Return the newest session since a moment that the young person came to and was not asked about yet."""
    asked = select(SessionFeedback.session_id).where(SessionFeedback.young_person_id == access.young_person_id)
    query = _attended(access).where(
        Session.starts_at >= since, Session.ends_at <= clock.now(), Session.id.not_in(asked)
    )
    found = db.session.execute(query.order_by(Session.starts_at.desc(), Session.id).limit(1)).one_or_none()
    return None if found is None else _session(*found)


def session_attended(access: Access, session_id: UUID) -> SessionAttended:
    """Return one session that the young person came to; raises NotFoundError."""
    found = db.session.execute(_attended(access).where(Session.id == session_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return _session(*found)


def _attended(access: Access) -> Select[Attendance, Session, Offer]:
    return (
        select(Attendance, Session, Offer)
        .join(Session, Session.id == Attendance.session_id)
        .join(Offer, Offer.id == Session.offer_id)
        .where(Attendance.young_person_id == access.young_person_id, Attendance.status.in_(CAME))
    )


def _session(attendance: Attendance, session: Session, offer: Offer) -> SessionAttended:
    return SessionAttended(
        id=attendance.id,
        session_id=session.id,
        offer_id=offer.id,
        offer_name=offer.name,
        at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place or offer.place,
        status=attendance.status,
    )


def feedback_visible_to(access: Access, session_ids: Collection[UUID]) -> dict[UUID, SessionFeedback]:
    """Return what a young person said of these sessions and shares with the viewer, by session."""
    query = select(SessionFeedback).where(
        SessionFeedback.young_person_id == access.young_person_id,
        SessionFeedback.session_id.in_(list(session_ids)),
        SessionFeedback.audience.in_(access.audiences),
    )
    return {row.session_id: row for row in db.session.execute(query).scalars()}


def feedback_of_council(council_id: UUID) -> list[FeedbackFact]:
    """Return what those in a council's group figures said, by person and moment; for group figures alone."""
    names = ("how_was_it", "treated")
    query = (
        select(
            row_ids(SessionFeedback),
            SessionFeedback.young_person_id,
            Session.offer_id,
            Session.starts_at,
            *(sealed_column(SessionFeedback, name) for name in names),
        )
        .join(Session, Session.id == SessionFeedback.session_id)
        .join(YoungPerson, YoungPerson.id == SessionFeedback.young_person_id)
        .where(SessionFeedback.council_id == council_id, YoungPerson.in_group_figures.is_(True))
        .order_by(SessionFeedback.young_person_id, Session.starts_at, SessionFeedback.id)
    )
    rows = [tuple(row) for row in db.session.execute(query)]
    current_keyring().load(OwnerKind.YOUNG_PERSON, {row[1] for row in rows})
    faces, treated = (
        open_many(SessionFeedback, name, OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=0, owners=1, values=at))
        for at, name in enumerate(names, start=4)
    )
    return [
        FeedbackFact(
            row[1],
            row[2],
            row[3],
            None if face is None else (face - 1) * POINTS_BETWEEN_FACES,
            None if answer is None else answer * POINTS_BETWEEN_TREATED,
        )
        for row, face, answer in zip(rows, faces, treated, strict=True)
    ]


def sessions_answered(session_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return (session, young person) of what was said already; for writing many at once."""
    wanted, found = list(session_ids), set[tuple[UUID, UUID]]()
    for start in range(0, len(wanted), CHUNK):
        query = select(SessionFeedback.session_id, SessionFeedback.young_person_id)
        query = query.where(SessionFeedback.session_id.in_(wanted[start : start + CHUNK]))
        found.update((row[0], row[1]) for row in db.session.execute(query))
    return found
