"""Sealed columns: declared like attributes, kept as ciphertext, opened one by one when somebody asks."""

import json
import logging
import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar, cast, overload

from sqlalchemy import LargeBinary
from sqlalchemy.orm import mapped_column

from app.crypto.envelope import Place, UnreadableError
from app.crypto.keyring import Owner, current_keyring
from app.database import Row

T = TypeVar("T")
logger = logging.getLogger(__name__)
UNREADABLE = "(we can’t read this bit)"
SCORE = struct.Struct(">d")


class SealedField(ABC, Generic[T]):
    """An attribute whose value is sealed when set and opened when read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.attribute = f"sealed_{name}"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: "SealedRow", owner: type) -> T: ...
    def __get__(self, row: "SealedRow | None", owner: type) -> Self | T:
        if row is None:
            return self
        sealed = getattr(row, self.attribute)
        if sealed is None:
            return self.empty()
        return self.opened(row.key_owner, row.place_of(self.name), sealed)

    def opened(self, owner: Owner, place: Place, sealed: bytes) -> T:
        """Return what a value holds; where it does not open, raise the alarm and return what a page shows instead."""
        try:
            return self.decode(current_keyring().unseal(owner, place, sealed))
        except UnreadableError:
            report_unreadable(place)
            return self.unreadable()

    def __set__(self, row: "SealedRow", value: T | None) -> None:
        plain = None if value is None else self.encode(value)
        sealed = None if plain is None else current_keyring().seal(row.key_owner, row.place_of(self.name), plain)
        setattr(row, self.attribute, sealed)

    def unreadable(self) -> T:
        """Return what a page shows in place of a value that does not open."""
        return self.empty()

    @abstractmethod
    def empty(self) -> T:
        """Return what stands for no value."""

    @abstractmethod
    def encode(self, value: T) -> bytes:
        """Return a value as the bytes that are sealed."""

    @abstractmethod
    def decode(self, plain: bytes) -> T:
        """Return the value that `encode` made these bytes of."""

    def decode_all(self, plain: list[bytes]) -> Sequence[T]:
        """Return what `decode` makes of each."""
        return list(map(self.decode, plain))


class SealedText(SealedField[str]):
    """Words, a name, a code; an empty text where there is none."""

    def empty(self) -> str:
        return ""

    def unreadable(self) -> str:
        return UNREADABLE

    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, plain: bytes) -> str:
        return plain.decode()

    def decode_all(self, plain: list[bytes]) -> Sequence[str]:
        return list(map(bytes.decode, plain))


class SealedBytes(SealedField[bytes]):
    """Bytes of a form of our own; empty where there are none or they do not open."""

    def empty(self) -> bytes:
        return b""

    def encode(self, value: bytes) -> bytes:
        return value

    def decode(self, plain: bytes) -> bytes:
        return plain

    def decode_all(self, plain: list[bytes]) -> Sequence[bytes]:
        return plain


class SealedScore(SealedField[float | None]):
    """A number, always packed to the same size; None where there is none or it does not open."""

    def empty(self) -> float | None:
        return None

    def encode(self, value: float | None) -> bytes:
        return SCORE.pack(value)

    def decode(self, plain: bytes) -> float | None:
        return cast("float", SCORE.unpack(plain)[0])

    def decode_all(self, plain: list[bytes]) -> Sequence[float | None]:
        if set(map(len, plain)) != {SCORE.size}:
            return super().decode_all(plain)
        return struct.unpack(f">{len(plain)}d", b"".join(plain))


class SealedDate(SealedField[date | None]):
    """A calendar date; None where there is none or it does not open."""

    def empty(self) -> date | None:
        return None

    def encode(self, value: date | None) -> bytes:
        return (value or date.min).isoformat().encode()

    def decode(self, plain: bytes) -> date | None:
        return date.fromisoformat(plain.decode())


class SealedList(SealedField[list[str]]):
    """A list of short texts; empty where there is none or it does not open."""

    def empty(self) -> list[str]:
        return []

    def encode(self, value: list[str]) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()

    def decode(self, plain: bytes) -> list[str]:
        return cast("list[str]", json.loads(plain))


class SealedMap(SealedField[dict[str, str]]):
    """Named texts; empty where there is none or it does not open."""

    def empty(self) -> dict[str, str]:
        return {}

    def encode(self, value: dict[str, str]) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()

    def decode(self, plain: bytes) -> dict[str, str]:
        return cast("dict[str, str]", json.loads(plain))


class SealedRow(Row):
    """A row with sealed fields; its class says under whose data key (`key_owner`)."""

    __abstract__ = True
    rows_at_once: ClassVar[int] = 500
    """How many rows may be in memory at a time when every value is sealed anew."""

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 (as SQLAlchemy's own)
        for name, value in list(vars(cls).items()):
            if isinstance(value, SealedField):
                setattr(cls, value.attribute, mapped_column(name, LargeBinary, nullable=True))
        super().__init_subclass__(**options)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 (as SQLAlchemy's own constructor)
        sealed = {name: values.pop(name) for name in list(values) if isinstance(_field(type(self), name), SealedField)}
        super().__init__(**values)
        for name, value in sealed.items():
            setattr(self, name, value)

    @property
    def key_owner(self) -> Owner:
        """Return whose data key seals this row's fields."""
        raise NotImplementedError

    def place_of(self, column: str) -> Place:
        return Place(self.__tablename__, column, self.id)


def _field(cls: type, name: str) -> object:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def report_unreadable(place: Place) -> None:
    """Raise the alarm for a value that does not open, naming its place and nothing of its owner."""
    logger.error("sealed value does not open: table=%s column=%s row=%s", place.table, place.column, place.row)
