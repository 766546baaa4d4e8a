"""That somebody was forgotten, what the law needs kept of it, and what young people asked for."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedMap, SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import one_of
from app.records.values import Answer, Asked, Basis
from app.young_people.models import PersonRow


class Erasure(SealedRow):
    """That somebody was forgotten, when and why: it names them by an id that leads to nothing any more.

    Its ids are of no other table's rows on purpose: it is written again into a backup that knows less.
    """

    __tablename__ = "erasures"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    subject_kind: Mapped[OwnerKind] = mapped_column(one_of(OwnerKind))
    subject_id: Mapped[UUID] = mapped_column(unique=True)
    basis: Mapped[Basis] = mapped_column(one_of(Basis))
    asked_at: Mapped[datetime | None]
    at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    """Who asked for it first; None where a command did it, with one person at it."""
    decided_by: Mapped[UUID | None]
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    rows: Mapped[int]
    concerns: Mapped[int]
    keep_until: Mapped[date]
    reason = SealedText()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.KEPT, self.id


class KeptConcern(SealedRow):
    """A safeguarding concern about somebody who was forgotten, under a key of its own until its time is over."""

    __tablename__ = "kept_concerns"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.id"), index=True)
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    keep_until: Mapped[date]
    about = SealedMap()
    """`name`, `reference` and `date_of_birth` of the young person, who raised it and took it on, and `decisions`."""
    words = SealedText()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.KEPT, self.erasure_id


class ForgettingProposal(PersonRow):
    """That somebody of the council wants a young person forgotten, until somebody else confirms it or takes it away."""

    __tablename__ = "forgetting_proposals"
    __table_args__ = (UniqueConstraint("young_person_id"),)

    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    basis: Mapped[Basis] = mapped_column(one_of(Basis))
    reason = SealedText()


class DataRequest(PersonRow):
    """What a young person asked of the council about their records; it goes with them when they are forgotten."""

    __tablename__ = "data_requests"

    asked: Mapped[Asked] = mapped_column(one_of(Asked))
    asked_at: Mapped[datetime]
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[Answer | None] = mapped_column(one_of(Answer))
    words = SealedText()
    reply = SealedText()
    receipt = SealedText()
    """With it they can look what became of it once their account is gone."""
