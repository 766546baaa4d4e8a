"""Versions of the one-page profile, and the links by which somebody without an account may read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedList, SealedMap, SealedText
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


class ProfileLink(PersonRow):
    """A way for somebody without an account to read some of a profile until it ends; its code is kept as a hash."""

    __tablename__ = "profile_links"

    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    for_whom = SealedText()
    shown = SealedList()
    """The headings that may be read through it."""


class ProfileOpening(PersonRow):
    """One time that somebody read a profile through a link, or took a copy of it."""

    __tablename__ = "profile_openings"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("profile_links.id"), index=True)
    at: Mapped[datetime]
    is_copy: Mapped[bool]
