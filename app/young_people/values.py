"""Who is around a young person, and who sees what they share."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.web.languages import _l


class Tie(StrEnum):
    """What an adult is to a young person."""

    MENTOR = "mentor"
    PARENT_CARER = "parent_carer"
    TEAM = "team"


class Audience(StrEnum):
    """Who sees something a young person shares: each step adds to the one before."""

    ONLY_ME = "only_me"
    MENTOR = "mentor"
    PARENT_CARER = "parent_carer"
    TEAM = "team"

    @property
    def words(self) -> str:
        return AUDIENCE_WORDS[self]


AUDIENCE_WORDS = {
    Audience.ONLY_ME: _l("Only me"),
    Audience.MENTOR: _l("My mentor"),
    Audience.PARENT_CARER: _l("My parent or carer too"),
    Audience.TEAM: _l("Everyone on my team"),
}
AUDIENCES_SEEN_BY: dict[Tie, frozenset[Audience]] = {
    Tie.MENTOR: frozenset({Audience.MENTOR, Audience.PARENT_CARER, Audience.TEAM}),
    Tie.PARENT_CARER: frozenset({Audience.PARENT_CARER, Audience.TEAM}),
    Tie.TEAM: frozenset({Audience.TEAM}),
}


class Verdict(StrEnum):
    """What the auditor finds of an emergency access."""

    RIGHT = "right"
    NOT_RIGHT = "not_right"


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a council knows of a young person when it adds them; all of it is sealed."""

    reference: str
    first_name: str
    last_name: str
    preferred_name: str = ""
    pronouns: str = ""
    date_of_birth: date | None = None
    sex: str = ""
    ethnicity: str = ""
    primary_need: str = ""
    presenting_needs: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    locality: str = ""
    entry_route: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """A young person whom a viewer may see, and what of theirs: proof that the question was asked."""

    young_person_id: UUID
    council_id: UUID
    name: str
    ties: frozenset[Tie]
    is_self: bool
    emergency_until: datetime | None = None
    """Until when an emergency shows all of it, read-only, to somebody who is not their mentor."""

    @property
    def in_emergency(self) -> bool:
        return self.emergency_until is not None

    @property
    def reads_as_mentor(self) -> bool:
        """Say whether notes and calls for help are for the viewer; what a mentor may *do* is asked of the ties."""
        return Tie.MENTOR in self.ties or self.in_emergency

    @property
    def audiences(self) -> frozenset[Audience]:
        """Return the audiences whose entries the viewer sees: all of them, of one's own and in an emergency."""
        if self.is_self or self.in_emergency:
            return frozenset(Audience)
        return frozenset().union(*(AUDIENCES_SEEN_BY[tie] for tie in self.ties))
