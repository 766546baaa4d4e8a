"""Room for words in a picture: how wide they are, and which of them share a line."""

from collections.abc import Sequence
from typing import NamedTuple

LETTER = 0.64
GAP = 10.0


class Placed(NamedTuple):
    """From where to where something reaches."""

    start: float
    end: float


def as_wide_as(words: str, letters: float) -> float:
    """Return about how wide words are, in the units of the letter size; generous rather than tight."""
    return len(words) * letters * LETTER


def shortened(words: str, letters: float, room: float) -> str:
    """Return words that fit the room, ended with an ellipsis where something was cut."""
    most = int(room / (letters * LETTER))
    return words if len(words) <= most else words[: max(most - 1, 1)].rstrip() + "…"


def lanes_of(places: Sequence[Placed]) -> list[int]:
    """Return for each the first lane in which it overlaps nothing placed before it."""
    ends: list[list[Placed]] = []
    lanes = []
    for place in places:
        lane = next((n for n, taken in enumerate(ends) if all(_apart(place, other) for other in taken)), len(ends))
        if lane == len(ends):
            ends.append([])
        ends[lane].append(place)
        lanes.append(lane)
    return lanes


def _apart(one: Placed, other: Placed) -> bool:
    return one.start >= other.end + GAP or other.start >= one.end + GAP
