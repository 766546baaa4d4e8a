"""Goals in the young person's words, their ratings and their small steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedScore, SealedText
from app.database import one_of
from app.young_people.models import PersonRow
from app.young_people.values import Audience


class Goal(PersonRow):
    """Something a young person wants to do."""

    __tablename__ = "goals"

    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    set_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    put_away_at: Mapped[datetime | None]
    title = SealedText()


class GoalRating(PersonRow):
    """How close they feel to a goal, 0 to 10 (goal-based outcome)."""

    __tablename__ = "goal_ratings"
    __table_args__ = (Index("ix_goal_ratings_young_person_id_at_id", "young_person_id", "at", "id"),)

    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goals.id"), index=True)
    rated_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    rating = SealedScore()


class GoalStep(PersonRow):
    """One small step toward a goal."""

    __tablename__ = "goal_steps"

    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goals.id"), index=True)
    position: Mapped[int]
    done_at: Mapped[datetime | None]
    words = SealedText()
