"""Making providers, offers and sessions, giving places, and recording who came."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.accounts.models import Account
from app.accounts.values import Role, Viewer
from app.audit import services as audit
from app.breaks.models import Attendance, Offer, Placement, Provider, ProviderMember, Session
from app.breaks.queries import attendances_at
from app.breaks.values import AttendanceRow, AttendanceStatus, OfferDetails, SessionTimes
from app.database import CouncilRow, db
from app.young_people.models import YoungPerson

CHUNK = 500


class NameIsTakenError(ValueError):
    """The council has a provider or an offer of this name already."""


class NotAProviderError(ValueError):
    """Only somebody with a provider's account in the same council can work for a provider."""


class SessionExistsError(ValueError):
    """The offer has a session at this time already."""


class BackToFrontError(ValueError):
    """A session would end before it starts."""


class AnotherCouncilError(ValueError):
    """An offer, a session or a young person belongs to another council, or to none."""


def create_provider(*, council_id: UUID, name: str, actor: Viewer | None) -> Provider:
    """Add an organisation that runs short breaks; raises NameIsTakenError."""
    taken = select(Provider.id).where(Provider.council_id == council_id, Provider.name == name)
    if db.session.execute(taken).first() is not None:
        raise NameIsTakenError("There is a provider of this name already.")
    provider = Provider(council_id=council_id, name=name)
    _keep(provider, "provider:created", actor)
    return provider


def add_member(*, provider: Provider, account: Account, actor: Viewer | None) -> ProviderMember:
    """Let an account act for a provider; twice changes nothing. Raises NotAProviderError."""
    if account.council_id != provider.council_id or account.role is not Role.PROVIDER:
        raise NotAProviderError("Only a provider's account of the same council can work for a provider.")
    query = select(ProviderMember).where(
        ProviderMember.provider_id == provider.id, ProviderMember.account_id == account.id
    )
    existing = db.session.execute(query).scalar_one_or_none()
    if existing is not None:
        return existing
    member = ProviderMember(council_id=provider.council_id, provider_id=provider.id, account_id=account.id)
    _keep(member, "provider_member:added", actor)
    return member


def create_offer(*, council_id: UUID, provider_id: UUID, details: OfferDetails, actor: Viewer | None) -> Offer:
    """Add an offer of one of the council's providers; raises NameIsTakenError, AnotherCouncilError."""
    provider = db.session.get(Provider, provider_id)
    if provider is None or provider.council_id != council_id:
        raise AnotherCouncilError("That provider belongs to another council.")
    _refuse_taken_offer_name(council_id, details.name, but=None)
    offer = Offer(council_id=council_id, provider_id=provider_id, **_columns(details))
    _keep(offer, "offer:created", actor)
    return offer


def change_offer(*, offer: Offer, details: OfferDetails, actor: Viewer) -> None:
    """Replace what is said of an offer; raises NameIsTakenError."""
    _refuse_taken_offer_name(offer.council_id, details.name, but=offer.id)
    for name, value in _columns(details).items():
        setattr(offer, name, value)
    _keep(offer, "offer:changed", actor)


def change_cost(*, offer: Offer, cost_per_place: int, actor: Viewer | None) -> bool:
    """Set what a place costs, in pence; say whether that was news."""
    if offer.cost_per_place == cost_per_place:
        return False
    offer.cost_per_place = cost_per_place
    _keep(offer, "offer:changed", actor)
    return True


def create_session(
    *,
    offer: Offer,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    who_will_be_there: str = "",
    actor: Viewer | None,
) -> Session:
    """Add a session (aware moments); raises SessionExistsError, BackToFrontError."""
    if ends_at <= starts_at:
        raise BackToFrontError("A session ends after it starts.")
    taken = select(Session.id).where(Session.offer_id == offer.id, Session.starts_at == starts_at)
    if db.session.execute(taken).first() is not None:
        when = clock.in_britain(starts_at)
        raise SessionExistsError(f"There is a session on {when:%d/%m/%Y at %H:%M} already.")
    session = Session(
        council_id=offer.council_id,
        offer_id=offer.id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        who_will_be_there=who_will_be_there,
    )
    _keep(session, "session:created", actor)
    return session


def create_weekly_sessions(
    *, offer: Offer, times: SessionTimes, place: str, who_will_be_there: str, actor: Viewer
) -> list[Session]:
    """Add a session for each week, all or none; raises SessionExistsError, BackToFrontError, NoSuchTimeError."""
    return [
        create_session(
            offer=offer,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            who_will_be_there=who_will_be_there,
            actor=actor,
        )
        for starts_at, ends_at in times.moments()
    ]


def place_young_person(
    *, offer: Offer, young_person_id: UUID, referred_on: date | None, actor: Viewer | None
) -> Placement:
    """Give a young person a place; again with another date corrects it, and reopens one that ended.

    Raises AnotherCouncilError where the young person is not of the offer's council.
    """
    _refuse_strangers(offer.council_id, [young_person_id])
    query = select(Placement).where(Placement.offer_id == offer.id, Placement.young_person_id == young_person_id)
    placement = db.session.execute(query).scalar_one_or_none()
    if placement is None:
        placement = Placement(
            council_id=offer.council_id, offer_id=offer.id, young_person_id=young_person_id, referred_on=referred_on
        )
        _keep(placement, "placement:started", actor, young_person_id)
        return placement
    wanted = referred_on or placement.referred_on
    if placement.ended_on is not None or wanted != placement.referred_on:
        placement.referred_on, placement.ended_on = wanted, None
        _keep(placement, "placement:changed", actor, young_person_id)
    return placement


