"""A whole council in an encrypted database, as large as asked for, recorded through the app's own services.

Young people, offers, registers and check-ins are recorded, audited and sealed as anybody's are. Sessions, places and
the log of prompts, of which nothing is sealed, are put in as plain rows, for speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import insert

from app import clock
from app.accounts.services import create_account, create_council
from app.accounts.values import Role
from app.audit import services as audit
from app.breaks.models import Placement, Session
from app.breaks.services import create_offer, create_provider, record_attendance_in_bulk
from app.breaks.values import AttendanceRow, OfferDetails
from app.checkins.services import record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db, transaction
from app.impact.values import Integers, Panel, Truths
from app.prompts.models import Prompt
from app.prompts.values import Closing
from app.young_people.models import YoungPerson
from app.young_people.services import add_young_person, tie_adult
from app.young_people.values import PersonDetails, Tie
from bench.large_panel import INTERVENTIONS, WEEK, WEEKS, large_panel

AT_ONCE = 500
"""Young people whose records are written in one transaction."""
ROWS_AT_ONCE = 10_000
WAIT = timedelta(weeks=2)
EMAIL = {Role.COUNCIL_STAFF: "staff@bench.example", Role.MENTOR: "mentor@bench.example"}
SEXES = ("Female", "Male", "Other")
ETHNICITIES = ("White British", "Pakistani", "Indian", "Black African", "Black Caribbean", "Mixed", "White other")
NEEDS = ("Autism", "Mental health", "Speech and language", "Moderate learning difficulty", "ADHD", "Hearing", "Sight")
PRESENTING = ("Anxiety", "Low mood", "Not in school", "Sleep", "Loneliness")
PLACES = ("Matlock", "Belper", "Ripley", "Ilkeston", "Buxton", "Glossop")
ROUTES = ("School", "GP", "Family", "Social care")
FEWER_AND_FEWER = 0.6


@dataclass(frozen=True)
class LargeCouncil:
    """What was made: the council, its people and offers in the order of the panel, and who looks at them."""

    council_id: UUID
    people: tuple[UUID, ...]
    offers: tuple[UUID, ...]
    staff_id: UUID
    mentor_id: UUID
    mentored: UUID
    """The one young person whose mentor `mentor_id` is: the first who came to anything."""


def make_large_council(check_ins: int, people: int, *, prompts: bool) -> LargeCouncil:
    """Record a council of the size of `large_panel(check_ins, people)`, the last week of it being the one now past."""
    panel, rng = large_panel(check_ins, people), np.random.default_rng(2)
    monday = clock.now().replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(weeks=WEEKS)
    monday -= timedelta(days=monday.weekday())
    with transaction():
        council_id = create_council(slug="bench", name="Bench Council").id
        offers = _offers(council_id)
    ids = _people(council_id, people, rng)
    _sessions(council_id, offers, ids, panel, monday)
    if prompts:
        _prompts(council_id, ids, panel, monday)
    _check_ins(council_id, ids, panel, monday)
    return _looked_at(council_id, tuple(ids), offers, ids[int(panel.sessions.person[0])])


def _offers(council_id: UUID) -> tuple[UUID, ...]:
    provider = create_provider(council_id=council_id, name="Bench Centre", actor=None)
    return tuple(
        create_offer(
            council_id=council_id,
            provider_id=provider.id,
            details=OfferDetails(f"Offer {number + 1:02}", cost_per_place=2_000 + 100 * number),
            actor=None,
        ).id
        for number in range(INTERVENTIONS)
    )


def _people(council_id: UUID, number: int, rng: np.random.Generator) -> list[UUID]:
    ids = [uuid4() for _ in range(number)]
    for start in range(0, number, AT_ONCE):
        part = ids[start : start + AT_ONCE]
        current_keyring().create_many((OwnerKind.YOUNG_PERSON, person) for person in part)
        current_keyring().load(OwnerKind.YOUNG_PERSON, part)
        with transaction():
            for place, person in enumerate(part, start=start):
                add_young_person(council_id=council_id, details=_details(place, rng), actor=None, key_exists=person)
        db.session.expunge_all()
    return ids


def _details(place: int, rng: np.random.Generator) -> PersonDetails:
    return PersonDetails(
        reference=f"B-{place}",
        first_name=f"Name {place}",
        last_name="Bench",
        date_of_birth=clock.today() - timedelta(days=int(rng.integers(9 * 365, 23 * 365))),
        sex=_one_of(SEXES, rng),
        ethnicity=_one_of(ETHNICITIES, rng),
        primary_need=_one_of(NEEDS, rng),
        presenting_needs=_some_of(PRESENTING, rng),
        diagnoses=_some_of(NEEDS[:5], rng),
        locality=_one_of(PLACES, rng),
        entry_route=_one_of(ROUTES, rng),
    )


def _one_of(words: Sequence[str], rng: np.random.Generator) -> str:
    """Draw a word; each has fewer people than the one before."""
    share = FEWER_AND_FEWER ** np.arange(len(words))
    return words[int(rng.choice(len(words), p=share / share.sum()))]


def _some_of(words: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(sorted({_one_of(words, rng) for _ in range(int(rng.integers(0, 3)))}))


def _sessions(council_id: UUID, offers: Sequence[UUID], ids: Sequence[UUID], panel: Panel, monday: datetime) -> None:
    """Put in a session of every offer each week, who came, and when they were referred; none that is yet to come."""
    visits = panel.sessions
    week = np.asarray(visits.time, np.int64) // WEEK
    past = week < WEEKS
    sessions = {(offer, at): uuid4() for offer in range(len(offers)) for at in range(WEEKS)}
    starts = [monday + timedelta(weeks=at, hours=1) for at in range(WEEKS)]
    places = _first_weeks(visits.person, visits.intervention, week, past)
    with transaction():
        rows = [
            {
                "id": made,
                "council_id": council_id,
                "offer_id": offers[offer],
                "starts_at": starts[at],
                "ends_at": starts[at] + timedelta(hours=2),
            }
            for (offer, at), made in sessions.items()
        ]
        db.session.execute(insert(Session), rows)
        rows = [
            {
                "id": uuid4(),
                "council_id": council_id,
                "offer_id": offers[offer],
                "young_person_id": ids[person],
                "referred_on": (starts[first] - WAIT).date(),
            }
            for person, offer, first in places
        ]
        _insert(Placement, rows)
        audit.record(council_id=council_id, actor_id=None, action="placements:imported")
    lines = zip(visits.person[past].tolist(), visits.intervention[past].tolist(), week[past].tolist(), strict=True)
    came = [AttendanceRow(sessions[offer, at], ids[person], at=starts[at]) for person, offer, at in lines]
    with transaction():
        record_attendance_in_bulk(council_id=council_id, actor=None, rows=came)


def _first_weeks(person: Integers, offer: Integers, week: Integers, past: Truths) -> list[tuple[int, int, int]]:
    first: dict[tuple[int, int], int] = {}
    for who, what, at in zip(person[past].tolist(), offer[past].tolist(), week[past].tolist(), strict=True):
        first[who, what] = min(at, first.get((who, what), at))
    return [(who, what, at) for (who, what), at in first.items()]


def _insert(table: type[Placement | Prompt], rows: Sequence[dict[str, object]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        db.session.execute(insert(table), rows[start : start + ROWS_AT_ONCE])


def _prompts(council_id: UUID, ids: Sequence[UUID], panel: Panel, monday: datetime) -> None:
    if panel.prompts is None:
        return
    day = np.asarray(panel.prompts.time, np.int64).tolist()
    asked = zip(panel.prompts.person.tolist(), day, panel.prompts.answered.tolist(), strict=True)
    rows: list[dict[str, object]] = []
    with transaction():
        for person, at, answered in asked:
            moment = monday + timedelta(days=at)
            closed = moment + timedelta(hours=1 if answered else 48)
            rows.append(
                {
                    "id": uuid4(),
                    "council_id": council_id,
                    "young_person_id": ids[person],
                    "asked_at": moment,
                    "due_at": moment,
                    "expires_at": moment + timedelta(hours=48),
                    "closed_at": closed,
                    "closed_as": Closing.ANSWERED if answered else Closing.EXPIRED,
                }
            )
            if len(rows) == ROWS_AT_ONCE:
                _insert(Prompt, rows)
                rows = []
        _insert(Prompt, rows)
        audit.record(council_id=council_id, actor_id=None, action="prompts:imported")


def _check_ins(council_id: UUID, ids: Sequence[UUID], panel: Panel, monday: datetime) -> None:
    """Record everybody's check-ins, some young people's at a time."""
    entries = panel.check_ins
    order = np.argsort(entries.person, kind="stable")
    ends = np.searchsorted(entries.person[order], np.arange(0, len(ids) + AT_ONCE, AT_ONCE))
    for start, end in pairwise(ends.tolist()):
        mine = order[start:end]
        day = np.asarray(entries.time, np.int64)[mine].tolist()
        lines = zip(entries.person[mine].tolist(), day, entries.score[mine].tolist(), strict=True)
        rows = [
            (ids[person], NewCheckIn(uuid4(), "scale", score, at=monday + timedelta(days=at, minutes=place % 60)))
            for place, (person, at, score) in enumerate(lines)
        ]
        with transaction():
            record_check_ins_in_bulk(council_id=council_id, actor=None, rows=rows)


def _looked_at(council_id: UUID, people: tuple[UUID, ...], offers: tuple[UUID, ...], mentored: UUID) -> LargeCouncil:
    with transaction():
        accounts = {
            role: create_account(council_id=council_id, role=role, name="Bench", email=email, password=None, actor=None)
            for role, email in EMAIL.items()
        }
        person = db.session.get_one(YoungPerson, mentored)
        tie_adult(person=person, account=accounts[Role.MENTOR], tie=Tie.MENTOR, actor=None)
        ids = accounts[Role.COUNCIL_STAFF].id, accounts[Role.MENTOR].id
    return LargeCouncil(council_id, people, offers, *ids, mentored)
