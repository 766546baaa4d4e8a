"""Further outcomes of a made-up council: weeks of school, ratings of goals, parent carers, and what was said."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.accounts.models import Account
from app.accounts.services import create_account
from app.accounts.sessions import viewer_of
from app.accounts.values import Role, Viewer
from app.breaks.feedback import NewFeedback, Said, Treated
from app.breaks.feedback_services import say_in_bulk
from app.breaks.queries import attendance_of_council
from app.checkins.carer_services import Past, record_carer_check_ins_in_bulk
from app.database import db
from app.goals.services import rate_goal, set_goal
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access
from app.young_people.school import SchoolWeekSaid
from app.young_people.school_services import record_school_weeks_in_bulk
from app.young_people.services import tie_adult
from app.young_people.values import Audience, Tie
from tests.capabilities.impact_pages.council import MadeUp

MOST = 10
Whole = NDArray[np.int64]


def weeks_of(made: MadeUp) -> list[datetime]:
    """Return when each week's session of the first offer began."""
    return [session.starts_at for session in next(iter(made.sessions.values()))]


def monday_of(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())


def record_school(
    made: MadeUp, people: Sequence[UUID], sessions: Sequence[Sequence[int]], full_time: Sequence[UUID] = ()
) -> None:
    """Record each person's sessions of ten, one number a week; those of `full_time` have a full timetable."""
    weeks = {
        (person, monday_of(at)): SchoolWeekSaid(monday_of(at), MOST, attended, full_time=person in full_time)
        for person, mine in zip(people, sessions, strict=True)
        for at, attended in zip(weeks_of(made), mine, strict=False)
    }
    record_school_weeks_in_bulk(council_id=made.council_id, actor=None, weeks=weeks)


def first_week_of(made: MadeUp, offer: str) -> dict[UUID, int]:
    """Return in which week each person first came to an offer."""
    first: dict[UUID, int] = {}
    read = attendance_of_council(made.council_id)
    for who, what in sorted(read.attended, key=lambda line: read.sessions[line[1]].starts_at):
        if read.sessions[what].offer_id == made.offers[offer].id:
            first.setdefault(read.people[who], (read.sessions[what].starts_at - weeks_of(made)[0]).days // 7)
    return first


def rise(made: MadeUp, people: Sequence[UUID], offer: str, before: float, after: float) -> Whole:
    """Return whole numbers about `before` and, from each one's first session on, `after`, (people, weeks)."""
    rng, weeks, first = np.random.default_rng(3), len(weeks_of(made)), first_week_of(made, offer)
    begins = np.array([first.get(person, weeks) for person in people])
    level = np.where(np.arange(weeks) < begins[:, None], before, after)
    return np.clip(np.rint(level + rng.normal(0, 1, level.shape)), 0, MOST).astype(np.int64)


def rate_goals(made: MadeUp, people: Sequence[UUID], ratings: Whole) -> None:
    """Let each person set one goal and rate it every week."""
    weeks = weeks_of(made)
    for person, mine in zip(people, ratings.tolist(), strict=True):
        viewer = young_viewer(person)
        access = own_access(viewer)
        goal = set_goal(viewer=viewer, access=access, title="Catch the bus", at=weeks[0], audience=Audience.ONLY_ME)
        for at, rating in zip(weeks, mine, strict=True):
            rate_goal(viewer=viewer, access=access, goal_id=goal.id, rating=rating, at=at)


def young_viewer(person: UUID) -> Viewer:
    return viewer_of(db.session.get_one(Account, db.session.get_one(YoungPerson, person).account_id))


def answer_as_carers(made: MadeUp, families: Sequence[Sequence[UUID]], answers: Whole) -> list[Viewer]:
    """Give each family a parent carer who answers every week."""
    carers = []
    for number, (family, mine) in enumerate(zip(families, answers.tolist(), strict=True)):
        account = create_account(
            council_id=made.council_id,
            role=Role.PARENT_CARER,
            name=f"Parent {number}",
            email=f"parent{number}@derwent.example",
            password=None,
            actor=None,
        )
        for person in family:
            tie_adult(person=db.session.get_one(YoungPerson, person), account=account, tie=Tie.PARENT_CARER, actor=None)
        carers.append(viewer_of(account))
        rows = [Past(at, float(answer)) for at, answer in zip(weeks_of(made), mine, strict=True)]
        record_carer_check_ins_in_bulk(viewer=carers[-1], rows=rows)
    return carers


def say_treated(made: MadeUp, offer: str, answers: Sequence[tuple[UUID, Sequence[Treated]]]) -> None:
    """Let people answer whether they were treated as they had asked, after one session of an offer after another."""
    rows = [
        NewFeedback(session.id, person, session.ends_at, Said(4, answer))
        for person, mine in answers
        for session, answer in zip(made.sessions[offer], mine, strict=False)
    ]
    say_in_bulk(council_id=made.council_id, actor=None, audience=Audience.ONLY_ME, rows=rows)
