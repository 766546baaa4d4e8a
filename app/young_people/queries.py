"""Fetching is authorising: every read of a young person's record starts here."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import clock
from app.accounts.models import Account
from app.accounts.queries import names_of
from app.accounts.values import Role, Viewer
from app.audit.models import AuditEntry
from app.audit.queries import looks_at
from app.crypto.key_providers import KeyUnavailableError
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.emergency_queries import OPENED, emergency_until
from app.young_people.looks import USUAL, Looks, from_map
from app.young_people.models import LifeEvent, Note, Relationship, SharingDecision, YoungPerson
from app.young_people.values import Access, Tie

CHUNK = 500


def young_person_for(viewer: Viewer, young_person_id: UUID) -> Access:
    """Return proof that the viewer may see this young person now; raises NotFoundError (404) where they may not.

    A young person sees themself; an adult sees those whom a current relationship ties them to, and whoever they opened
    in an emergency that is not over.
    """
    person = _in_council(viewer, young_person_id)
    is_self = person is not None and viewer.young_person_id == person.id
    ties = _current_ties(viewer, young_person_id) if person is not None and not is_self else frozenset()
    is_closer = person is None or is_self or Tie.MENTOR in ties
    until = None if is_closer else emergency_until(viewer, young_person_id)
    if person is None or not (is_self or ties or until):
        raise NotFoundError
    return Access(person.id, person.council_id, person.known_as, ties, is_self, until)


def own_record(viewer: Viewer) -> YoungPerson:
    """Return the record of the young person who is signed in; raises NotFoundError for anybody else."""
    person = _in_council(viewer, viewer.young_person_id) if viewer.young_person_id else None
    if person is None:
        raise NotFoundError
    return person


def looks_of(viewer: Viewer) -> Looks:
    """Return how the young person who is signed in likes Tidemark to look; raises NotFoundError for anybody else."""
    return from_map(own_record(viewer).looks)


def looks_shown_to(viewer: Viewer) -> Looks:
    """As `looks_of`, but the usual while nothing can be read: the page that says so must be drawn all the same."""
    try:
        return looks_of(viewer)
    except (OperationalError, KeyUnavailableError):
        return USUAL


def own_access(viewer: Viewer) -> Access:
    return young_person_for(viewer, own_record(viewer).id)


def record_of(access: Access) -> YoungPerson:
    """Return the record of a young person whom the viewer was found to see."""
    return db.session.get_one(YoungPerson, access.young_person_id)


def _in_council(viewer: Viewer, young_person_id: UUID) -> YoungPerson | None:
    query = select(YoungPerson).where(YoungPerson.id == young_person_id, YoungPerson.council_id == viewer.council_id)
    return db.session.execute(query).scalar_one_or_none()


def _current_ties(viewer: Viewer, young_person_id: UUID) -> frozenset[Tie]:
    query = select(Relationship.tie).where(
        Relationship.council_id == viewer.council_id,
        Relationship.young_person_id == young_person_id,
        Relationship.account_id == viewer.account_id,
        Relationship.started_at <= clock.now(),
        Relationship.ended_at.is_(None),
    )
    return frozenset(db.session.execute(query).scalars())


def young_people_around(viewer: Viewer) -> list[YoungPerson]:
    """Return the young people whom a current relationship ties the viewer to, their keys loaded."""
    query = (
        select(YoungPerson)
        .join(Relationship, Relationship.young_person_id == YoungPerson.id)
        .where(
            YoungPerson.council_id == viewer.council_id,
            Relationship.account_id == viewer.account_id,
            Relationship.ended_at.is_(None),
        )
    )
    people = list(db.session.execute(query.distinct()).scalars())
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for person in people])
    return people


def directory(viewer: Viewer) -> list[YoungPerson]:
    """Return the young people of the viewer's council for those who keep its records, else raise NotFoundError."""
    if viewer.role is not Role.COUNCIL_STAFF:
        raise NotFoundError
    query = select(YoungPerson).where(YoungPerson.council_id == viewer.council_id)
    people = list(db.session.execute(query).scalars())
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for person in people])
    return people


def in_directory(viewer: Viewer, young_person_id: UUID) -> YoungPerson:
    """Return one record of the directory (identity, never words or scores); raises NotFoundError."""
    person = _in_council(viewer, young_person_id)
    if person is None or viewer.role is not Role.COUNCIL_STAFF:
        raise NotFoundError
    return person


def by_reference(council_id: UUID, reference: str) -> YoungPerson | None:
    index = current_keyring().blind_index(council_id, YoungPerson.__tablename__, "reference", reference)
    query = select(YoungPerson).where(YoungPerson.council_id == council_id, YoungPerson.reference_index == index)
    return db.session.execute(query).scalar_one_or_none()


