"""What a young person may say after a session, and how it reads on a scale from 0 to 10."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.web.languages import _, _l
from app.young_people.values import Audience

HOW_WAS_IT = {1: _l("Really bad"), 2: _l("Not great"), 3: _l("Okay"), 4: _l("Good"), 5: _l("Really good")}
POINTS_BETWEEN_FACES = 2.5
POINTS_BETWEEN_TREATED = 5.0


class Treated(StrEnum):
    """The answers to “Did they treat me how I asked?”."""

    NO = "no"
    MOSTLY = "mostly"
    YES = "yes"

    @property
    def words(self) -> str:
        return TREATED_WORDS[self]

    @property
    def step(self) -> float:
        """Return the answer as it is kept: 0, 1 or 2."""
        return float(list(Treated).index(self))


TREATED_WORDS = {Treated.NO: _l("No"), Treated.MOSTLY: _l("Mostly"), Treated.YES: _l("Yes")}


class UnknownAnswerError(ValueError):
    """That is not one of the answers."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a session; None leaves an answer as it was."""

    how_was_it: int | None = None
    treated: Treated | None = None
    audience: Audience | None = None


class FeedbackFact(NamedTuple):
    """What somebody in a council's group figures said after one session, from 0 to 10; None where left out."""

    young_person_id: UUID
    offer_id: UUID
    at: datetime
    how_was_it: float | None
    treated: float | None


class NewFeedback(NamedTuple):
    """What somebody said of one session, for writing many at once."""

    session_id: UUID
    young_person_id: UUID
    at: datetime
    said: Said


def treated_of(step: float | None) -> Treated | None:
    return None if step is None else list(Treated)[int(step)]


def said_from(how_was_it: str | None, treated: str | None) -> Said:
    """Return what a form sent, each answer empty or one of those shown; raises UnknownAnswerError."""
    try:
        face = int(how_was_it) if how_was_it else None
        answer = Treated(treated) if treated else None
    except ValueError:
        raise UnknownAnswerError(_("That is not one of the answers. Choose one that is shown.")) from None
    check(said := Said(face, answer))
    return said


def check(said: Said) -> None:
    """Raise UnknownAnswerError for a face that there is not."""
    if said.how_was_it is not None and said.how_was_it not in HOW_WAS_IT:
        raise UnknownAnswerError(_("That is not one of the answers. Choose one that is shown."))
