"""A made-up council's records for group figures: who came where, from when, and how they said they were."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import inspect

from app import clock
from app.breaks.models import Offer, Provider, Session
from app.breaks.services import (
    create_offer,
    create_provider,
    create_session,
    place_young_person,
    record_attendance_in_bulk,
)
from app.breaks.values import AttendanceRow, OfferDetails
from app.checkins.services import record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.database import db
from app.young_people.services import add_young_person
from app.young_people.values import PersonDetails

SEXES = ("Female", "Male")
NEEDS = ("Autism", "Anxiety", "Hearing loss")
ETHNICITIES = ("White British", "Pakistani", "Black Caribbean")
PLACES = ("Matlock", "Belper")


@dataclass(frozen=True)
class Plan:
    """One offer: how many come, what truly follows, what it costs in pence."""

    name: str
    people: int
    effect: float = 0.0
    cost: int | None = 3800
    summary: str = ""


@dataclass
class MadeUp:
    """What was made: people in order, and each offer with its sessions by week."""

    council_id: UUID
    people: list[UUID]
    offers: dict[str, Offer]
    sessions: dict[str, list[Session]]
    came: dict[str, list[UUID]]

    def again(self) -> "MadeUp":
        """Return the same over a copy of the databases in which it was made."""
        offers = {name: db.session.get_one(Offer, inspect(offer).identity) for name, offer in self.offers.items()}
        sessions = {
            name: [db.session.get_one(Session, inspect(one).identity) for one in theirs]
            for name, theirs in self.sessions.items()
        }
        return replace(self, offers=offers, sessions=sessions)


def details(number: int, rng: np.random.Generator) -> PersonDetails:
    return PersonDetails(
        reference=f"MU-{number}",
        first_name="Made",
        last_name=f"Up{number}",
        date_of_birth=date(2026 - 9 - number % 11, 1, 1),
        sex=SEXES[number % 2],
        ethnicity=ETHNICITIES[int(rng.choice(3, p=(0.6, 0.25, 0.15)))],
        primary_need=NEEDS[int(rng.choice(3, p=(0.55, 0.3, 0.15)))],
        locality=PLACES[number % 3 % 2],
    )


def make_council(
    council_id: UUID, plans: Sequence[Plan], *, people: int, weeks: int = 12, seed: int = 5, a_week: int = 1
) -> MadeUp:
    """Make people, offers, sessions, registers and check-ins; call inside `transaction()`.

    The first people come to the first plan, and so on round the circle; moods dip before the first session.
    """
    rng = np.random.default_rng(seed)
    ids = [
        add_young_person(council_id=council_id, details=details(number, rng), actor=None).id for number in range(people)
    ]
    monday = clock.now().replace(hour=16, minute=0, second=0, microsecond=0) - timedelta(weeks=weeks)
    monday -= timedelta(days=monday.weekday())
    provider = create_provider(council_id=council_id, name="Peak Wall Centre", actor=None)
    made = MadeUp(council_id, ids, {}, {}, {})
    effect, at = np.zeros((people, weeks)), 0
    for plan in plans:
        _make_offer(made, provider, plan, monday, weeks)
        rows = []
        for turn in range(plan.people):
            who = (at + turn) % people
            begins = weeks // 2 - 2 + int(rng.integers(0, 4))
            effect[who, begins:] += plan.effect
            effect[who, max(begins - 2, 0) : begins] -= 0.6
            place_young_person(
                offer=made.offers[plan.name],
                young_person_id=ids[who],
                referred_on=(monday + timedelta(weeks=begins - 2)).date(),
                actor=None,
            )
            rows += [AttendanceRow(made.sessions[plan.name][week].id, ids[who]) for week in range(begins, weeks)]
            made.came[plan.name].append(ids[who])
        record_attendance_in_bulk(council_id=council_id, actor=None, rows=rows)
        at += plan.people
    level, noise = rng.normal(5.5, 1.0, people), rng.normal(0, 0.9, (people, weeks, a_week))
    record_check_ins_in_bulk(
        council_id=council_id,
        actor=None,
        rows=[
            (ids[who], a_check_in(level[who] + effect[who, week] + noise[who, week, day], monday, week, day))
            for who in range(people)
            for week in range(weeks)
            for day in range(a_week)
        ],
    )
    return made


def a_check_in(mood: float, monday: datetime, week: int, day: int = 0) -> NewCheckIn:
    at = monday + timedelta(weeks=week, days=2 * day, hours=2)
    return NewCheckIn(uuid4(), "scale", float(np.clip(np.round(mood), 0, 10)), at=at)


def _make_offer(made: MadeUp, provider: Provider, plan: Plan, monday: datetime, weeks: int) -> None:
    offer = create_offer(
        council_id=made.council_id,
        provider_id=provider.id,
        details=OfferDetails(name=plan.name, summary=plan.summary, cost_per_place=plan.cost),
        actor=None,
    )
    made.offers[plan.name], made.came[plan.name] = offer, []
    made.sessions[plan.name] = [
        create_session(
            offer=offer,
            starts_at=monday + timedelta(weeks=week, hours=len(made.offers)),
            ends_at=monday + timedelta(weeks=week, hours=len(made.offers) + 2),
            actor=None,
        )
        for week in range(weeks)
    ]
    db.session.flush()


def check_in_now(made: MadeUp, people: Sequence[UUID], answer: float = 2.0) -> None:
    """Let each of these young people answer once more."""
    rows = [
        (person, NewCheckIn(uuid4(), "scale", answer, at=clock.now() - timedelta(minutes=number + 1)))
        for number, person in enumerate(people)
    ]
    record_check_ins_in_bulk(council_id=made.council_id, actor=None, rows=rows)
