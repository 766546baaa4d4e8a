"""Setting goals, rating how close they are, and taking small steps."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.database import db
from app.goals.models import Goal, GoalRating, GoalStep
from app.goals.queries import goal_visible_to
from app.goals.values import LONGEST_STEP, LONGEST_TITLE, RATINGS
from app.safeguarding.services import look_for_words
from app.safeguarding.values import Source
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.typed import words_within
from app.young_people.queries import record_of
from app.young_people.services import record_written
from app.young_people.values import Access, Audience


class UnknownRatingError(ValueError):
    """A rating that is not a whole number from 0 to 10."""


def set_goal(
    *,
    viewer: Viewer,
    access: Access,
    title: str,
    audience: Audience | None = None,
    at: datetime | None = None,
    goal_id: UUID | None = None,
    rating: float | None = None,
) -> Goal:
    """Set a goal in the young person's words, rated at once where a rating is given.

    The same id again gives the goal that is there. Raises NothingWrittenError, TooLongError, UnknownRatingError, and
    NotFoundError for anybody but the young person.
    """
    _refuse_others(access)
    earlier = db.session.get(Goal, goal_id) if goal_id else None
    if earlier is not None:
        return goal_visible_to(access, earlier.id)
    goal = Goal(
        id=goal_id or uuid4(),
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        audience=audience or record_of(access).default_audience,
        set_at=at or clock.now(),
        title=words_within(title, LONGEST_TITLE),
    )
    if rating is not None:
        check_rating(rating)
    try:
        with db.session.begin_nested():
            db.session.add(goal)
            record_written(viewer=viewer, action="goal:set", about=goal)
            _look(viewer, access, goal.id, title)
    except IntegrityError:
        return goal_visible_to(access, goal.id)
    if rating is not None:
        rate_goal(viewer=viewer, access=access, goal_id=goal.id, rating=rating, at=at)
    return goal


def _look(viewer: Viewer, access: Access, entry_id: UUID, words: str) -> None:
    look_for_words(viewer=viewer, access=access, words=words, source=Source.GOAL, entry_id=entry_id)


def check_rating(rating: float) -> None:
    """Raise UnknownRatingError for anything but a whole number from 0 to 10."""
    if rating not in RATINGS:
        raise UnknownRatingError(_("Choose a number from 0 to 10."))


def rate_goal(
    *,
    viewer: Viewer,
    access: Access,
    goal_id: UUID,
    rating: float,
    at: datetime | None = None,
    rating_id: UUID | None = None,
) -> GoalRating:
    """Keep how close the young person feels to a goal, 0 to 10; the same id again gives the rating that is there.

    Raises UnknownRatingError and NotFoundError.
    """
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    earlier = db.session.get(GoalRating, rating_id) if rating_id else None
    if earlier is not None:
        return _of_goal(earlier, goal)
    check_rating(rating)
    made = _rating(goal, viewer, rating, at or clock.now(), rating_id)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            record_written(viewer=viewer, action="goal:rated", about=made)
    except IntegrityError:
        return _of_goal(db.session.get_one(GoalRating, made.id), goal)
    return made


def rate_goal_in_bulk(
    *, viewer: Viewer, access: Access, goal_id: UUID, ratings: Sequence[tuple[datetime, float]]
) -> None:
    """Keep many ratings of one goal, with one audit entry. Raises as `rate_goal` does, before anything is kept."""
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    for _at, rating in ratings:
        check_rating(rating)
    made = [_rating(goal, viewer, rating, at) for at, rating in ratings]
    db.session.add_all(made)
    if made:
        record_written(viewer=viewer, action="goal:rated_in_bulk", about=made[-1])


def _rating(goal: Goal, viewer: Viewer, rating: float, at: datetime, rating_id: UUID | None = None) -> GoalRating:
    return GoalRating(
        id=rating_id or uuid4(),
        council_id=goal.council_id,
        young_person_id=goal.young_person_id,
        goal_id=goal.id,
        rated_by=viewer.account_id,
        at=at,
        rating=float(rating),
    )


PartOfGoal = TypeVar("PartOfGoal", GoalRating, GoalStep)


def _of_goal(earlier: PartOfGoal, goal: Goal) -> PartOfGoal:
    if earlier.goal_id != goal.id:
        raise NotFoundError
    return earlier


def add_step(*, viewer: Viewer, access: Access, goal_id: UUID, words: str, step_id: UUID | None = None) -> GoalStep:
    """Add a small step to the end of a goal's steps; the same id again gives the step that is there.

    Raises NothingWrittenError, TooLongError and NotFoundError.
    """
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    earlier = db.session.get(GoalStep, step_id) if step_id else None
    if earlier is not None:
        return _of_goal(earlier, goal)
    last = select(func.coalesce(func.max(GoalStep.position), 0)).where(GoalStep.goal_id == goal.id)
    step = GoalStep(
        id=step_id or uuid4(),
        council_id=goal.council_id,
        young_person_id=goal.young_person_id,
        goal_id=goal.id,
        position=db.session.execute(last).scalar_one() + 1,
        words=words_within(words, LONGEST_STEP),
    )
    try:
        with db.session.begin_nested():
            db.session.add(step)
            record_written(viewer=viewer, action="goal_step:added", about=step)
            _look(viewer, access, step.id, words)
    except IntegrityError:
        return _of_goal(db.session.get_one(GoalStep, step.id), goal)
    return step


def mark_step_done(
    *,
    viewer: Viewer,
    access: Access,
    step_id: UUID,
    is_done: bool = True,
    at: datetime | None = None,
) -> GoalStep:
    """Tick a small step, or take the tick away. Raises NotFoundError."""
    _refuse_others(access)
    query = select(GoalStep).where(GoalStep.id == step_id, GoalStep.young_person_id == access.young_person_id)
    step = db.session.execute(query).scalar_one_or_none()
    if step is None:
        raise NotFoundError
    goal_visible_to(access, step.goal_id)
    if (step.done_at is not None) is not is_done:
        step.done_at = (at or clock.now()) if is_done else None
        record_written(viewer=viewer, action="goal_step:done" if is_done else "goal_step:not_done", about=step)
    return step


def mark_goal_reached(
    *, viewer: Viewer, access: Access, goal_id: UUID, is_reached: bool = True, at: datetime | None = None
) -> Goal:
    """Say that a goal is reached, or that it is not after all. Raises NotFoundError."""
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    if (goal.reached_at is not None) is not is_reached:
        goal.reached_at = (at or clock.now()) if is_reached else None
        record_written(viewer=viewer, action="goal:reached" if is_reached else "goal:opened_again", about=goal)
    return goal


def change_goal(*, viewer: Viewer, access: Access, goal_id: UUID, title: str, audience: Audience) -> Goal:
    """Change a goal's words and who sees it. Raises NothingWrittenError, TooLongError and NotFoundError."""
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    title = words_within(title, LONGEST_TITLE)
    if (title, audience) != (goal.title, goal.audience):
        goal.title, goal.audience = title, audience
        record_written(viewer=viewer, action="goal:changed", about=goal)
        _look(viewer, access, goal.id, title)
    return goal


def put_goal_away(*, viewer: Viewer, access: Access, goal_id: UUID) -> None:
    """Take a goal off every page; its record stays. Raises NotFoundError."""
    _refuse_others(access)
    goal = goal_visible_to(access, goal_id)
    goal.put_away_at = clock.now()
    record_written(viewer=viewer, action="goal:put_away", about=goal)


def _refuse_others(access: Access) -> None:
    if not access.is_self:
        raise NotFoundError
