"""Whether a large council's figures wait: to make them anew costs much the same for the news of few as of many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app import clock
from app.audit.values import TrailSince
from app.database import db
from app.impact.cells import ONE_IN
from app.impact.models import Refresh
from app.young_people.models import YoungPerson

LARGE = 1_000
"""From so many young people in group figures on they wait; those of fewer are made in seconds."""
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many have brought something since the figures were made, and that they wait for so many, or until then."""

    with_news: int
    wanted: int
    until: datetime


def waiting(council_id: UUID, last: Refresh, trail: TrailSince) -> Waiting | None:
    """Say what a council's figures, made by the refresh `last`, wait for; None where they are to be made anew.

    They are once a tenth of the young people in them have something new, or after a week. So what all refreshes cost
    together grows with what is new, however few bring it at a time.
    """
    query = select(func.count()).where(YoungPerson.council_id == council_id, YoungPerson.in_group_figures.is_(True))
    people, until = db.session.execute(query).scalar_one(), last.at + LONGEST
    wanted = -(-people // ONE_IN)
    with_news = len({entry.young_person_id or entry.record_id for entry in trail.entries})
    if not trail.is_whole or people < LARGE or with_news >= wanted or clock.now() >= until:
        return None
    return Waiting(with_news, wanted, until)
