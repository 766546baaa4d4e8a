"""Raising a concern, and saying that somebody has it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.database import db
from app.safeguarding.models import Concern
from app.safeguarding.queries import concern_for
from app.web.errors import NotFoundError
from app.web.typed import refuse_too_long
from app.young_people.services import record_written
from app.young_people.values import Access, Tie

LONGEST_WORDS = 2_000


def raise_concern(
    *, viewer: Viewer, access: Access, words: str = "", at: datetime | None = None, concern_id: UUID | None = None
) -> Concern:
    """Ask a young person's mentors to act; the same id again gives the concern that is there. Raises TooLongError."""
    earlier = db.session.get(Concern, concern_id) if concern_id else None
    if earlier is not None:
        return concern_for(access, earlier.id)
    words = words.strip()
    refuse_too_long(words, LONGEST_WORDS)
    concern = Concern(
        id=concern_id or uuid4(),
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        raised_by=viewer.account_id,
        raised_at=at or clock.now(),
        words=words,
    )
    try:
        with db.session.begin_nested():
            db.session.add(concern)
            record_written(viewer=viewer, action="concern:raised", about=concern)
    except IntegrityError:
        return concern_for(access, concern.id)
    return concern


def acknowledge(*, viewer: Viewer, access: Access, concern_id: UUID, at: datetime | None = None) -> Concern:
    """Say that a mentor has seen a concern and is acting; the first one stands. Raises NotFoundError."""
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    concern = concern_for(access, concern_id)
    if concern.acknowledged_at is None:
        concern.acknowledged_by, concern.acknowledged_at = viewer.account_id, at or clock.now()
        record_written(viewer=viewer, action="concern:acknowledged", about=concern)
    return concern
