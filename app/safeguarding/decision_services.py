"""Writing down what was decided after a call for help; what stands there is added to and never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.safeguarding.decision_queries import SEEN, course_for
from app.safeguarding.decision_values import LONGEST_WHY, Decided
from app.safeguarding.models import Concern, ConcernDecision
from app.web.errors import NotFoundError
from app.web.typed import words_within
from app.young_people.services import record_written

TAKEN_AWAY = "concern:downloaded"


def decide(
    *, viewer: Viewer, concern_id: UUID, decided: Decided, decision_id: UUID, at: datetime | None = None
) -> ConcernDecision:
    """Add what was decided on a call for help that somebody has taken on; the same id again gives what is there.

    Raises NotFoundError, NothingWrittenError and TooLongError.
    """
    course = course_for(viewer, concern_id)
    if not course.may_decide:
        raise NotFoundError
    earlier = _earlier(concern_id, decision_id)
    if earlier is not None:
        return earlier
    decision = ConcernDecision(
        id=decision_id,
        council_id=course.concern.council_id,
        young_person_id=course.concern.young_person_id,
        concern_id=concern_id,
        decided_by=viewer.account_id,
        at=at or clock.now(),
        look_again_on=decided.look_again_on,
        is_told=decided.is_told,
        done=[one.value for one in decided.done],
        why=words_within(decided.why, LONGEST_WHY),
    )
    try:
        with db.session.begin_nested():
            db.session.add(decision)
            record_written(viewer=viewer, action="concern:decided", about=decision)
    except IntegrityError:
        found = _earlier(concern_id, decision_id)
        if found is None:
            raise
        return found
    return decision


def _earlier(concern_id: UUID, decision_id: UUID) -> ConcernDecision | None:
    found = db.session.get(ConcernDecision, decision_id)
    if found is not None and found.concern_id != concern_id:
        raise NotFoundError
    return found


def record_read(*, viewer: Viewer, concern: Concern, taken_away: bool = False) -> None:
    """Write down that an adult read a call for help, and that they took it away as a file."""
    for action in (SEEN, TAKEN_AWAY) if taken_away else (SEEN,):
        audit.record(
            council_id=concern.council_id,
            actor_id=viewer.account_id,
            action=action,
            young_person_id=concern.young_person_id,
            about=concern,
        )
