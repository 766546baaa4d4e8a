"""Versions of the one-page profile."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedMap, SealedText
from app.young_people.models import PersonRow


class ProfileVersion(PersonRow):
    """The whole one-page profile as it was saved once; the newest is the profile."""

    __tablename__ = "profile_versions"
    __table_args__ = (UniqueConstraint("young_person_id", "number"),)

    number: Mapped[int]
    typed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    said_by = SealedText()
    sections = SealedMap()
