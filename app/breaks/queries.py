"""Reading offers, sessions, places and registers: each for who looks, or for one young person whom they may see."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.accounts.values import Role, Viewer
from app.breaks.models import Attendance, ForgottenAttendance, Offer, Placement, Provider, ProviderMember, Session
from app.breaks.values import (
    CAME,
    AttendanceStatus,
    ComingSession,
    CouncilAttendance,
    OfferFact,
    OpenOffer,
    PlaceFact,
    Referral,
    SessionAttended,
    SessionFact,
)
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.web.errors import NotFoundError
from app.web.paging import Cursor, older_than
from app.young_people.models import YoungPerson
from app.young_people.values import Access

CHUNK = 500


class NamedOffer(NamedTuple):
    """An offer and who runs it."""

    offer: Offer
    provider_name: str


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return which offers somebody sees: council staff their council's, a provider's people the provider's own."""
    mine = Offer.council_id == viewer.council_id
    if viewer.role is Role.COUNCIL_STAFF:
        return mine
    if viewer.role is Role.PROVIDER:
        return and_(mine, Offer.provider_id.in_(_providers_of_account(viewer)))
    raise NotFoundError


def _providers_of_account(viewer: Viewer) -> list[UUID]:
    query = select(ProviderMember.provider_id).where(
        ProviderMember.council_id == viewer.council_id, ProviderMember.account_id == viewer.account_id
    )
    return list(db.session.execute(query).scalars())


def providers_visible_to(viewer: Viewer) -> list[Provider]:
    """Return the providers for whom the viewer may make an offer."""
    query = select(Provider).where(Provider.council_id == viewer.council_id).order_by(Provider.name)
    if viewer.role is Role.PROVIDER:
        query = query.where(Provider.id.in_(_providers_of_account(viewer)))
    elif viewer.role is not Role.COUNCIL_STAFF:
        raise NotFoundError
    return list(db.session.execute(query).scalars())


def provider_named(council_id: UUID, name: str) -> Provider | None:
    query = select(Provider).where(Provider.council_id == council_id, Provider.name == name)
    return db.session.execute(query).scalar_one_or_none()


def offers_visible_to(viewer: Viewer) -> list[tuple[Offer, Provider]]:
    """Return the offers that the viewer sees, open ones first, by name."""
    query = select(Offer, Provider).join(Provider, Provider.id == Offer.provider_id).where(_seen_by(viewer))
    return [
        (offer, provider) for offer, provider in db.session.execute(query.order_by(Offer.is_open.desc(), Offer.name))
    ]


def offer_for(viewer: Viewer, offer_id: UUID) -> Offer:
    """Return an offer that the viewer sees; raises NotFoundError."""
    offer = db.session.execute(select(Offer).where(Offer.id == offer_id, _seen_by(viewer))).scalar_one_or_none()
    if offer is None:
        raise NotFoundError
    return offer


def session_for(viewer: Viewer, session_id: UUID) -> tuple[Session, Offer]:
    """Return a session of an offer that the viewer sees, with the offer; raises NotFoundError."""
    query = select(Session, Offer).join(Offer, Offer.id == Session.offer_id)
    found = db.session.execute(query.where(Session.id == session_id, _seen_by(viewer))).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


def placement_for(viewer: Viewer, placement_id: UUID) -> Placement:
    """Return a place on an offer that the viewer sees; raises NotFoundError."""
    query = select(Placement).join(Offer, Offer.id == Placement.offer_id)
    found = db.session.execute(query.where(Placement.id == placement_id, _seen_by(viewer))).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def provider_of(offer: Offer) -> Provider:
    return db.session.get_one(Provider, offer.provider_id)


def sessions_to_come(offer: Offer, limit: int) -> list[Session]:
    """Return an offer's sessions that have not ended, soonest first."""
    query = select(Session).where(Session.offer_id == offer.id, Session.ends_at >= clock.now())
    return list(db.session.execute(query.order_by(Session.starts_at).limit(limit)).scalars())


def sessions_past(offer: Offer, before: Cursor | None, limit: int) -> list[Session]:
    """Return an offer's sessions that have ended, newest first, by key."""
    query = select(Session).where(Session.offer_id == offer.id, Session.ends_at < clock.now())
    if before is not None:
        query = query.where(older_than(before, Session.starts_at, Session.id))
    return list(db.session.execute(query.order_by(Session.starts_at.desc(), Session.id.desc()).limit(limit)).scalars())