def carers_around(access: Access) -> list[UUID]:
    """Return the accounts of the parent carers who are now around a young person."""
    query = select(Relationship.account_id).where(
        Relationship.young_person_id == access.young_person_id,
        Relationship.tie == Tie.PARENT_CARER,
        Relationship.ended_at.is_(None),
    )
    return list(db.session.execute(query.distinct()).scalars())


def carers_of_council(council_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return (account, young person) of every parent carer now around somebody in group figures."""
    query = (
        select(Relationship.account_id, Relationship.young_person_id)
        .join(YoungPerson, YoungPerson.id == Relationship.young_person_id)
        .where(
            Relationship.council_id == council_id,
            Relationship.tie == Tie.PARENT_CARER,
            Relationship.ended_at.is_(None),
            YoungPerson.in_group_figures.is_(True),
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(query.distinct())]


def strangers_among(council_id: UUID, young_person_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these ids are no young person of this council."""
    wanted, found = sorted(young_person_ids), set[UUID]()
    for start in range(0, len(wanted), CHUNK):
        query = select(YoungPerson.id).where(YoungPerson.council_id == council_id)
        found.update(db.session.execute(query.where(YoungPerson.id.in_(wanted[start : start + CHUNK]))).scalars())
    return set(wanted) - found


def account_of(access: Access) -> Account | None:
    """Return the young person's own account, where they have one."""
    person = record_of(access)
    return db.session.get(Account, person.account_id) if person.account_id else None


def team_of(viewer: Viewer, access: Access) -> list[tuple[UUID, str, Tie]]:
    """Return (account id, name, tie) of every adult now around a young person; whose account is closed sees nothing."""
    query = select(Relationship).join(Account, Account.id == Relationship.account_id)
    query = query.where(
        Relationship.young_person_id == access.young_person_id,
        Relationship.ended_at.is_(None),
        Account.is_active.is_(True),
    )
    ties = list(db.session.execute(query.order_by(Relationship.started_at)).scalars())
    names = names_of(viewer, [tie.account_id for tie in ties])
    return [(tie.account_id, names[tie.account_id], tie.tie) for tie in ties if tie.account_id in names]


def mentors_of(young_person_id: UUID) -> list[UUID]:
    """Return the accounts of a young person's mentors now, for telling them that they are wanted.

    A mentor who left, and whose account is closed, is none: nobody would read it.
    """
    query = select(Relationship.account_id).join(Account, Account.id == Relationship.account_id)
    query = query.where(
        Relationship.young_person_id == young_person_id,
        Relationship.tie == Tie.MENTOR,
        Relationship.started_at <= clock.now(),
        Relationship.ended_at.is_(None),
        Account.is_active.is_(True),
    )
    return list(db.session.execute(query.order_by(Relationship.started_at)).scalars())


def notes_visible_to(access: Access, since: datetime | None = None) -> list[Note]:
    """Return mentors' notes, newest first: for mentors, and in an emergency."""
    if not access.reads_as_mentor:
        return []
    query = select(Note).where(Note.young_person_id == access.young_person_id)
    if since is not None:
        query = query.where(Note.at >= since)
    return list(db.session.execute(query.order_by(Note.at.desc(), Note.id)).scalars())


def life_events_of(access: Access) -> list[LifeEvent]:
    query = select(LifeEvent).where(LifeEvent.young_person_id == access.young_person_id)
    return list(db.session.execute(query.order_by(LifeEvent.on)).scalars())


def sharing_decisions_of(access: Access) -> list[SharingDecision]:
    """Return every change of who sees what, newest first."""
    query = select(SharingDecision).where(SharingDecision.young_person_id == access.young_person_id)
    return list(db.session.execute(query.order_by(SharingDecision.at.desc())).scalars())


def looks_at_own_record(viewer: Viewer, *, since: datetime) -> list[AuditEntry]:
    """Return each time that somebody else looked at the record of the young person who is signed in, newest first.

    Opening it in an emergency is a look, whatever was then read.
    """
    person = own_record(viewer)
    return looks_at(person.council_id, person.id, besides=viewer.account_id, since=since, also=(OPENED,))


def accesses_around(viewer: Viewer) -> list[Access]:
    """Return access to each young person whom a current relationship ties the viewer to, in two queries."""
    people = young_people_around(viewer)
    query = select(Relationship.young_person_id, Relationship.tie).where(
        Relationship.council_id == viewer.council_id,
        Relationship.account_id == viewer.account_id,
        Relationship.started_at <= clock.now(),
        Relationship.ended_at.is_(None),
    )
    ties: dict[UUID, set[Tie]] = {}
    for young_person_id, tie in db.session.execute(query):
        ties.setdefault(young_person_id, set()).add(tie)
    return [
        Access(person.id, person.council_id, person.known_as, frozenset(ties[person.id]), is_self=False)
        for person in people
        if person.id in ties
    ]
