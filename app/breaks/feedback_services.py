"""Keeping what young people say after sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.breaks.feedback import NewFeedback, Said, check
from app.breaks.feedback_queries import session_attended, sessions_answered
from app.breaks.models import SessionFeedback
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.queries import record_of, strangers_among
from app.young_people.services import record_written
from app.young_people.values import Access, Audience


def say_how_it_was(*, viewer: Viewer, access: Access, session_id: UUID, said: Said) -> SessionFeedback:
    """Keep what a young person says of a session that they came to; saying it again changes it.

    With neither answer it is remembered that they were asked. Raises UnknownAnswerError, and NotFoundError for anybody
    else and for a session that they did not come to.
    """
    if not access.is_self:
        raise NotFoundError
    session_attended(access, session_id)
    check(said)
    row = _existing(access, session_id)
    if row is not None:
        return _change(row, said, viewer)
    row = _new(access.council_id, access.young_person_id, session_id, record_of(access).default_audience, clock.now())
    _fill(row, said)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            record_written(viewer=viewer, action="session_feedback:given", about=row)
    except IntegrityError:
        return _change(_existing(access, session_id) or row, said, viewer)
    return row


def _existing(access: Access, session_id: UUID) -> SessionFeedback | None:
    query = select(SessionFeedback).where(
        SessionFeedback.session_id == session_id, SessionFeedback.young_person_id == access.young_person_id
    )
    return db.session.execute(query).scalar_one_or_none()


def _change(row: SessionFeedback, said: Said, viewer: Viewer) -> SessionFeedback:
    if _fill(row, said):
        row.edited_at = clock.now()
        record_written(viewer=viewer, action="session_feedback:changed", about=row)
    return row


def say_in_bulk(*, council_id: UUID, actor: Viewer | None, audience: Audience, rows: Sequence[NewFeedback]) -> int:
    """Keep what was said of many sessions; what is there already stays. Return how many were new.

    One audit entry for each young person. Raises UnknownAnswerError, and NotFoundError for another council's people.
    """
    people = {row.young_person_id for row in rows}
    if strangers_among(council_id, people):
        raise NotFoundError
    current_keyring().load(OwnerKind.YOUNG_PERSON, people)
    known = sessions_answered({row.session_id for row in rows})
    fresh = [row for row in rows if (row.session_id, row.young_person_id) not in known]
    for row in fresh:
        check(row.said)
        made = _new(council_id, row.young_person_id, row.session_id, row.said.audience or audience, row.at)
        _fill(made, row.said)
        db.session.add(made)
    db.session.flush()
    audit.record_for_each(
        council_id=council_id,
        actor_id=actor.account_id if actor else None,
        action="session_feedback:given_in_bulk",
        young_person_ids=sorted({row.young_person_id for row in fresh}),
    )
    return len(fresh)


def _new(
    council_id: UUID, young_person_id: UUID, session_id: UUID, audience: Audience, at: datetime
) -> SessionFeedback:
    return SessionFeedback(
        council_id=council_id, young_person_id=young_person_id, session_id=session_id, audience=audience, at=at
    )


def _fill(row: SessionFeedback, said: Said) -> bool:
    """Put what is said in a row; say whether any of it was news."""
    wanted = {
        "how_was_it": None if said.how_was_it is None else float(said.how_was_it),
        "treated": None if said.treated is None else said.treated.step,
        "audience": said.audience,
    }
    news = {name: value for name, value in wanted.items() if value is not None and value != getattr(row, name)}
    for name, value in news.items():
        setattr(row, name, value)
    return bool(news)
