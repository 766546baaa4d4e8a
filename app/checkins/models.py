"""Check-ins and what they said before they were changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedList, SealedMap, SealedRow, SealedScore, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import CouncilRow, one_of
from app.young_people.models import PersonRow
from app.young_people.values import Audience


class CheckIn(PersonRow):
    """One answer to "How are you right now?": the raw answer, in the measure it was given in."""

    __tablename__ = "check_ins"
    __table_args__ = (
        Index("ix_check_ins_young_person_id_at_id", "young_person_id", "at", "id"),
        Index("ix_check_ins_council_id_received_at", "council_id", "received_at"),
    )

    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    typed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    """The worker who typed what the young person said, where the two did it together."""
    measure: Mapped[str] = mapped_column(String(40))
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    answer = SealedScore()
    feelings = SealedList()
    going_on = SealedList()
    who_with = SealedList()
    words = SealedText()


class CheckInRevision(PersonRow):
    """What a check-in said before an edit or an undo."""

    __tablename__ = "check_in_revisions"

    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_ins.id"), index=True)
    at: Mapped[datetime]
    before = SealedMap()


class CarerCheckIn(SealedRow):
    """How a parent carer is themself: theirs alone, sealed under their own account's data key."""

    __tablename__ = "carer_check_ins"
    __table_args__ = (Index("ix_carer_check_ins_account_id_at_id", "account_id", "at", "id"),)

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    measure: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    answer = SealedScore()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.ACCOUNT, self.account_id


class CarerChoice(CouncilRow):
    """What a parent carer chose about their own check-ins; with no row nobody sees them, and group figures count."""

    __tablename__ = "carer_choices"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    shares_with_mentor: Mapped[bool] = mapped_column(default=False)
    in_group_figures: Mapped[bool] = mapped_column(default=True)
    chosen_at: Mapped[datetime]
