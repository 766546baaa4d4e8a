"""What the pages about goals may show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import clock
from app.goals.models import Goal, GoalRating, GoalStep
from app.web.dates import on_day, short_date
from app.web.languages import _
from app.young_people.sharing import TeamMember, readers
from app.young_people.values import Audience

WIDTH, HEIGHT, EDGE = 320, 96, 10
TOP = 10
DRAWN_FROM = 2
MOST_DRAWN = 60


@dataclass(frozen=True, slots=True)
class StepLine:
    """One small step."""

    id: UUID
    words: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class RatingCurve:
    """The ratings of one goal as a drawing, and the same in words."""

    width: int
    height: int
    points: list[tuple[float, float]]
    path: str
    in_words: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal as its young person reads it."""

    id: UUID
    title: str
    set_on: str
    reached_on: str | None
    rating: int | None
    rated_on: str | None
    steps: list[StepLine]
    audience: Audience
    for_whom: str
    curve: RatingCurve | None

    @property
    def steps_done(self) -> int:
        return sum(step.is_done for step in self.steps)


def goal_card(
    goal: Goal, ratings: Sequence[GoalRating], steps: Sequence[GoalStep], team: Sequence[TeamMember]
) -> GoalCard:
    """Return one goal; `ratings` oldest first."""
    readable = [(rating.at, value) for rating in ratings if (value := rating.rating) is not None]
    return GoalCard(
        id=goal.id,
        title=goal.title,
        set_on=_day(goal.set_at),
        reached_on=_day(goal.reached_at) if goal.reached_at else None,
        rating=int(readable[-1][1]) if readable else None,
        rated_on=_day(readable[-1][0]) if readable else None,
        steps=[StepLine(step.id, step.words, step.done_at is not None) for step in steps],
        audience=goal.audience,
        for_whom=readers(goal.audience, team),
        curve=rating_curve(readable[-MOST_DRAWN:]),
    )


def _day(moment: datetime) -> str:
    return on_day(clock.in_britain(moment).date())


def rating_curve(ratings: Sequence[tuple[datetime, float]]) -> RatingCurve | None:
    """Draw ratings (oldest first) on their time axis, 10 at the top; None below two ratings."""
    if len(ratings) < DRAWN_FROM:
        return None
    first, last = ratings[0][0], ratings[-1][0]
    span = (last - first).total_seconds() or 1.0
    points = [
        (
            round(EDGE + (at - first).total_seconds() / span * (WIDTH - 2 * EDGE), 1),
            round(HEIGHT - EDGE - value / TOP * (HEIGHT - 2 * EDGE), 1),
        )
        for at, value in ratings
    ]
    days = [clock.in_britain(moment).date() for moment in (first, last)]
    told = ", ".join(
        _("%(value)s on %(when)s", value=f"{value:g}", when=short_date(clock.in_britain(at).date()))
        for at, value in ratings
    )
    return RatingCurve(
        width=WIDTH,
        height=HEIGHT,
        points=points,
        path="M" + " L".join(f"{x} {y}" for x, y in points),
        in_words=_("How close it felt, from 0 to 10: %(told)s.", told=told),
        first_day=short_date(days[0]),
        last_day=short_date(days[1]),
    )
