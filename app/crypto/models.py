"""Tables of the keys database: wrapped data keys, and a check value for each key-encryption key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import KeysBase


class DataKey(KeysBase):
    """One version of one owner's data key, wrapped by a key-encryption key."""

    __tablename__ = "data_keys"

    owner_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class KeyCheck(KeysBase):
    """A known value wrapped by a key-encryption key, so that a wrong key is noticed before it is used."""

    __tablename__ = "key_checks"

    key_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class KeyRotation(KeysBase):
    """One change of every owner's data key; unfinished while `finished_at` is empty, so that it can be resumed."""

    __tablename__ = "key_rotations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
