"""What young people ask about their data, and what the council answers."""

import secrets
from uuid import UUID

from app import clock
from app.accounts.passwords import hash_token
from app.accounts.services import CODE_ALPHABET
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db, hold
from app.records.erasure import refuse_open_concerns
from app.records.models import DataRequest, Erasure, ForgettingProposal
from app.records.queries import open_request_of, own_requests, proposal_about
from app.records.values import LONGEST_REASON, RECEIPT_LENGTH, Answer, Asked, Basis, Order
from app.web.errors import NotFoundError
from app.web.typed import refuse_too_long, words_within
from app.young_people.models import YoungPerson
from app.young_people.queries import own_record
from app.young_people.services import record_written


class NeedsAnotherError(RuntimeError):
    """Whoever proposed that somebody is forgotten cannot confirm it."""


def ask_to_be_forgotten(*, viewer: Viewer, words: str = "") -> DataRequest:
    """Keep that a young person wants to be forgotten; while one waits, asking again gives that one.

    Raises TooLongError, and NotFoundError for anybody but a young person.
    """
    person = own_record(viewer)
    hold(person)
    waiting = next((one for one in own_requests(viewer) if one.answered_at is None), None)
    if waiting is not None:
        return waiting
    words = words.strip()
    refuse_too_long(words, LONGEST_REASON)
    receipt = "".join(secrets.choice(CODE_ALPHABET) for _ in range(RECEIPT_LENGTH))
    request = DataRequest(
        council_id=person.council_id,
        young_person_id=person.id,
        asked=Asked.FORGET,
        asked_at=clock.now(),
        receipt_hash=hash_token(receipt),
        receipt=receipt,
        words=words,
    )
    db.session.add(request)
    record_written(viewer=viewer, action="data_request:made", about=request)
    return request


def take_request_back(*, viewer: Viewer) -> None:
    """Take back what a young person asked and nobody has answered; raises NotFoundError where there is nothing."""
    request = next((one for one in own_requests(viewer) if one.answered_at is None), None)
    if request is None:
        raise NotFoundError
    _refuse_answered(request)
    _answer(request, Answer.TAKEN_BACK, viewer, "data_request:taken_back")


def say_no(*, viewer: Viewer, request: DataRequest, reply: str) -> None:
    """Answer a request found for a member of staff with no, and why.

    Raises NothingWrittenError, TooLongError, and NotFoundError where somebody has answered it.
    """
    _refuse_answered(request)
    request.reply = words_within(reply, LONGEST_REASON)
    _answer(request, Answer.SAID_NO, viewer, "data_request:refused")


def _refuse_answered(request: DataRequest) -> None:
    """Raise NotFoundError where somebody has answered it since it was found."""
    if not hold(request) or request.answered_at is not None:
        raise NotFoundError


def _answer(request: DataRequest, answer: Answer, viewer: Viewer, action: str) -> None:
    """Answer a request; a proposal that goes back to it alone falls with it."""
    person = db.session.get_one(YoungPerson, request.young_person_id)
    proposal = proposal_about(person)
    if proposal is not None and proposal.basis is Basis.ASKED:
        take_proposal_away(viewer=viewer, person=person)
    request.answer, request.answered_at, request.answered_by = answer, clock.now(), viewer.account_id
    record_written(viewer=viewer, action=action, about=request)


def order_for(request: DataRequest | None, basis: Basis, reason: str, proposed_by: UUID | None = None) -> Order:
    """Return a decision to forget, with the request that it answers; raises NothingWrittenError, TooLongError."""
    reason = words_within(reason, LONGEST_REASON)
    if request is None:
        return Order(basis, reason, proposed_by=proposed_by)
    return Order(basis, reason, request.asked_at, request.receipt_hash, proposed_by)


def propose_to_forget(*, viewer: Viewer, person: YoungPerson, basis: Basis, reason: str) -> ForgettingProposal:
    """Keep that a member of staff wants a young person found for them forgotten; the one that waits stays as it is.

    Raises OpenConcernError, NothingWrittenError and TooLongError.
    """
    waiting = proposal_about(person)
    if waiting is not None:
        return waiting
    refuse_open_concerns(person)
    proposal = ForgettingProposal(
        council_id=person.council_id,
        young_person_id=person.id,
        proposed_by=viewer.account_id,
        proposed_at=clock.now(),
        basis=basis,
        reason=words_within(reason, LONGEST_REASON),
    )
    db.session.add(proposal)
    record_written(viewer=viewer, action="forgetting:proposed", about=proposal)
    return proposal


def confirmed_order(*, viewer: Viewer, person: YoungPerson) -> Order:
    """Return the decision that a second member of staff makes of a proposal.

    Raises NeedsAnotherError where the viewer made the proposal, and NotFoundError where none waits.
    """
    proposal = proposal_about(person)
    if proposal is None or not hold(proposal):
        raise NotFoundError
    if proposal.proposed_by == viewer.account_id:
        raise NeedsAnotherError("You proposed this yourself. Somebody else has to confirm it.")
    return order_for(open_request_of(person), proposal.basis, proposal.reason, proposal.proposed_by)


def take_proposal_away(*, viewer: Viewer, person: YoungPerson) -> None:
    """Forget nobody: take a proposal back, or turn another's down; raises NotFoundError where none waits."""
    proposal = proposal_about(person)
    if proposal is None or not hold(proposal):
        raise NotFoundError
    record_written(viewer=viewer, action="forgetting:taken_away", about=proposal)
    db.session.delete(proposal)
    db.session.flush()


def note_kept_seen(*, viewer: Viewer, erasure: Erasure) -> None:
    """Write down that a member of staff read what is kept of somebody who was forgotten."""
    audit.record(
        council_id=erasure.council_id,
        actor_id=viewer.account_id,
        action="kept_concerns:seen",
        young_person_id=erasure.subject_id,
        about=erasure,
    )


def hash_receipt(receipt: str) -> bytes:
    """Return what is kept of a receipt, however it is typed."""
    return hash_token("".join(filter(str.isalnum, receipt)).upper())
