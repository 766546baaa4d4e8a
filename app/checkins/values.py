"""What a check-in says, and the words to choose from."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.web.languages import _l
from app.young_people.values import Audience

LONGEST_WORDS = 2_000
FEELINGS: dict[str, str] = {
    "calm": _l("Calm"),
    "happy": _l("Happy"),
    "proud": _l("Proud"),
    "hopeful": _l("Hopeful"),
    "safe": _l("Safe"),
    "excited": _l("Excited"),
    "worried": _l("Worried"),
    "sad": _l("Sad"),
    "angry": _l("Angry"),
    "lonely": _l("Lonely"),
    "tired": _l("Tired"),
    "muddled": _l("Muddled"),
}
FINER_FEELINGS: dict[str, dict[str, str]] = {
    "calm": {"relaxed": _l("Relaxed"), "cosy": _l("Cosy"), "quiet_inside": _l("Quiet inside")},
    "happy": {"cheerful": _l("Cheerful"), "silly": _l("Silly"), "thankful": _l("Thankful")},
    "proud": {"brave": _l("Brave"), "strong": _l("Strong"), "good_at_it": _l("Good at it")},
    "hopeful": {"looking_forward": _l("Looking forward"), "curious": _l("Curious"), "ready": _l("Ready")},
    "safe": {"loved": _l("Loved"), "looked_after": _l("Looked after"), "trusted": _l("Trusted")},
    "excited": {"full_of_energy": _l("Full of energy"), "cannot_wait": _l("Can’t wait"), "surprised": _l("Surprised")},
    "worried": {"scared": _l("Scared"), "nervous": _l("Nervous"), "on_edge": _l("On edge")},
    "sad": {"let_down": _l("Let down"), "hurt": _l("Hurt"), "tearful": _l("Tearful")},
    "angry": {"cross": _l("Cross"), "annoyed": _l("Annoyed"), "not_fair": _l("It’s not fair")},
    "lonely": {"left_out": _l("Left out"), "missing_someone": _l("Missing someone"), "not_heard": _l("Not heard")},
    "tired": {"worn_out": _l("Worn out"), "bored": _l("Bored"), "flat": _l("Flat")},
    "muddled": {"stuck": _l("Stuck"), "too_much": _l("Too much"), "numb": _l("Numb")},
}
"""What each of the twelve words may be, more finely."""
ALL_FEELINGS = FEELINGS | {code: words for finer in FINER_FEELINGS.values() for code, words in finer.items()}
GOING_ON: dict[str, str] = {
    "school": _l("School"),
    "sleep": _l("Sleep"),
    "family": _l("Family"),
    "friends": _l("Friends"),
    "health": _l("Health"),
    "online": _l("Online"),
    "home": _l("Home"),
    "going_out": _l("Going out"),
    "food": _l("Food"),
    "body": _l("Body"),
    "something_else": _l("Something else"),
}
WHO_WITH: dict[str, str] = {
    "alone": _l("On my own"),
    "family": _l("My family"),
    "friends": _l("My friends"),
    "mentor": _l("My mentor"),
    "teacher": _l("A teacher"),
    "club": _l("People at a club"),
    "pet": _l("A pet"),
    "online": _l("People online"),
    "somebody_else": _l("Somebody else"),
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
