"""Concerns: a young person, or somebody for them, asks an adult to act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedText
from app.young_people.models import PersonRow


class Concern(PersonRow):
    """One call for help, open until somebody says that they have it."""

    __tablename__ = "concerns"

    raised_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    acknowledged_at: Mapped[datetime | None]
    words = SealedText()
