"""The young person's record, the adults around them, what they chose to share, and notes about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedDate, SealedList, SealedMap, SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import CouncilRow, one_of
from app.young_people.decision_values import Way
from app.young_people.values import Audience, Tie, Verdict


class YoungPerson(SealedRow):
    """A young person known to a council, and how they like things to be."""

    __tablename__ = "young_people"
    __table_args__ = (UniqueConstraint("council_id", "reference_index"),)

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    reference_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    created_at: Mapped[datetime]
    default_audience: Mapped[Audience] = mapped_column(one_of(Audience), default=Audience.MENTOR)
    profile_audience: Mapped[Audience] = mapped_column(one_of(Audience), default=Audience.TEAM)
    shares_profile_with_providers: Mapped[bool] = mapped_column(default=False)
    in_group_figures: Mapped[bool] = mapped_column(default=True)
    measure: Mapped[str] = mapped_column(String(40), default="faces")
    told_who_sees_at: Mapped[datetime | None]

    reference = SealedText()
    first_name = SealedText()
    last_name = SealedText()
    preferred_name = SealedText()
    pronouns = SealedText()
    date_of_birth = SealedDate()
    sex = SealedText()
    ethnicity = SealedText()
    primary_need = SealedText()
    presenting_needs = SealedList()
    diagnoses = SealedList()
    locality = SealedText()
    entry_route = SealedText()
    contact = SealedText()
    looks = SealedMap()
    """How they like Tidemark to look and to be read."""
    profile_parts = SealedMap()
    """Who sees a part of the one-page profile, where it is not as for the page: audiences by the part's key."""

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.YOUNG_PERSON, self.id

    @property
    def known_as(self) -> str:
        """Return the name that they like to be called."""
        return self.preferred_name or self.first_name


class PersonRow(SealedRow):
    """A row about one young person, sealed under their data key."""

    __abstract__ = True

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_people.id"), index=True)

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.YOUNG_PERSON, self.young_person_id


class Relationship(CouncilRow):
    """An adult around a young person; it counts from the next request after it begins, and not after it ends."""

    __tablename__ = "relationships"

    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_people.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    tie: Mapped[Tie] = mapped_column(one_of(Tie))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EmergencyAccess(PersonRow):
    """Somebody opened a record that is otherwise closed to them: why, until when, and what the auditor found of it."""

    __tablename__ = "emergency_accesses"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When whoever opened it ended it early."""
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    verdict: Mapped[Verdict | None] = mapped_column(one_of(Verdict))
    reason = SealedText()
    review = SealedText()


class SharingDecision(PersonRow):
    """One change to who sees what: who decided and how, when, what it was set to, and when to look at it again."""

    __tablename__ = "sharing_decisions"

    what: Mapped[str] = mapped_column(String(40))
    choice: Mapped[str] = mapped_column(String(40))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    way: Mapped[Way] = mapped_column(one_of(Way), default=Way.THEMSELF)
    review_on: Mapped[date | None]
    asked = SealedText()
    why = SealedText()


class Note(PersonRow):
    """What a mentor writes down about a visit or a call; the young person's team of mentors reads it."""

    __tablename__ = "notes"

    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    words = SealedText()


class LifeEvent(PersonRow):
    """Something that happened to a young person (a move, an exam), shown on the time axis."""

    __tablename__ = "life_events"

    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    on: Mapped[date]
    title = SealedText()


class SchoolWeek(PersonRow):
    """One week of school: how many sessions (half days) there were to go to, how many they went to, or full time."""

    __tablename__ = "school_weeks"
    __table_args__ = (UniqueConstraint("young_person_id", "monday"),)

    monday: Mapped[date]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    said = SealedMap()
    """`possible` and `attended` as whole numbers (empty: simply full time), `full_time` as `yes` or empty."""
