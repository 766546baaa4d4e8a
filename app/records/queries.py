"""Reading what young people asked about their data, and who has been forgotten: each for who looks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Role, Viewer
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.records.models import DataRequest, Erasure, ForgettingProposal, KeptConcern
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.queries import own_record


def own_requests(viewer: Viewer) -> list[DataRequest]:
    """Return what the young person who is signed in asked, newest first; raises NotFoundError for anybody else."""
    query = select(DataRequest).where(DataRequest.young_person_id == own_record(viewer).id)
    return list(db.session.execute(query.order_by(DataRequest.asked_at.desc(), DataRequest.id)).scalars())


def open_requests(viewer: Viewer) -> list[tuple[DataRequest, YoungPerson]]:
    """Return what waits for an answer of the viewer's council, longest first; raises NotFoundError but for staff."""
    _refuse_but_staff(viewer)
    query = (
        select(DataRequest, YoungPerson)
        .join(YoungPerson, YoungPerson.id == DataRequest.young_person_id)
        .where(DataRequest.council_id == viewer.council_id, DataRequest.answered_at.is_(None))
        .order_by(DataRequest.asked_at, DataRequest.id)
    )
    found = [(request, person) for request, person in db.session.execute(query)]
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for _, person in found])
    return found


def request_for(viewer: Viewer, request_id: UUID) -> tuple[DataRequest, YoungPerson]:
    """Return one request that waits; raises NotFoundError."""
    found = next(((one, person) for one, person in open_requests(viewer) if one.id == request_id), None)
    if found is None:
        raise NotFoundError
    return found


def open_request_of(person: YoungPerson) -> DataRequest | None:
    """Return the request to be forgotten that waits for an answer, if a young person found for the viewer has one."""
    query = select(DataRequest).where(DataRequest.young_person_id == person.id, DataRequest.answered_at.is_(None))
    return db.session.execute(query.order_by(DataRequest.asked_at)).scalars().first()


def proposal_about(person: YoungPerson) -> ForgettingProposal | None:
    """Return the proposal to forget a young person that waits for somebody else, if there is one."""
    query = select(ForgettingProposal).where(ForgettingProposal.young_person_id == person.id)
    return db.session.execute(query).scalar_one_or_none()


def proposals_of_council(viewer: Viewer) -> list[tuple[ForgettingProposal, YoungPerson]]:
    """Return what waits for a second member of staff, longest first; raises NotFoundError but for staff."""
    _refuse_but_staff(viewer)
    query = (
        select(ForgettingProposal, YoungPerson)
        .join(YoungPerson, YoungPerson.id == ForgettingProposal.young_person_id)
        .where(ForgettingProposal.council_id == viewer.council_id)
        .order_by(ForgettingProposal.proposed_at, ForgettingProposal.id)
    )
    found = [(proposal, person) for proposal, person in db.session.execute(query)]
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for _, person in found])
    return found


def erasures_of_council(viewer: Viewer) -> list[Erasure]:
    """Return who was forgotten, newest first: ids and dates; raises NotFoundError but for staff."""
    _refuse_but_staff(viewer)
    return erasures_in(viewer.council_id)


def erasures_in(council_id: UUID) -> list[Erasure]:
    query = select(Erasure).where(Erasure.council_id == council_id)
    return list(db.session.execute(query.order_by(Erasure.at.desc(), Erasure.id)).scalars())


def waiting_in(council_id: UUID) -> list[datetime]:
    """Return since when each request of a council waits, longest first."""
    query = select(DataRequest.asked_at).where(DataRequest.council_id == council_id, DataRequest.answered_at.is_(None))
    return list(db.session.execute(query.order_by(DataRequest.asked_at)).scalars())


def erasure_for(viewer: Viewer, erasure_id: UUID) -> Erasure:
    """Return one erasure of the viewer's council; raises NotFoundError."""
    _refuse_but_staff(viewer)
    erasure = db.session.get(Erasure, erasure_id)
    if erasure is None or erasure.council_id != viewer.council_id:
        raise NotFoundError
    return erasure


def kept_concerns_of(erasure: Erasure) -> list[KeptConcern]:
    query = select(KeptConcern).where(KeptConcern.erasure_id == erasure.id)
    return list(db.session.execute(query.order_by(KeptConcern.raised_at, KeptConcern.id)).scalars())


def what_became_of(receipt_hash: bytes) -> DataRequest | Erasure | None:
    """Return the request of this receipt, or the erasure that it led to; None where there is neither."""
    for kind in (DataRequest, Erasure):
        found = db.session.execute(select(kind).where(kind.receipt_hash == receipt_hash)).scalar_one_or_none()
        if isinstance(found, (DataRequest, Erasure)):
            return found
    return None


def _refuse_but_staff(viewer: Viewer) -> None:
    if viewer.role is not Role.COUNCIL_STAFF:
        raise NotFoundError
