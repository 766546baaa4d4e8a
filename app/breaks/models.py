"""Providers, what they offer, its sessions, who has a place and who came."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.breaks.values import AttendanceStatus
from app.crypto.fields import SealedScore
from app.database import CouncilRow, one_of
from app.young_people.models import PersonRow
from app.young_people.values import Audience


class Provider(CouncilRow):
    """An organisation that runs short breaks for a council."""

    __tablename__ = "providers"
    __table_args__ = (UniqueConstraint("council_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))


class ProviderMember(CouncilRow):
    """Somebody who works for a provider and signs in for it."""

    __tablename__ = "provider_members"
    __table_args__ = (UniqueConstraint("provider_id", "account_id"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class Offer(CouncilRow):
    """An intervention or short break: directory data, in clear."""

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("council_id", "name"), CheckConstraint("cost_per_place >= 0", name="cost"))

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(200), default="")
    what_it_is_like: Mapped[str] = mapped_column(String(2000), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    cost_per_place: Mapped[int | None]
    """Pence for one place at one session."""
    is_open: Mapped[bool] = mapped_column(default=True)


class Session(CouncilRow):
    """One time and place at which an offer runs."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("offer_id", "starts_at"),
        Index("ix_sessions_council_id_starts_at", "council_id", "starts_at"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    who_will_be_there: Mapped[str] = mapped_column(String(200), default="")


class Placement(CouncilRow):
    """A young person's place on an offer: when somebody decided on it, which impact needs, and whether it goes on."""

    __tablename__ = "placements"
    __table_args__ = (UniqueConstraint("offer_id", "young_person_id"),)

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), index=True)
    young_person_id: Mapped[UUID] = mapped_column(ForeignKey("young_people.id"), index=True)
    referred_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class Attendance(PersonRow):
    """Whether one young person came to one session."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("session_id", "young_person_id"),
        Index("ix_attendances_council_id_recorded_at", "council_id", "recorded_at"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    status: Mapped[AttendanceStatus] = mapped_column(one_of(AttendanceStatus))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class ForgottenAttendance(CouncilRow):
    """How many of those who came to one session have been forgotten since: a count for funding, and nobody's."""

    __tablename__ = "forgotten_attendances"
    __table_args__ = (UniqueConstraint("session_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    came: Mapped[int]


class SessionFeedback(PersonRow):
    """What a young person said after a session: both answers may be left out, and with neither they were asked."""

    __tablename__ = "session_feedback"
    __table_args__ = (
        UniqueConstraint("session_id", "young_person_id"),
        Index("ix_session_feedback_council_id_at", "council_id", "at"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    how_was_it = SealedScore()
    """1 to 5, as the five faces."""
    treated = SealedScore()
    """“Did they treat me how I asked?” 0 no, 1 mostly, 2 yes."""
