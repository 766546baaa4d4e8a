"""Sealed fields of many rows at a time: sealed for an import, opened for group figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, String
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute

from app.crypto.envelope import SHORTEST, Place, UnreadableError
from app.crypto.fields import SealedField, SealedRow
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.value_arrays import (
    LONGEST_AT_ONCE,
    Run,
    SeveralLengthsError,
    as_number,
    how_many_at_once,
    row_bytes,
    unseal_column,
)

Ids = Sequence[UUID | str]
"""The ids of rows, all as they are or all as text (`row_ids`)."""
FEW = 8
"""So few values open one by one in less time than together."""
FEW_LENGTHS, MOST_OF_MANY_LENGTHS = 4, 128
"""Of so many lengths a column may be that all at once are as many as ever; of more, fewer of each, so that room for
every length is kept."""


def sealed_column(row: type[SealedRow], name: str) -> InstrumentedAttribute[bytes | None]:
    """Return the ciphertext column of a sealed field, for bulk reads."""
    return cast("InstrumentedAttribute[bytes | None]", getattr(row, f"sealed_{name}"))


def row_ids(row: type[SealedRow]) -> ColumnElement[str]:
    """Return the rows' ids as text, for bulk reads: opening takes them so, and no UUID has to be made of each."""
    return sql_cast(row.id, String(36))


class SealedValues(NamedTuple):
    """Values of one column, as a query gives them: their rows, whose they are, and the ciphertexts."""

    ids: Ids
    owners: Sequence[UUID]
    values: Sequence[bytes | None]

    def at(self, places: Sequence[int]) -> "SealedValues":
        """Return those in these places."""
        taken = itemgetter(*places, places[0])  # one more: of a single place it would give no tuple
        return SealedValues(taken(self.ids)[:-1], taken(self.owners)[:-1], taken(self.values)[:-1])

    def part(self, part: slice) -> "SealedValues":
        return SealedValues(self.ids[part], self.owners[part], self.values[part])


def sealed_in(rows: Sequence[Sequence[Any]], *, ids: int, owners: int | UUID, values: int) -> SealedValues:
    """Return one sealed column of what a query gave, told by places in its rows; `owners` may be the owner of all."""
    whose = [owners] * len(rows) if isinstance(owners, UUID) else [row[owners] for row in rows]
    return SealedValues([row[ids] for row in rows], whose, [row[values] for row in rows])


def seal_many(
    row: type[SealedRow], name: str, kind: OwnerKind, values: Iterable[tuple[UUID, UUID, Any]]
) -> Iterator[bytes]:
    """Seal one field of many rows, given (row id, owner id, value), fastest where an owner's rows stand together.

    Load the owners' keys first (`Keyring.load`), or each owner costs a query.
    """
    field = cast("SealedField[Any]", vars(row)[name])
    keyring, table, encode = current_keyring(), row.__tablename__, field.encode
    for owner_id, rows in groupby(values, itemgetter(1)):
        plain = [(row_id, encode(value)) for row_id, _, value in rows]
        yield from keyring.seal_many((kind, owner_id), table, name, plain)


def open_many(row: type[SealedRow], name: str, kind: OwnerKind, sealed: SealedValues) -> list[Any]:
    """Open one field of many rows: the value of each, or what is shown for none.

    Fastest where an owner's rows stand together and the rows' ids come as text (`row_ids`). Load the owners' keys first
    (`Keyring.load`), or each owner costs a query. Raises ValueError where there are fewer ids or owners than values.
    """
    if not len(sealed.ids) == len(sealed.owners) == len(sealed.values):
        raise ValueError("Every value has a row and an owner.")
    column = _Column(vars(row)[name], kind, row.__tablename__, name)
    return column.opened(sealed) if _look_alike(sealed.values) else column.by_length(sealed)


def _look_alike(values: Sequence[bytes | None]) -> bool:
    """Say whether values may be of one length, from a few of them."""
    some = values[:: max(1, len(values) // FEW)]
    return all(len(value or b"") == len(some[0] or b"") for value in some)


@dataclass(frozen=True)
class _Column:
    """One sealed field of rows of one kind of owner."""

    field: SealedField[Any]
    kind: OwnerKind
    table: str
    name: str

    def opened(self, sealed: SealedValues, most: int | None = None) -> list[Any]:
        """Open values, fastest where all are of one length; `most` at once."""
        length = len(sealed.values[0] or b"") if sealed.values else 0
        at_once = min(how_many_at_once(length), most or len(sealed.values) or 1)
        found: list[Any] = []
        for start in range(0, len(sealed.values), at_once):
            found += self._part(sealed.part(slice(start, start + at_once)))
        return found

    def by_length(self, sealed: SealedValues) -> list[Any]:
        """Open those of each length by themselves."""
        places = dict[int, list[int]]()
        for place, value in enumerate(sealed.values):
            places.setdefault(len(value or b""), []).append(place)
        most = MOST_OF_MANY_LENGTHS if len(places) > FEW_LENGTHS else None
        opened: list[Any] = [None] * len(sealed.values)
        for same in places.values():
            for place, value in zip(same, self.opened(sealed.at(same), most), strict=True):
                opened[place] = value
        return opened

    def _part(self, sealed: SealedValues) -> list[Any]:
        """Open some values: all at once, or one by one where they are few or long or one of them does not open."""
        first = len(sealed.values[0] or b"")
        if not first and any(sealed.values):
            return self.by_length(sealed)
        if len(sealed.values) < FEW or not SHORTEST <= first <= LONGEST_AT_ONCE:
            return self._each(sealed)
        try:
            plain = self._at_once(sealed)
        except SeveralLengthsError:
            return self.by_length(sealed)
        except UnreadableError:
            return self._each(sealed)
        return list(self.field.decode_all(plain))

    def _each(self, sealed: SealedValues) -> list[Any]:
        rows = zip(sealed.ids, sealed.owners, sealed.values, strict=True)
        return [self._one(row_id, owner, value) for row_id, owner, value in rows]

    def _at_once(self, sealed: SealedValues) -> list[bytes]:
        if not all(sealed.values):
            raise SeveralLengthsError("Some rows have no value.")
        keyring, runs, start = current_keyring(), list[Run](), 0
        for _, same in groupby(map(as_number, sealed.owners)):
            key = keyring.newest_column_key((self.kind, sealed.owners[start]), self.table, self.name)
            runs.append(Run(key, many := len(list(same))))
            start += many
        return unseal_column(runs, row_bytes(sealed.ids), cast("Sequence[bytes]", sealed.values))

    def _one(self, row_id: UUID | str, owner: UUID, sealed: bytes | None) -> object:
        if sealed is None:
            return self.field.empty()
        place = Place(self.table, self.name, row_id if isinstance(row_id, UUID) else UUID(row_id))
        return self.field.opened((self.kind, owner), place, sealed)
