"""Media and their contents, apart, so that no list of media carries the contents with it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedBytes, SealedMap, SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import one_of
from app.media.values import HangsOn, MediaKind


class OwnedMedia(SealedRow):
    """A row of a young person's media, sealed under their data key."""

    __abstract__ = True

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_people.id"), index=True)

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.YOUNG_PERSON, self.young_person_id


class Media(OwnedMedia):
    """A photo, a drawing or a voice note on an entry, which alone says who sees it."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_entry_id", "entry_id"),)

    hangs_on: Mapped[HangsOn] = mapped_column(one_of(HangsOn))
    entry_id: Mapped[UUID]
    kind: Mapped[MediaKind] = mapped_column(one_of(MediaKind))
    added_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    facts = SealedMap()
    """`content_type`; `width`, `height` (pixels) and `seconds` as whole numbers."""
    description = SealedText()
    thumbnail = SealedBytes()


class MediaContents(OwnedMedia):
    """The bytes of one of the media, whose id it has."""

    __tablename__ = "media_contents"
    rows_at_once: ClassVar[int] = 8

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id"), unique=True)
    contents = SealedBytes()
