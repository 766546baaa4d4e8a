"""Writes the made-up councils into an empty database, through the services that everything else goes through."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import uuid4

from app import clock
from app.accounts.models import Account, Council
from app.accounts.queries import council_by_slug
from app.accounts.services import create_account, create_council
from app.accounts.sessions import viewer_of
from app.accounts.values import Role, Viewer
from app.breaks import services as breaks
from app.breaks.feedback import NewFeedback
from app.breaks.feedback_services import say_in_bulk
from app.breaks.models import Offer, Session
from app.breaks.values import AttendanceRow, OfferDetails
from app.checkins.carer_services import record_carer_check_ins_in_bulk
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.demo.asked_services import write_changes, write_prompts
from app.demo.generator import WEEKS
from app.demo.life_services import People, write_life
from app.demo.lives import Lives, make_lives
from app.demo.material import council as made_up_council
from app.demo.material import email_of
from app.demo.population import CAST_COUNCIL
from app.demo.values import ADULTS_OF, MadeUpCouncil, SeedSummary
from app.impact import services as impact
from app.safeguarding.cover import Hours
from app.safeguarding.services import set_rules
from app.safeguarding.values import Rules, starter_phrases
from app.young_people import services as young_people
from app.young_people.models import YoungPerson
from app.young_people.school_services import record_school_weeks_in_bulk
from app.young_people.values import Audience, Tie

OPTED_OUT = 3
NEXT_DOOR = "trent"
PEOPLE_NEXT_DOOR = 12
AFTERWARDS = timedelta(hours=2)


class AlreadySeededError(RuntimeError):
    """The made-up councils are here already."""


@dataclass
class _Town:
    """One made-up council as it is being written."""

    made_up: MadeUpCouncil
    council: Council
    plan: Lives
    adults: dict[str, Account] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    sessions: dict[tuple[int, int], Session] = field(default_factory=dict)
    people: list[YoungPerson] = field(default_factory=list)

    def viewer(self, name: str) -> Viewer:
        return viewer_of(self.adults[name])

    @property
    def staff(self) -> Viewer:
        return self.viewer(self.made_up.staff[0])


def seed(*, people: int, seed: int, now: datetime | None = None) -> SeedSummary:
    """Make both councils with everybody and everything in them; raises AlreadySeededError.

    `people`: how many young people Derwent Council has. Nine months of records end `now`.
    """
    if council_by_slug(CAST_COUNCIL) is not None:
        raise AlreadySeededError("The made-up councils are here already. Nothing was changed.")
    moment = now or clock.now()
    towns = [
        _make_town(CAST_COUNCIL, people, seed, moment),
        _make_town(NEXT_DOOR, min(people, PEOPLE_NEXT_DOOR), seed + 1, moment),
    ]
    for town in towns:
        impact.refresh(council_id=town.council.id)
    return _summary(towns)


def _make_town(slug: str, people: int, seed: int, now: datetime) -> _Town:
    made_up = made_up_council(slug)
    town = _Town(
        made_up,
        create_council(slug=made_up.slug, name=made_up.name),
        make_lives(made_up, people=people, now=now, seed=seed),
    )
    _make_adults(town)
    _make_offers(town)
    _make_young_people(town)
    _make_attendance(town)
    for place, life in enumerate(town.plan.lives):
        person = town.people[place]
        parent = town.viewer(life.person.parent) if life.person.parent else None
        mentor = town.viewer(made_up.mentors[life.person.mentor])
        around = People(person.id, viewer_of(_account_of(person)), mentor, parent)
        write_life(life, around, in_group_figures=place not in _opted_out(town), now=now)
        write_changes(life, around)
    write_prompts(town.council.id, [person.id for person in town.people], town.plan.lives)
    _make_outcomes(town)
    _make_rules(town)
    return town


def _make_rules(town: _Town) -> None:
    """Look for the starter phrases from now on, with office hours, less on Fridays, and the first member of staff."""
    hours = Hours({**dict.fromkeys(range(4), (time(9), time(17))), 4: (time(9), time(16))}, closed_on="ENG")
    rules = Rules(starter_phrases(), hours, timedelta(hours=4), frozenset({town.staff.account_id}))
    set_rules(viewer=town.staff, rules=rules)


def _make_outcomes(town: _Town) -> None:
    """Write weeks of school, what was said after sessions, and how parent carers were."""
    both = list(zip(town.people, town.plan.lives, strict=True))
    weeks = {(person.id, week.monday): week for person, life in both for week in life.school}
    record_school_weeks_in_bulk(council_id=town.council.id, actor=town.staff, weeks=weeks)
    said = []
    for person, life in both:
        for one in life.feedback:
            session = town.sessions[one.offer, one.week]
            said.append(NewFeedback(session.id, person.id, session.ends_at + AFTERWARDS, one.said))
    say_in_bulk(council_id=town.council.id, actor=None, audience=Audience.MENTOR, rows=said)
    for life in town.plan.lives:
        if life.person.parent:
            record_carer_check_ins_in_bulk(viewer=town.viewer(life.person.parent), rows=life.carer)


def _opted_out(town: _Town) -> set[int]:
    """Return the first few of Derwent who attend nothing: their choice changes no intervention's figures."""
    idle = [place for place, life in enumerate(town.plan.lives) if not life.courses]
    return set(idle[:OPTED_OUT]) if town.made_up.slug == CAST_COUNCIL else set()


