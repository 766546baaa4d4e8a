"""Reading what became of calls for help: one with its whole course, and those on which somebody still has to decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db
from app.safeguarding.decision_values import UNDECIDED_AFTER
from app.safeguarding.models import Concern, ConcernDecision
from app.safeguarding.queries import covers
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.values import Access, Tie

Unfinished = tuple[Concern, ConcernDecision | None]
"""A call for help that was taken on and is not closed, and the newest decision on it."""
SEEN = "concern:seen"


@dataclass(frozen=True, slots=True)
class Course:
    """One call for help with all that became of it, oldest first, as the viewer may see it."""

    concern: Concern
    person: YoungPerson
    looks: list[AuditEntry]
    """The first time that each adult read it."""
    decisions: list[ConcernDecision]
    is_around: bool
    """The viewer sees the young person's timeline."""
    may_decide: bool

    @property
    def accounts(self) -> set[UUID]:
        """Return everybody who had a part in it."""
        found = {self.concern.raised_by, self.concern.acknowledged_by}
        found |= {one.actor_id for one in self.looks} | {one.decided_by for one in self.decisions}
        return {one for one in found if one is not None}


def course_for(viewer: Viewer, concern_id: UUID) -> Course:
    """Return one call for help for a mentor, for those who cover, and in an emergency; raises NotFoundError.

    Those who cover see what was passed on, what they took on or decided on, and what waits for a decision too long.
    """
    query = select(Concern).where(Concern.id == concern_id, Concern.council_id == viewer.council_id)
    concern = db.session.execute(query).scalar_one_or_none()
    if concern is None:
        raise NotFoundError
    access, is_covered = _access(viewer, concern), _is_covered(viewer, concern)
    reads = access is not None and not access.is_self and access.reads_as_mentor
    if not (reads or is_covered):
        raise NotFoundError
    is_mentor = access is not None and Tie.MENTOR in access.ties
    return Course(
        concern,
        db.session.get_one(YoungPerson, concern.young_person_id),
        _looks(concern),
        decisions_on([concern.id]),
        is_around=access is not None,
        may_decide=concern.acknowledged_at is not None and (is_mentor or is_covered),
    )


def _access(viewer: Viewer, concern: Concern) -> Access | None:
    try:
        return young_person_for(viewer, concern.young_person_id)
    except NotFoundError:
        return None


def _is_covered(viewer: Viewer, concern: Concern) -> bool:
    if not covers(viewer):
        return False
    if concern.passed_on_at is not None or concern.acknowledged_by == viewer.account_id:
        return True
    if any(one.decided_by == viewer.account_id for one in decisions_on([concern.id])):
        return True
    return db.session.execute(_waiting().where(Concern.id == concern.id)).first() is not None


def _looks(concern: Concern) -> list[AuditEntry]:
    query = select(AuditEntry).where(
        AuditEntry.council_id == concern.council_id,
        AuditEntry.young_person_id == concern.young_person_id,
        AuditEntry.record_id == concern.id,
        AuditEntry.action == SEEN,
    )
    first: dict[UUID | None, AuditEntry] = {}
    for entry in db.session.execute(query.order_by(AuditEntry.sequence)).scalars():
        first.setdefault(entry.actor_id, entry)
    return list(first.values())


def decisions_on(concern_ids: Iterable[UUID]) -> list[ConcernDecision]:
    """Return what was decided on calls for help that the viewer was found to see, oldest first."""
    query = select(ConcernDecision).where(ConcernDecision.concern_id.in_(list(concern_ids)))
    return list(db.session.execute(query.order_by(ConcernDecision.at, ConcernDecision.id)).scalars())


def told_to(access: Access, concerns: Iterable[Concern]) -> list[ConcernDecision]:
    """Return the decisions that a young person may be told of, oldest first; none for anybody else."""
    if not access.is_self:
        return []
    return [one for one in decisions_on([one.id for one in concerns]) if one.is_told]


def unfinished_of(access: Access) -> list[Unfinished]:
    """Return a young person's calls for help that were taken on and are not closed, for whoever reads as a mentor."""
    if not access.reads_as_mentor:
        return []
    return _found(_unfinished().where(Concern.young_person_id == access.young_person_id))


def waiting_among(young_person_ids: Iterable[UUID]) -> list[Unfinished]:
    """Return what waits for a decision too long, or is due to be looked at again, of the viewer's young people.

    Given ids: of young people whose mentor the viewer was already found to be.
    """
    return _found(_waiting().where(Concern.young_person_id.in_(list(young_person_ids))))


def waiting_for_cover(viewer: Viewer) -> list[Unfinished]:
    """Return what those who cover have to see to: what waits too long, and what the viewer took on; else none."""
    if not covers(viewer):
        return []
    own = or_(_is_waiting(), Concern.acknowledged_by == viewer.account_id)
    return _found(_unfinished().where(Concern.council_id == viewer.council_id, own))


def _found(query: Select[Concern, ConcernDecision]) -> list[Unfinished]:
    return [(concern, newest) for concern, newest in db.session.execute(query.order_by(Concern.raised_at, Concern.id))]


def _unfinished() -> Select[Concern, ConcernDecision]:
    later = aliased(ConcernDecision)
    is_newest = ~exists().where(later.concern_id == ConcernDecision.concern_id, later.at > ConcernDecision.at)
    newest = and_(ConcernDecision.concern_id == Concern.id, is_newest)
    is_open = or_(ConcernDecision.id.is_(None), ConcernDecision.look_again_on.is_not(None))
    query = select(Concern, ConcernDecision).outerjoin(ConcernDecision, newest)
    return query.where(Concern.acknowledged_at.is_not(None), is_open)


def _waiting() -> Select[Concern, ConcernDecision]:
    return _unfinished().where(_is_waiting())


def _is_waiting() -> ColumnElement[bool]:
    is_late = and_(ConcernDecision.id.is_(None), Concern.acknowledged_at <= clock.now() - UNDECIDED_AFTER)
    return or_(is_late, ConcernDecision.look_again_on <= clock.today())
