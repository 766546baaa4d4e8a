"""What young people ask about their data, and what the council answers."""

import secrets

from app import clock
from app.accounts.services import CODE_ALPHABET, hash_token
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.records.models import DataRequest, Erasure
from app.records.queries import own_requests
from app.records.values import LONGEST_REASON, RECEIPT_LENGTH, Answer, Asked, Basis, Order
from app.web.errors import NotFoundError
from app.web.typed import refuse_too_long, words_within
from app.young_people.queries import own_record
from app.young_people.services import record_written


def ask_to_be_forgotten(*, viewer: Viewer, words: str = "") -> DataRequest:
    """Keep that a young person wants to be forgotten; while one waits, asking again gives that one.

    Raises TooLongError, and NotFoundError for anybody but a young person.
    """
    waiting = next((one for one in own_requests(viewer) if one.answered_at is None), None)
    if waiting is not None:
        return waiting
    words = words.strip()
    refuse_too_long(words, LONGEST_REASON)
    receipt = "".join(secrets.choice(CODE_ALPHABET) for _ in range(RECEIPT_LENGTH))
    person = own_record(viewer)
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
    _answer(request, Answer.TAKEN_BACK, viewer, "data_request:taken_back")


def say_no(*, viewer: Viewer, request: DataRequest, reply: str) -> None:
    """Answer a request found for a member of staff with no, and why; raises NothingWrittenError, TooLongError."""
    request.reply = words_within(reply, LONGEST_REASON)
    _answer(request, Answer.SAID_NO, viewer, "data_request:refused")


def _answer(request: DataRequest, answer: Answer, viewer: Viewer, action: str) -> None:
    request.answer, request.answered_at, request.answered_by = answer, clock.now(), viewer.account_id
    record_written(viewer=viewer, action=action, about=request)


def order_for(request: DataRequest | None, basis: Basis, reason: str) -> Order:
    """Return a decision to forget, with the request that it answers; raises NothingWrittenError, TooLongError."""
    reason = words_within(reason, LONGEST_REASON)
    if request is None:
        return Order(basis, reason)
    return Order(basis, reason, request.asked_at, request.receipt_hash)


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