def _make_adults(town: _Town) -> None:
    made_up = town.made_up
    for kind, role in ADULTS_OF.items():
        for name in getattr(made_up, kind):
            _add_adult(town, name, role)
    for provider in made_up.providers:
        _add_adult(town, provider.member, Role.PROVIDER)
    for life in town.plan.lives:
        if life.person.parent and life.person.parent not in town.adults:
            _add_adult(town, life.person.parent, Role.PARENT_CARER)


def _add_adult(town: _Town, name: str, role: Role) -> None:
    town.adults[name] = create_account(
        council_id=town.council.id,
        role=role,
        name=name,
        email=email_of(name, town.made_up.slug),
        password=None,
        actor=None,
    )


def _make_offers(town: _Town) -> None:
    calendar, providers = town.plan.calendar, {}
    for provider in town.made_up.providers:
        made = breaks.create_provider(council_id=town.council.id, name=provider.name, actor=town.staff)
        breaks.add_member(provider=made, account=town.adults[provider.member], actor=town.staff)
        providers[provider.key] = made.id
    for kind, offer in enumerate(town.made_up.offers):
        details = OfferDetails(offer.name, offer.summary, offer.like, offer.place, offer.cost)
        made_offer = breaks.create_offer(
            council_id=town.council.id, provider_id=providers[offer.provider], details=details, actor=town.staff
        )
        town.offers.append(made_offer)
        for week in calendar.session_weeks(offer):
            starts_at, ends_at = calendar.session(offer, week)
            town.sessions[kind, week] = breaks.create_session(
                offer=made_offer,
                starts_at=starts_at,
                ends_at=ends_at,
                place=offer.place,
                who_will_be_there=offer.who,
                actor=_member_of(town, kind),
            )


def _member_of(town: _Town, kind: int) -> Viewer:
    """Return who signs in for the provider of an offer."""
    provider = town.made_up.offers[kind].provider
    return town.viewer(next(one.member for one in town.made_up.providers if one.key == provider))


def _make_young_people(town: _Town) -> None:
    lives, began = town.plan.lives, town.plan.calendar.moment(0, 0, 9 * 60)
    ids = [uuid4() for _ in lives]
    current_keyring().create_many((OwnerKind.YOUNG_PERSON, id_) for id_ in ids)
    current_keyring().load(OwnerKind.YOUNG_PERSON, ids)
    for id_, life in zip(ids, lives, strict=True):
        person = young_people.add_young_person(
            council_id=town.council.id, details=life.person.details, actor=town.staff, created_at=began, key_exists=id_
        )
        ties = [(town.made_up.mentors[life.person.mentor], Tie.MENTOR)]
        if life.person.parent:
            ties.append((life.person.parent, Tie.PARENT_CARER))
        for name, tie in ties:
            young_people.tie_adult(
                person=person, account=town.adults[name], tie=tie, actor=town.staff, started_at=began
            )
        town.people.append(person)


def _account_of(person: YoungPerson) -> Account:
    return db.session.get_one(Account, person.account_id)


def _make_attendance(town: _Town) -> None:
    for kind, offer in enumerate(town.offers):
        rows = list(_register_rows(town, kind, offer))
        breaks.record_attendance_in_bulk(council_id=town.council.id, actor=_member_of(town, kind), rows=rows)


def _register_rows(town: _Town, kind: int, offer: Offer) -> Iterator[AttendanceRow]:
    """Give out the places of one offer, and yield its registers line by line."""
    for person, life in zip(town.people, town.plan.lives, strict=True):
        for course in life.courses:
            if course.offer != kind:
                continue
            placement = breaks.place_young_person(
                offer=offer, young_person_id=person.id, referred_on=course.referred_on, actor=town.staff
            )
            if course.ended_on is not None:
                breaks.end_placement(placement=placement, ended_on=course.ended_on, actor=town.staff)
            for week, status in course.sessions:
                session = town.sessions[kind, week]
                yield AttendanceRow(session.id, person.id, status, session.ends_at)


def _summary(towns: Iterable[_Town]) -> SeedSummary:
    towns = list(towns)
    lives = [life for town in towns for life in town.plan.lives]
    return SeedSummary(
        young_people=len(lives),
        adults=sum(len(town.adults) for town in towns),
        check_ins=sum(len(life.check_ins) for life in lives),
        sessions=sum(week < WEEKS for town in towns for _, week in town.sessions),
        attendances=sum(len(course.sessions) for life in lives for course in life.courses),
        posts=sum(len(life.posts) for life in lives),
        goals=sum(len(life.goals) for life in lives),
        school_weeks=sum(len(life.school) for life in lives),
        answers_after_sessions=sum(len(life.feedback) for life in lives),
        carer_check_ins=sum(len(life.carer) for life in lives),
    )
