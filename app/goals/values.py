"""Limits of what a goal may say, and what group figures take of it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

LONGEST_TITLE = 200
LONGEST_STEP = 200
RATINGS = range(11)
"""How close somebody feels to a goal: 0 not at all, 10 there."""


class GoalFact(NamedTuple):
    """One rating of a goal of somebody in a council's group figures, from 0 to 10; no word of the goal."""

    young_person_id: UUID
    goal_id: UUID
    at: datetime
    rating: float
