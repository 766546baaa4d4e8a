"""Recording how parent carers are, and what they choose about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.checkins.carer_queries import own_carer_check_in, own_carer_check_ins, own_carer_choice
from app.checkins.measures import carer_measure
from app.checkins.models import CarerCheckIn, CarerChoice
from app.checkins.services import UnknownAnswerError
from app.database import Row, db


class Past(NamedTuple):
    """One answer of some time ago, for writing many at once."""

    at: datetime
    answer: float


def record_carer_check_in(
    *, viewer: Viewer, answer: float, check_in_id: UUID | None = None, at: datetime | None = None
) -> CarerCheckIn:
    """Keep how a parent carer is; the same id again gives the check-in that is there.

    Raises UnknownAnswerError, and NotFoundError for anybody who is no parent carer.
    """
    own_carer_check_ins(viewer, 1)
    earlier = db.session.get(CarerCheckIn, check_in_id) if check_in_id else None
    if earlier is not None:
        return own_carer_check_in(viewer, earlier.id)
    made = _made(viewer, answer, at or clock.now(), check_in_id)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            _record(viewer, "carer_check_in:recorded", made)
    except IntegrityError:
        return own_carer_check_in(viewer, made.id)
    return made


def record_carer_check_ins_in_bulk(*, viewer: Viewer, rows: Sequence[Past]) -> None:
    """Keep many answers of one parent carer, with one audit entry. Raises as `record_carer_check_in` does."""
    own_carer_check_ins(viewer, 1)
    made = [_made(viewer, row.answer, row.at, None) for row in rows]
    db.session.add_all(made)
    if made:
        _record(viewer, "carer_check_ins:recorded_in_bulk", made[-1])


def _made(viewer: Viewer, answer: float, at: datetime, check_in_id: UUID | None) -> CarerCheckIn:
    asked = carer_measure()
    if not asked.accepts(answer):
        raise UnknownAnswerError("That is not one of the answers. Choose one that is shown.")
    return CarerCheckIn(
        id=check_in_id or uuid4(),
        council_id=viewer.council_id,
        account_id=viewer.account_id,
        measure=asked.code,
        at=at,
        answer=float(answer),
    )


def undo_carer_check_in(*, viewer: Viewer, check_in_id: UUID) -> None:
    """Take one of a parent carer's own check-ins back. Raises NotFoundError."""
    check_in = own_carer_check_in(viewer, check_in_id)
    check_in.undone_at = clock.now()
    _record(viewer, "carer_check_in:undone", check_in)


def choose_for_carer(*, viewer: Viewer, shares_with_mentor: bool, in_group_figures: bool) -> CarerChoice:
    """Set whether the child's mentor sees a parent carer's own check-ins, and whether group figures count them.

    It counts at once, for all of them. Raises NotFoundError for anybody who is no parent carer.
    """
    own_carer_check_ins(viewer, 1)
    choice = own_carer_choice(viewer)
    if choice is None:
        choice = CarerChoice(council_id=viewer.council_id, account_id=viewer.account_id)
        db.session.add(choice)
    elif (choice.shares_with_mentor, choice.in_group_figures) == (shares_with_mentor, in_group_figures):
        return choice
    choice.shares_with_mentor, choice.in_group_figures = shares_with_mentor, in_group_figures
    choice.chosen_at = clock.now()
    _record(viewer, "carer_choice:made", choice)
    return choice


def _record(viewer: Viewer, action: str, about: Row) -> None:
    db.session.flush()
    audit.record(council_id=viewer.council_id, actor_id=viewer.account_id, action=action, about=about)
