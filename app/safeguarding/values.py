"""A council's rules for calls for help, and what one came from; no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from tomllib import loads
from uuid import UUID

from app.safeguarding.cover import Hours

MOST_PHRASES = 300
LONGEST_PHRASE = 60


class Source(StrEnum):
    """What a call for help came from: somebody asked, or words were found in something they wrote."""

    ASKED = "asked"
    NOT_SAFE = "not_safe"
    """They asked by saying no more than that they do not feel safe."""
    CHECK_IN = "check_in"
    POST = "post"
    REPLY = "reply"
    GOAL = "goal"

    @property
    def words(self) -> str:
        return SOURCE_WORDS[self]

    @property
    def did(self) -> str:
        """What somebody did, as an adult reads it behind their name."""
        return SOURCE_WORDS[self] if self in ASKED else "wrote words to look at"


SOURCE_WORDS = {
    Source.ASKED: "asked for help",
    Source.NOT_SAFE: "said “I don’t feel safe”",
    Source.CHECK_IN: "a check-in",
    Source.POST: "a post",
    Source.REPLY: "an answer under a post",
    Source.GOAL: "a goal",
}
ASKED = frozenset({Source.ASKED, Source.NOT_SAFE})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a council looks for, when somebody is there to look, how soon they have to, and who is asked after that."""

    phrases: tuple[str, ...]
    hours: Hours
    within: timedelta
    """Of time with cover."""
    cover: frozenset[UUID]
    """Accounts of those who take what a mentor has not taken in time."""


def as_phrases(lines: Iterable[str]) -> tuple[str, ...]:
    """Return phrases without gaps and doubles, in their order."""
    return tuple(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


@lru_cache(maxsize=1)
def starter_phrases() -> tuple[str, ...]:
    """Return the phrases that a council may begin with."""
    return tuple(loads((Path(__file__).parent / "starter_phrases.toml").read_text())["phrases"])
