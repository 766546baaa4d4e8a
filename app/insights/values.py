"""What the page about one young person is drawn from: already permitted and decrypted."""

from dataclasses import dataclass

from app.impact.person_queries import Estimates
from app.timeline.values import Event, RatedGoal, Score


@dataclass(frozen=True, slots=True)
class WhatFollowed:
    """Everything that one viewer may see of one young person beside what they came to."""

    name: str
    estimates: Estimates
    scores: tuple[Score, ...]
    goals: tuple[RatedGoal, ...]
    events: tuple[Event, ...]