def end_placement(*, placement: Placement, ended_on: date, actor: Viewer) -> None:
    """Take a young person off the registers to come; what was recorded stays."""
    if placement.ended_on is None:
        placement.ended_on = ended_on
        _keep(placement, "placement:ended", actor, placement.young_person_id)


def record_attendance(
    *,
    session: Session,
    young_person_id: UUID,
    status: AttendanceStatus,
    actor: Viewer | None,
    at: datetime | None = None,
) -> Attendance:
    """Record whether a young person came; the same answer twice changes nothing, another corrects it.

    Raises AnotherCouncilError where the young person is not of the session's council.
    """
    _refuse_strangers(session.council_id, [young_person_id])
    query = select(Attendance).where(Attendance.session_id == session.id, Attendance.young_person_id == young_person_id)
    attendance = db.session.execute(query).scalar_one_or_none()
    if attendance is not None and attendance.status is status:
        return attendance
    if attendance is None:
        attendance = Attendance(council_id=session.council_id, session_id=session.id, young_person_id=young_person_id)
    attendance.status = status
    attendance.recorded_by = actor.account_id if actor else None
    attendance.recorded_at = at or clock.now()
    _keep(attendance, f"attendance:recorded_{status}", actor, young_person_id)
    return attendance


def record_register(*, session: Session, statuses: dict[UUID, AttendanceStatus], actor: Viewer) -> None:
    """Save a whole register."""
    for young_person_id, status in statuses.items():
        record_attendance(session=session, young_person_id=young_person_id, status=status, actor=actor)


def record_attendance_in_bulk(*, council_id: UUID, actor: Viewer | None, rows: Sequence[AttendanceRow]) -> int:
    """Record many lines; return how many were new or changed. One audit entry for each young person among those.

    Raises AnotherCouncilError where a session or a young person is not of this council.
    """
    wanted = {(row.session_id, row.young_person_id): row for row in rows}
    session_ids = {row.session_id for row in wanted.values()}
    _refuse_strangers(council_id, {row.young_person_id for row in wanted.values()})
    _refuse_other_sessions(council_id, session_ids)
    known = attendances_at(session_ids)
    moment, recorded_by = clock.now(), actor.account_id if actor else None
    changed = [row for key, row in wanted.items() if key not in known or known[key].status is not row.status]
    for row in changed:
        existing = known.get((row.session_id, row.young_person_id))
        if existing is not None:
            existing.status, existing.recorded_by, existing.recorded_at = row.status, recorded_by, row.at or moment
    db.session.flush()
    new = [row for row in changed if (row.session_id, row.young_person_id) not in known]
    if new:
        db.session.execute(insert(Attendance), [_line(council_id, row, recorded_by, moment) for row in new])
    audit.record_for_each(
        council_id=council_id,
        actor_id=recorded_by,
        action="attendance:recorded_in_bulk",
        young_person_ids=dict.fromkeys(row.young_person_id for row in changed),
    )
    return len(changed)


def _line(council_id: UUID, row: AttendanceRow, recorded_by: UUID | None, moment: datetime) -> dict[str, object]:
    return {
        "id": uuid4(),
        "council_id": council_id,
        "young_person_id": row.young_person_id,
        "session_id": row.session_id,
        "status": row.status,
        "recorded_by": recorded_by,
        "recorded_at": row.at or moment,
    }


def _keep(row: CouncilRow | Attendance, action: str, actor: Viewer | None, young_person_id: UUID | None = None) -> None:
    """Flush a row and write down who did what to it."""
    db.session.add(row)
    db.session.flush()
    audit.record(
        council_id=row.council_id,
        actor_id=actor.account_id if actor else None,
        action=action,
        young_person_id=young_person_id,
        about=row,
    )


def _columns(details: OfferDetails) -> dict[str, str | int | bool | None]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _refuse_taken_offer_name(council_id: UUID, name: str, *, but: UUID | None) -> None:
    query = select(Offer.id).where(Offer.council_id == council_id, Offer.name == name)
    if any(offer_id != but for offer_id in db.session.execute(query).scalars()):
        raise NameIsTakenError("There is an offer of this name already.")


def _refuse_strangers(council_id: UUID, young_person_ids: Collection[UUID]) -> None:
    query = select(YoungPerson.id).where(YoungPerson.council_id == council_id)
    _refuse_missing(query, YoungPerson.id, young_person_ids)


def _refuse_other_sessions(council_id: UUID, session_ids: Collection[UUID]) -> None:
    query = select(Session.id).where(Session.council_id == council_id)
    _refuse_missing(query, Session.id, session_ids)


def _refuse_missing(query: Select[UUID], column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> None:
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        if set(db.session.execute(query.where(column.in_(chunk))).scalars()) != set(chunk):
            raise AnotherCouncilError("Somebody or something here belongs to another council.")
