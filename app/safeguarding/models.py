"""Concerns: a young person asks an adult to act, or their words do; and the rules by which a council answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedList, SealedMap, SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.young_people.models import PersonRow


class Concern(PersonRow):
    """One call for help, open until somebody says that they have it."""

    __tablename__ = "concerns"

    raised_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    acknowledged_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """By when somebody has to have it, as the council's rules were; None where it had none."""
    passed_on_at: Mapped[datetime | None]
    """Since when those who cover are asked too."""
    words = SealedText()
    about = SealedMap()
    """`source`, and where words were found: `phrases` and `entry_id`."""


class ConcernDecision(PersonRow):
    """What somebody decided after a call for help was taken on; there may be more, and none is ever written again."""

    __tablename__ = "concern_decisions"

    concern_id: Mapped[UUID] = mapped_column(ForeignKey("concerns.id"), index=True)
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    look_again_on: Mapped[date | None]
    """None: it is closed."""
    is_told: Mapped[bool]
    """Whether the young person reads, in words of ours, what was done and what is next."""
    done = SealedList()
    why = SealedText()


class ConcernRules(SealedRow):
    """One council's rules: what it looks for in words, its hours of cover, and who covers."""

    __tablename__ = "concern_rules"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), unique=True)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
    minutes: Mapped[int]
    phrases = SealedList()
    hours = SealedMap()
    """`09:00-17:00` by the day's number (0 is Monday); or, as it was once: `days`, `opens` and `closes`."""
    closed = SealedList()
    cover = SealedList()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.COUNCIL, self.council_id
