"""Reading what one young person came to and what followed; each read starts from what the viewer may see."""

from datetime import datetime

from app.breaks.queries import places_of, sessions_attended
from app.checkins.models import CheckIn
from app.checkins.queries import check_ins_visible_to, scores_of
from app.checkins.values import ScoredCheckIn
from app.goals.queries import goals_visible_to, ratings_of
from app.impact.person_queries import OwnRecords, estimates_for
from app.insights.values import WhatFollowed
from app.prompts.queries import answers_of
from app.timeline.queries import EVERY_ONE
from app.timeline.values import Event, RatedGoal, Score
from app.web.errors import NotFoundError
from app.young_people.queries import life_events_of
from app.young_people.values import Access, Tie


def readable(access: Access) -> Access:
    """Return the access of a mentor, a parent carer or the young person; raises NotFoundError for anybody else."""
    if not (access.is_self or access.ties & {Tie.MENTOR, Tie.PARENT_CARER}):
        raise NotFoundError
    return access


def own_check_ins(access: Access, *, since: datetime) -> tuple[list[ScoredCheckIn], list[CheckIn]]:
    """Return a young person's own mood scores since a moment, oldest first, and the check-ins, newest first.

    Raises NotFoundError for anybody else.
    """
    if not access.is_self:
        raise NotFoundError
    return scores_of(access, since), check_ins_visible_to(access, before=None, limit=EVERY_ONE, since=since)


def what_followed(access: Access) -> WhatFollowed:
    """Return what a young person came to, and what of their own followed; only check-ins that the viewer sees count."""
    scores = scores_of(readable(access))
    sessions = sessions_attended(access, limit=EVERY_ONE)[::-1]
    goals = goals_visible_to(access)
    ratings = ratings_of(goals)
    own = OwnRecords(scores, sessions, places_of(access), answers_of(access))
    return WhatFollowed(
        name=access.name,
        estimates=estimates_for(access, own),
        scores=tuple(Score(one.at, one.score_0_10) for one in scores),
        goals=tuple(
            RatedGoal(
                goal.title, tuple(Score(one.at, one.rating) for one in ratings[goal.id] if one.rating is not None)
            )
            for goal in goals
        ),
        events=tuple(Event(event.on, event.title) for event in life_events_of(access)),
    )
