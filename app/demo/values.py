"""What the made-up councils are made of; nothing here is read from or written to a database."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.accounts.values import Role
from app.breaks.feedback import Said
from app.breaks.values import AttendanceStatus
from app.checkins.carer_services import Past
from app.prompts.values import AgreedTimes, Change, Closing
from app.young_people.school import SchoolWeekSaid
from app.young_people.values import Audience, PersonDetails

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MadeUpOffer:
    """One intervention: what is said of it, and what is true of it.

    `effect`, `goals` and `carers` are points from 0 to 10, `school` a share of school sessions, `treated` the share of
    answers that say yes.
    """

    key: str
    name: str
    provider: str
    effect: float
    people: int
    day: int
    starts: time
    hours: float
    cost: int
    place: str
    who: str
    summary: str
    like: str
    term_only: bool = False
    goals: float = 0.0
    school: float = 0.0
    carers: float = 0.0
    treated: float = 0.85


@dataclass(frozen=True, slots=True)
class MadeUpProvider:
    """An organisation, and who signs in for it."""

    key: str
    name: str
    member: str


@dataclass(frozen=True, slots=True)
class MadeUpCouncil:
    """A council's name, its adults and what it offers."""

    slug: str
    name: str
    prefix: str
    mentors: tuple[str, ...]
    staff: tuple[str, ...]
    administrators: tuple[str, ...]
    auditors: tuple[str, ...]
    providers: tuple[MadeUpProvider, ...]
    offers: tuple[MadeUpOffer, ...]


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A young person, how they like to answer, and what their sentences are filled in with."""

    details: PersonDetails
    age: int
    mentor: int
    parent: str | None
    measure: str
    audience: Audience
    shares_profile: bool
    filling: dict[str, str]

    @property
    def stage(self) -> str:
        """Return whose words fit: a child's (8-11), a teenager's (12-16) or an adult's (17-25)."""
        return "child" if self.age < 12 else "teen" if self.age < 17 else "adult"  # noqa: PLR2004 (the ages are stated)


@dataclass(frozen=True, slots=True)
class Moods:
    """Nine months of moods, made without words.

    Check-ins are parallel arrays: `person`, `week` (0 is the first), `day` (0 is Monday), `minute` of the day, and
    `answer` on the person's own measure. `start` and `referred` (people, offers) are weeks, NEVER where there is none;
    `length` (people, offers) counts a course's sessions. `state` (people, weeks) is how far each week's true mood lies
    from the person's own level; `rests` (people, weeks) says in which weeks somebody with agreed times was not asked.
    `truth` and `people_after` (offers,) are the realised mean effect over the check-ins
    from the first session on, and how many people it rests on.
    """

    person: Integers
    week: Integers
    day: Integers
    minute: Integers
    answer: Integers
    start: Integers
    referred: Integers
    length: Integers
    state: Floats
    rests: NDArray[np.bool_]
    truth: Floats
    people_after: Integers


@dataclass(frozen=True, slots=True)
class PlannedCheckIn:
    """One check-in as it will be recorded."""

    id: UUID
    at: datetime
    answer: int
    feelings: tuple[str, ...] = ()
    going_on: tuple[str, ...] = ()
    words: str = ""
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """A reply: by the mentor, the parent carer or the young person."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post with its replies."""

    at: datetime
    words: str
    replies: tuple[PlannedReply, ...] = ()
    audience: Audience | None = None
    drawing: str = ""
    """What is in the drawing that hangs on it; empty where none does."""


@dataclass(frozen=True, slots=True)
class PlannedGoal:
    """A goal with its ratings (moment, 0 to 10) and steps (words, when done)."""

    title: str
    at: datetime
    ratings: tuple[tuple[datetime, int], ...]
    steps: tuple[tuple[str, datetime | None], ...]
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedProfile:
    """One version of a one-page profile."""

    at: datetime
    said_by: str
    sections: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlannedCourse:
    """A place on an offer: when it was decided, and each session's week with whether they came."""

    offer: int
    referred_on: date
    sessions: tuple[tuple[int, AttendanceStatus], ...]
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One change of when somebody is asked: by their mentor or themself; `times` are empty for a break or its end."""

    at: datetime
    by_mentor: bool
    what: Change
    times: AgreedTimes = field(default_factory=AgreedTimes)


@dataclass(frozen=True, slots=True)
class PlannedPrompt:
    """One time that Tidemark asked; open where nothing came of it yet."""

    asked_at: datetime
    closed_at: datetime | None = None
    closed_as: Closing | None = None
    check_in_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedFeedback:
    """What somebody says after the session of an offer in a week."""

    offer: int
    week: int
    said: Said


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that is written about one young person."""

    person: MadeUpPerson
    check_ins: tuple[PlannedCheckIn, ...]
    courses: tuple[PlannedCourse, ...]
    posts: tuple[PlannedPost, ...] = ()
    goals: tuple[PlannedGoal, ...] = ()
    profiles: tuple[PlannedProfile, ...] = ()
    picture: str = ""
    """What is in the drawing on the newest of them; empty where there is none."""
    notes: tuple[tuple[datetime, str], ...] = ()
    events: tuple[tuple[date, str], ...] = ()
    concern: tuple[datetime, str, datetime | None] | None = None
    """When it was raised, its words, and when a mentor took it on."""
    changes: tuple[PlannedChange, ...] = ()
    prompts: tuple[PlannedPrompt, ...] = ()
    school: tuple[SchoolWeekSaid, ...] = ()
    carer: tuple[Past, ...] = ()
    feedback: tuple[PlannedFeedback, ...] = ()


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody to try Tidemark as."""

    role: str
    name: str
    kind: str
    look_for: str


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A cast member with the address at which one visit signs in."""

    role: str
    name: str
    sign_in_url: str
    kind: str = field(default="")
    look_for: str = field(default="")


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """What is really true of one offer, as nobody outside a made-up council can know it, and what is published of it.

    Figures are points from 0 to 10; None where nothing is published. `before_and_after` is the plain difference.
    """

    offer: str
    people: int
    stated: float
    realised: float
    published: float | None = None
    low: float | None = None
    high: float | None = None
    before_and_after: float | None = None


@dataclass(frozen=True, slots=True)
class TrueOutcome:
    """What is really true of one offer for one further outcome, in the unit shown; None where nothing is published."""

    outcome: str
    offer: str
    stated: float
    realised: float | None
    published: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SeedSummary:
    """How much was made."""

    young_people: int
    adults: int
    check_ins: int
    sessions: int
    attendances: int
    posts: int
    goals: int
    school_weeks: int
    answers_after_sessions: int
    carer_check_ins: int


ADULTS_OF = {
    "mentors": Role.MENTOR,
    "staff": Role.COUNCIL_STAFF,
    "administrators": Role.ADMINISTRATOR,
    "auditors": Role.AUDITOR,
}
