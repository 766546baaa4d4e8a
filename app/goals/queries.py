"""Reading goals, their ratings and their steps."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.goals.models import Goal, GoalRating, GoalStep
from app.goals.values import GoalFact
from app.web.errors import NotFoundError
from app.web.paging import Cursor, older_than
from app.young_people.models import YoungPerson
from app.young_people.values import Access


def goals_visible_to(access: Access) -> list[Goal]:
    """Return a young person's goals that the viewer may see, newest first, without those put away."""
    return list(db.session.execute(_visible(access).order_by(Goal.set_at.desc(), Goal.id)).scalars())


def goal_visible_to(access: Access, goal_id: UUID) -> Goal:
    """Return one goal; raises NotFoundError where it is put away or not for the viewer."""
    goal = db.session.execute(_visible(access).where(Goal.id == goal_id)).scalar_one_or_none()
    if goal is None:
        raise NotFoundError
    return goal


def _visible(access: Access) -> Select[Goal]:
    return select(Goal).where(
        Goal.young_person_id == access.young_person_id,
        Goal.put_away_at.is_(None),
        Goal.audience.in_(access.audiences),
    )


def ratings_visible_to(
    access: Access, before: Cursor | None = None, limit: int = 20, since: datetime | None = None
) -> list[GoalRating]:
    """Return the ratings of the goals that the viewer may see, newest first."""
    visible = _visible(access).with_only_columns(Goal.id)
    query = select(GoalRating).where(
        GoalRating.young_person_id == access.young_person_id, GoalRating.goal_id.in_(visible)
    )
    if before is not None:
        query = query.where(older_than(before, GoalRating.at, GoalRating.id))
    if since is not None:
        query = query.where(GoalRating.at >= since)
    query = query.order_by(GoalRating.at.desc(), GoalRating.id.desc()).limit(limit)
    return list(db.session.execute(query).scalars())


def ratings_of(goals: Iterable[Goal]) -> dict[UUID, list[GoalRating]]:
    """Return the ratings of goals already fetched for their viewer, oldest first, by goal."""
    found: dict[UUID, list[GoalRating]] = {goal.id: [] for goal in goals}
    query = select(GoalRating).where(GoalRating.goal_id.in_(found)).order_by(GoalRating.at, GoalRating.id)
    for rating in db.session.execute(query).scalars():
        found[rating.goal_id].append(rating)
    return found


def steps_of(goals: Iterable[Goal]) -> dict[UUID, list[GoalStep]]:
    """Return the small steps of goals already fetched for their viewer, in their order, by goal."""
    found: dict[UUID, list[GoalStep]] = {goal.id: [] for goal in goals}
    query = select(GoalStep).where(GoalStep.goal_id.in_(found)).order_by(GoalStep.position, GoalStep.id)
    for step in db.session.execute(query).scalars():
        found[step.goal_id].append(step)
    return found


def goal_ratings_of_council(council_id: UUID) -> list[GoalFact]:
    """Return the ratings of everybody in a council's group figures, by person and moment; for group figures alone.

    Numbers only, whatever the audience of the goal, and those of goals put away too: no word of any goal is opened.
    """
    query = (
        select(
            row_ids(GoalRating),
            GoalRating.young_person_id,
            GoalRating.goal_id,
            GoalRating.at,
            sealed_column(GoalRating, "rating"),
        )
        .join(YoungPerson, YoungPerson.id == GoalRating.young_person_id)
        .where(GoalRating.council_id == council_id, YoungPerson.in_group_figures.is_(True))
        .order_by(GoalRating.young_person_id, GoalRating.at, GoalRating.id)
    )
    rows = db.session.execute(query).all()
    current_keyring().load(OwnerKind.YOUNG_PERSON, {row[1] for row in rows})
    ratings = open_many(GoalRating, "rating", OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=0, owners=1, values=4))
    return [
        GoalFact(person, goal, at, rating)
        for (_, person, goal, at, _), rating in zip(rows, ratings, strict=True)
        if rating is not None
    ]
