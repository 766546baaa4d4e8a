"""The times agreed with a young person, every change of them, and every time that Tidemark asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedMap
from app.database import one_of
from app.prompts.values import Change, Closing
from app.young_people.models import PersonRow


class PromptPlan(PersonRow):
    """When one young person is asked; `next_at` is the next time, None while nothing is agreed or it rests."""

    __tablename__ = "prompt_plans"
    __table_args__ = (UniqueConstraint("young_person_id"),)

    next_at: Mapped[datetime | None] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_with: Mapped[UUID | None]
    suggested_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    suggested_at: Mapped[datetime | None]

    times = SealedMap()
    suggested = SealedMap()

    def is_paused(self, moment: datetime) -> bool:
        return self.paused_at is not None and (self.paused_until is None or self.paused_until > moment)


class PromptPlanChange(PersonRow):
    """One change of the agreed times: who made it, when, and what they then were."""

    __tablename__ = "prompt_plan_changes"

    changed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    what: Mapped[Change] = mapped_column(one_of(Change))
    times = SealedMap()


OPEN = text("closed_at IS NULL")


class Prompt(PersonRow):
    """One time that Tidemark asked; while it is open there is no other for the same young person."""

    __tablename__ = "prompts"
    __table_args__ = (
        Index("ix_prompts_one_open", "young_person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_prompts_council_id_asked_at", "council_id", "asked_at"),
    )

    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    times_put_off: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[Closing | None] = mapped_column(one_of(Closing))
    check_in_id: Mapped[UUID | None] = mapped_column(index=True)
