"""The audit trail: one hash chain for each council."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, CouncilRow


class AuditHead(Base):
    """The newest entry of a council's chain; locked while the next one is written."""

    __tablename__ = "audit_heads"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), primary_key=True)
    sequence: Mapped[int]
    entry_hash: Mapped[bytes]


class AuditEntry(CouncilRow):
    """One thing that somebody did or saw: opaque ids only, never a name or a word."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("council_id", "sequence"),
        Index("ix_audit_entries_young_person_id_at", "young_person_id", "at"),
    )

    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    young_person_id: Mapped[UUID | None]
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[UUID | None]
    previous_hash: Mapped[bytes]
    entry_hash: Mapped[bytes]
