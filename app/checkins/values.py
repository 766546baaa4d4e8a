"""What a check-in says, and the words to choose from."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.young_people.values import Audience

LONGEST_WORDS = 2_000
FEELINGS: dict[str, str] = {
    "calm": "Calm",
    "happy": "Happy",
    "proud": "Proud",
    "hopeful": "Hopeful",
    "safe": "Safe",
    "excited": "Excited",
    "worried": "Worried",
    "sad": "Sad",
    "angry": "Angry",
    "lonely": "Lonely",
    "tired": "Tired",
    "muddled": "Muddled",
}
FINER_FEELINGS: dict[str, dict[str, str]] = {
    "calm": {"relaxed": "Relaxed", "cosy": "Cosy", "quiet_inside": "Quiet inside"},
    "happy": {"cheerful": "Cheerful", "silly": "Silly", "thankful": "Thankful"},
    "proud": {"brave": "Brave", "strong": "Strong", "good_at_it": "Good at it"},
    "hopeful": {"looking_forward": "Looking forward", "curious": "Curious", "ready": "Ready"},
    "safe": {"loved": "Loved", "looked_after": "Looked after", "trusted": "Trusted"},
    "excited": {"full_of_energy": "Full of energy", "cannot_wait": "Can’t wait", "surprised": "Surprised"},
    "worried": {"scared": "Scared", "nervous": "Nervous", "on_edge": "On edge"},
    "sad": {"let_down": "Let down", "hurt": "Hurt", "tearful": "Tearful"},
    "angry": {"cross": "Cross", "annoyed": "Annoyed", "not_fair": "It’s not fair"},
    "lonely": {"left_out": "Left out", "missing_someone": "Missing someone", "not_heard": "Not heard"},
    "tired": {"worn_out": "Worn out", "bored": "Bored", "flat": "Flat"},
    "muddled": {"stuck": "Stuck", "too_much": "Too much", "numb": "Numb"},
}
"""What each of the twelve words may be, more finely."""
ALL_FEELINGS = FEELINGS | {code: words for finer in FINER_FEELINGS.values() for code, words in finer.items()}
GOING_ON: dict[str, str] = {
    "school": "School",
    "sleep": "Sleep",
    "family": "Family",
    "friends": "Friends",
    "health": "Health",
    "online": "Online",
    "home": "Home",
    "going_out": "Going out",
    "food": "Food",
    "body": "Body",
    "something_else": "Something else",
}
WHO_WITH: dict[str, str] = {
    "alone": "On my own",
    "family": "My family",
    "friends": "My friends",
    "mentor": "My mentor",
    "teacher": "A teacher",
    "club": "People at a club",
    "pet": "A pet",
    "online": "People online",
    "somebody_else": "Somebody else",
}


@dataclass(frozen=True, slots=True)
class NewCheckIn:
    """One answer to a measure; the id is made by whoever sends it, so that sending twice makes one."""

    id: UUID
    measure: str
    answer: float
    at: datetime | None = None
    audience: Audience | None = None
    feelings: tuple[str, ...] = ()
    going_on: tuple[str, ...] = ()
    words: str = ""
    who_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckInDetails:
    """What may be added to a check-in or changed in it; None leaves a thing as it was."""

    answer: float | None = None
    at: datetime | None = None
    audience: Audience | None = None
    feelings: tuple[str, ...] | None = None
    going_on: tuple[str, ...] | None = None
    who_with: tuple[str, ...] | None = None
    words: str | None = None


class ScoredCheckIn(NamedTuple):
    """One mood check-in on the one scale from 0 to 10."""

    at: datetime
    score_0_10: float
    measure: str
    id: UUID


class RawCheckIn(NamedTuple):
    """One check-in as it is stored, its answer sealed; `counts`: it is a mood, and nobody took it back."""

    id: UUID
    young_person_id: UUID
    at: datetime
    measure: str
    edited_at: datetime | None
    counts: bool
    answer: bytes | None


class CouncilScore(NamedTuple):
    """One mood check-in of somebody in a council who is in its group figures."""

    young_person_id: UUID
    at: datetime
    score_0_10: float
    received_at: datetime
    measure: str
