"""Whom a cell was made from, and the state of what each brought: as rows of fixed width, to be compared in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("person", "S32"), ("mark", "S16")])
"""One young person: their id and the fingerprint of their data, both in hexadecimal."""
WHOLE = f"S{ENTRY.itemsize}"

Entries = NDArray[np.void]


class Contributions(Mapping[str, str]):
    """The fingerprint of each young person by their id, kept as `entries` (N,) of `ENTRY`."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    @classmethod
    def of(cls, brought: Mapping[str, str]) -> Contributions:
        """Return the same in rows."""
        if isinstance(brought, Contributions):
            return brought
        return cls(np.array([(person.encode(), mark.encode()) for person, mark in brought.items()], ENTRY))

    @classmethod
    def from_text(cls, text: str) -> Contributions:
        """Read what `as_text` wrote, or an object in JSON, as it was written once."""
        if text.startswith("{"):
            return cls.of(json.loads(text))
        return cls(np.frombuffer(text.encode(), ENTRY))

    def as_text(self) -> str:
        return self.entries.tobytes().decode()

    @cached_property
    def _by_person(self) -> dict[str, str]:
        return dict(zip(*(self.entries[name].astype(np.str_).tolist() for name in ("person", "mark")), strict=True))

    def __getitem__(self, person: str) -> str:
        return self._by_person[person]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_person)

    def __len__(self) -> int:
        return self.entries.size

    def differ_from(self, other: Contributions) -> int:
        """Return how many people are in one alone, or in both with another fingerprint."""
        mine, others = self.entries.tobytes(), other.entries.tobytes()
        if mine == others:
            return 0
        same = np.intersect1d(np.frombuffer(mine, WHOLE), np.frombuffer(others, WHOLE), assume_unique=True)
        both = np.intersect1d(self.entries["person"], other.entries["person"], assume_unique=True)
        return self.entries.size + other.entries.size - both.size - same.size


NOBODY = Contributions(np.empty(0, ENTRY))
