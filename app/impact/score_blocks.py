"""One young person's part of the figures as bytes: the form in which it is kept between refreshes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app import clock
from app.checkins.values import RawCheckIn

VERSION = 1
LENGTH = struct.Struct(">I")
ENTRY = np.dtype([("id", "<u8"), ("at", "<i8"), ("edited", "<i8"), ("score", "<f8"), ("measure", "u1")])
"""One check-in: 8 bytes of its id, the second that a British clock showed, when it was edited, score, measure."""

Entries = NDArray[np.void]
NEVER = 0


@dataclass(frozen=True)
class Block:
    """What is kept of one young person: their `labels` by the record's field, and `entries` (N,) of `ENTRY`.

    `measures` names those that the entries number.
    """

    labels: Mapping[str, str]
    measures: tuple[str, ...]
    entries: Entries

    def as_bytes(self) -> bytes:
        header = json.dumps({"labels": dict(self.labels), "measures": self.measures}, ensure_ascii=False).encode()
        return LENGTH.pack(len(header)) + header + self.entries.tobytes()

    @classmethod
    def from_bytes(cls, contents: bytes) -> Block:
        (size,) = LENGTH.unpack_from(contents)
        header = json.loads(contents[LENGTH.size : LENGTH.size + size])
        entries = np.frombuffer(contents, ENTRY, offset=LENGTH.size + size)
        return cls(header["labels"], tuple(header["measures"]), entries)

    def knows(self, raw: RawCheckIn) -> bool:
        """Say whether a check-in is here as it is stored now."""
        at = np.flatnonzero(self.entries["id"] == short_id(raw.id))
        return bool(at.size and raw.counts and self.entries["edited"][at[0]] == stamp(raw.edited_at))

    def changed(self, raw: Iterable[RawCheckIn], scores: Mapping[UUID, float]) -> Block:
        """Return the block with these check-ins as they are stored now; one without a score goes."""
        measures, kept, fresh = list(self.measures), self.entries, []
        for one in raw:
            kept = kept[kept["id"] != short_id(one.id)]
            if one.counts and one.id in scores:
                if one.measure not in measures:
                    measures.append(one.measure)
                at = int(np.datetime64(clock.in_britain(one.at).replace(tzinfo=None), "s").astype(np.int64))
                number = measures.index(one.measure)
                fresh.append((short_id(one.id), at, stamp(one.edited_at), scores[one.id], number))
        return Block(self.labels, tuple(measures), np.concatenate([kept, np.array(fresh, ENTRY)]).astype(ENTRY))


EMPTY = Block({}, (), np.zeros(0, ENTRY))


def short_id(id_: UUID) -> int:
    """Return half of an id: enough to tell one person's check-ins apart."""
    return id_.int >> 64


def stamp(moment: datetime | None) -> int:
    """Return a moment in microseconds, 0 for never."""
    return NEVER if moment is None else round(moment.timestamp() * 1_000_000)
