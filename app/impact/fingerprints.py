"""A fingerprint of what each young person brings: whether anything of theirs is new is told by it alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

import numpy as np

from app.impact.contributions import ENTRY
from app.impact.values import CheckIns, Integers, Panel, Referrals, Sessions, Truths

FINGERPRINT_BYTES = 8
ALL_OF_IT = UUID(int=0)
LENGTH = 8
EMPTY = bytes(LENGTH)

Marks = np.ndarray[tuple[int], np.dtype[np.bytes_]]


def marks_of(
    panel: Panel, offers: Sequence[UUID], entries: CheckIns, full_time: Truths | None = None
) -> dict[UUID, Marks]:
    """Return a digest of each person's `entries` with their sessions at, and referral to, each offer they came to.

    Under `ALL_OF_IT` it is of everything that they bring; each is (people,), empty where there is nothing.
    """
    people = panel.people
    columns = [entries.time.astype(np.int64), entries.score.view(np.int64)]
    if full_time is not None:
        columns.append(full_time.astype(np.int64))
    order = np.lexsort((*columns[::-1], entries.person))
    moods = _Slices.of(entries.person[order], people, *(column[order] for column in columns))
    wide = max(len(offers), 1)
    visits, size = _by_pair(panel.sessions, wide), people * wide
    asked = _by_pair(panel.referrals, wide) if panel.referrals is not None else (visits[0][:0], visits[1][:0])
    at_offers, referred = _Slices.of(visits[0], size, visits[1]), _Slices.of(asked[0], size, asked[1])
    found = {offer: np.zeros(people, ENTRY["mark"]) for offer in offers}
    whole = [_Parts() for _ in range(people)]
    for person, parts in enumerate(whole):
        parts.add(moods[person])
    for key in np.unique(visits[0]).tolist():
        person, offer = divmod(key, wide)
        found[offers[offer]][person] = _digest(moods[person], at_offers[key], referred[key])
        whole[person].add(at_offers[key], place=offer + 1)
    return found | {ALL_OF_IT: np.array([parts.digest(wide + 1) for parts in whole], ENTRY["mark"])}


class _Parts:
    """Parts that are put together, most of them empty: those in between have a length and nothing else."""

    def __init__(self) -> None:
        self.held: list[bytes] = []
        self.number = 0

    def add(self, part: bytes, place: int = 0) -> None:
        self.held += (EMPTY * (place - self.number), len(part).to_bytes(LENGTH, "big"), part)
        self.number = place + 1

    def digest(self, number: int) -> bytes:
        """Return what `_digest` does of as many parts."""
        return _hashed(b"".join((*self.held, EMPTY * (number - self.number))))


def _by_pair(events: Sessions | Referrals, wide: int) -> tuple[Integers, Integers]:
    key = events.person * wide + events.intervention
    times = np.asarray(events.time).astype(np.int64)
    order = np.lexsort((times, key))
    return key[order], times[order]


@dataclass(frozen=True)
class _Slices:
    """Rows by their key, as bytes."""

    rows: bytes
    ends: list[int]

    @classmethod
    def of(cls, key: Integers, size: int, *columns: Integers) -> "_Slices":
        """Take the rows of every key from 0 to size - 1; `key` is in order."""
        rows = np.column_stack(columns)
        return cls(rows.tobytes(), (np.searchsorted(key, np.arange(size + 1)) * rows.itemsize * len(columns)).tolist())

    def __getitem__(self, key: int) -> bytes:
        return self.rows[self.ends[key] : self.ends[key + 1]]


def _digest(*parts: bytes) -> bytes:
    return _hashed(b"".join(len(part).to_bytes(LENGTH, "big") + part for part in parts))


def _hashed(text: bytes) -> bytes:
    return blake2b(text, digest_size=FINGERPRINT_BYTES).hexdigest().encode()
