"""Check-ins and what they said before they were changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedList, SealedMap, SealedScore, SealedText
from app.database import one_of
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
    measure: Mapped[str] = mapped_column(String(40))
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    answer = SealedScore()
    feelings = SealedList()
    going_on = SealedList()
    words = SealedText()


class CheckInRevision(PersonRow):
    """What a check-in said before an edit or an undo."""

    __tablename__ = "check_in_revisions"

    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_ins.id"), index=True)
    at: Mapped[datetime]
    before = SealedMap()