def next_sessions(viewer: Viewer) -> dict[UUID, datetime]:
    """Return when each offer that the viewer sees runs next."""
    query = select(Session.offer_id, func.min(Session.starts_at)).join(Offer, Offer.id == Session.offer_id)
    query = query.where(_seen_by(viewer), Session.starts_at >= clock.now()).group_by(Session.offer_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def counts_of(sessions: list[Session]) -> dict[UUID, int]:
    """Return how many came to each session, those forgotten since too; one with an empty register is left out."""
    ids, counts = [session.id for session in sessions], Counter[UUID]()
    query = select(Attendance.session_id, func.sum(Attendance.status.in_(CAME).cast(db.Integer)))
    query = query.where(Attendance.session_id.in_(ids)).group_by(Attendance.session_id)
    forgotten = select(ForgottenAttendance.session_id, ForgottenAttendance.came)
    for found in (query, forgotten.where(ForgottenAttendance.session_id.in_(ids))):
        counts.update({session_id: int(came) for session_id, came in db.session.execute(found)})
    return dict(counts)


def places_on(offer: Offer) -> list[Placement]:
    """Return who has a place on an offer that was found for somebody; places that ended are left out."""
    query = select(Placement).where(Placement.offer_id == offer.id, Placement.ended_on.is_(None))
    return list(db.session.execute(query).scalars())


def register_of(session: Session) -> dict[UUID, AttendanceStatus | None]:
    """Return what a register says, by young person: everybody with a place then, and everybody recorded."""
    day = clock.in_britain(session.starts_at).date()
    placed = select(Placement.young_person_id).where(
        Placement.offer_id == session.offer_id, or_(Placement.ended_on.is_(None), Placement.ended_on >= day)
    )
    recorded = select(Attendance.young_person_id, Attendance.status).where(Attendance.session_id == session.id)
    lines: dict[UUID, AttendanceStatus | None] = dict.fromkeys(db.session.execute(placed).scalars())
    return lines | {row[0]: row[1] for row in db.session.execute(recorded)}


def young_people_with(viewer: Viewer, young_person_ids: Collection[UUID]) -> list[YoungPerson]:
    """Return the records of young people whom a list of the viewer's names: for their names, keys loaded."""
    query = select(YoungPerson).where(
        YoungPerson.council_id == viewer.council_id, YoungPerson.id.in_(list(young_person_ids))
    )
    people = list(db.session.execute(query).scalars())
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for person in people])
    return people


def placed_with(viewer: Viewer) -> set[UUID]:
    """Return the young people who have a place now on an offer that the viewer sees."""
    query = select(Placement.young_person_id).join(Offer, Offer.id == Placement.offer_id)
    return set(db.session.execute(query.where(_seen_by(viewer), Placement.ended_on.is_(None))).scalars())


def provider_members(viewer: Viewer) -> dict[UUID, list[UUID]]:
    """Return which accounts work for each provider of the viewer's council."""
    query = select(ProviderMember).where(ProviderMember.council_id == viewer.council_id)
    members: dict[UUID, list[UUID]] = {}
    for member in db.session.execute(query).scalars():
        members.setdefault(member.provider_id, []).append(member.account_id)
    return members


def provider_for(viewer: Viewer, provider_id: UUID) -> Provider:
    """Return a provider for which the viewer may make an offer; raises NotFoundError."""
    found = [provider for provider in providers_visible_to(viewer) if provider.id == provider_id]
    if not found:
        raise NotFoundError
    return found[0]


def sessions_attended(
    access: Access, before: Cursor | None = None, limit: int = 50, since: datetime | None = None
) -> list[SessionAttended]:
    """Return the sessions that a young person came to, newest first, by key (start, attendance id)."""
    query = (
        select(Attendance, Session, Offer)
        .join(Session, Session.id == Attendance.session_id)
        .join(Offer, Offer.id == Session.offer_id)
        .where(Attendance.young_person_id == access.young_person_id, Attendance.status.in_(CAME))
        .order_by(Session.starts_at.desc(), Attendance.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(older_than(before, Session.starts_at, Attendance.id))
    if since is not None:
        query = query.where(Session.starts_at >= since)
    return [
        SessionAttended(
            id=attendance.id,
            session_id=session.id,
            offer_id=offer.id,
            offer_name=offer.name,
            at=session.starts_at,
            ends_at=session.ends_at,
            place=session.place or offer.place,
            status=attendance.status,
        )
        for attendance, session, offer in db.session.execute(query)
    ]


def coming_sessions(access: Access, limit: int = 20) -> list[ComingSession]:
    """Return the sessions to come of the offers on which a young person has a place, soonest first."""
    query = (
        select(Session, Offer, Provider.name)
        .join(Offer, Offer.id == Session.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Placement, Placement.offer_id == Offer.id)
        .where(
            Placement.young_person_id == access.young_person_id,
            Placement.ended_on.is_(None),
            Session.ends_at >= clock.now(),
        )
        .order_by(Session.starts_at, Session.id)
        .limit(limit)
    )
    return [
        ComingSession(
            session_id=session.id,
            offer_id=offer.id,
            offer_name=offer.name,
            provider_name=provider_name,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            place=session.place or offer.place,
            who_will_be_there=session.who_will_be_there,
            what_it_is_like=offer.what_it_is_like,
        )
        for session, offer, provider_name in db.session.execute(query)
    ]


def attendance_of_council(council_id: UUID) -> CouncilAttendance:
    """Return who came to what in one council, only young people in group figures; for group figures alone.

    A register has a line for every young person and week, so lines are read as the database has them: an id is looked
    up, not made again.
    """
    counted = select(YoungPerson.id, _as_stored(YoungPerson.id)).where(
        YoungPerson.council_id == council_id, YoungPerson.in_group_figures
    )
    sessions = select(Session.id, _as_stored(Session.id), Session.offer_id, Session.starts_at)
    lines = select(_as_stored(Attendance.young_person_id), _as_stored(Attendance.session_id))
    offers = select(Offer.id, Offer.name, Provider.name, Offer.summary, Offer.cost_per_place)
    offers = offers.join(Provider, Provider.id == Offer.provider_id).where(Offer.council_id == council_id)
    referrals = select(_as_stored(Placement.young_person_id), Placement.offer_id, Placement.referred_on)
    dated = referrals.where(Placement.council_id == council_id, Placement.referred_on.is_not(None))
    people = [tuple(row) for row in db.session.execute(counted)]
    held = [tuple(row) for row in db.session.execute(sessions.where(Session.council_id == council_id))]
    who = {stored: place for place, (_, stored) in enumerate(people)}
    what = {stored: place for place, (_, stored, *_) in enumerate(held)}
    came = db.session.execute(lines.where(Attendance.council_id == council_id, Attendance.status.in_(CAME)))
    return CouncilAttendance(
        offers=[OfferFact(*row) for row in db.session.execute(offers.order_by(Offer.name))],
        people=[person for person, _ in people],
        sessions=[SessionFact(offer_id, starts_at) for _, _, offer_id, starts_at in held],
        attended=[(who[person], what[session]) for person, session in came if person in who],
        referrals=[
            Referral(people[who[row[0]]][0], row[1], row[2]) for row in db.session.execute(dated) if row[0] in who
        ],
    )


def _as_stored(column: InstrumentedAttribute[UUID]) -> ColumnElement[Any]:
    """Return an id as the database's driver gives it."""
    return type_coerce(column, String).label(f"{column.key}_as_stored")


def offers_by_name(council_id: UUID) -> dict[str, NamedOffer]:
    """Return a council's offers by name, for imports."""
    query = select(Offer, Provider.name).join(Provider, Provider.id == Offer.provider_id)
    found = db.session.execute(query.where(Offer.council_id == council_id))
    return {offer.name: NamedOffer(offer, provider_name) for offer, provider_name in found}


def session_ids(offer: Offer) -> dict[datetime, UUID]:
    """Return an offer's sessions by their start."""
    query = select(Session.starts_at, Session.id).where(Session.offer_id == offer.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def attendances_at(session_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Attendance]:
    """Return what the registers of these sessions say, by session and young person."""
    wanted, found = list(session_ids), dict[tuple[UUID, UUID], Attendance]()
    for start in range(0, len(wanted), CHUNK):
        query = select(Attendance).where(Attendance.session_id.in_(wanted[start : start + CHUNK]))
        found.update({(a.session_id, a.young_person_id): a for a in db.session.execute(query).scalars()})
    return found


def places_of(access: Access) -> list[PlaceFact]:
    """Return every place that a young person has or had."""
    query = select(Placement.offer_id, Placement.referred_on, Placement.ended_on)
    rows = db.session.execute(query.where(Placement.young_person_id == access.young_person_id))
    return [PlaceFact(offer_id, referred_on, ended_on is None) for offer_id, referred_on, ended_on in rows]


def open_offers_for(access: Access) -> list[OpenOffer]:
    """Return the offers of a young person's council that take new people, by name."""
    coming = select(Session.offer_id, func.min(Session.starts_at).label("at")).where(Session.starts_at >= clock.now())
    soonest = coming.group_by(Session.offer_id).subquery()
    query = (
        select(Offer.id, Offer.name, Provider.name, Offer.summary, soonest.c.at)
        .join(Provider, Provider.id == Offer.provider_id)
        .outerjoin(soonest, soonest.c.offer_id == Offer.id)
        .where(Offer.council_id == access.council_id, Offer.is_open.is_(True))
        .order_by(Offer.name)
    )
    return [OpenOffer(*row) for row in db.session.execute(query)]
