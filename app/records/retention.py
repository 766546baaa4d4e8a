"""Finding what has been kept for long enough, and letting it go."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app import clock
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.audit.values import SEEN
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.tombstones import Tombstone
from app.database import Base, db
from app.records.erasure import delete_kept, forget_young_person
from app.records.models import Erasure, KeptConcern
from app.records.reach import Reached, delete_rows, in_chunks, loosen, with_hanging
from app.records.retention_values import RULES, Rule, person_kept_until
from app.records.values import Basis, Order
from app.young_people.models import YoungPerson

APPLIED = "retention:applied"
OF_ITSELF = (SEEN, "prompt%", "retention:%", "keys:%")
"""Actions that are no sign that a record is in use."""
REASON = "Kept for as long as the rules say: `flask retention run`."


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule finds: rows that go, and how many of them go only because they hang on others."""

    rule: Rule
    reached: Reached

    @property
    def rows(self) -> int:
        return len(self.reached.get(Base.metadata.tables[self.rule.table], ()))

    @property
    def hanging(self) -> int:
        return sum(map(len, self.reached.values())) - self.rows


def due_by_rules(council_id: UUID) -> list[Due]:
    """Return what each rule finds in a council; writes nothing."""
    return [Due(rule, _reached(rule, council_id, clock.now())) for rule in RULES]


def _reached(rule: Rule, council_id: UUID, moment: datetime) -> Reached:
    table = Base.metadata.tables[rule.table]
    query = select(table.c.id).where(table.c.council_id == council_id, table.c[rule.since] <= moment - rule.keep)
    found = set(db.session.execute(query).scalars())
    return with_hanging({table: found}) if found else {}


def let_go(rule: Rule, council_id: UUID) -> int:
    """Delete what a rule finds, and write down about whom; return how many rows."""
    reached = _reached(rule, council_id, clock.now())
    if not reached:
        return 0
    loosen(reached)
    people = _people_of(reached)
    count = delete_rows(reached)
    audit.record_for_each(
        council_id=council_id, actor_id=None, action=APPLIED, young_person_ids=sorted(people, key=str)
    )
    if not people:
        audit.record(council_id=council_id, actor_id=None, action=APPLIED)
    return count


def _people_of(reached: Reached) -> set[UUID]:
    people = set[UUID]()
    for table, ids in reached.items():
        if "young_person_id" in table.c:
            for chunk in in_chunks(ids):
                query = select(table.c.young_person_id).where(table.c.id.in_(chunk))
                people.update(db.session.execute(query.distinct()).scalars())
    return people


@dataclass(frozen=True, slots=True)
class DuePerson:
    """A young person whose record has been kept for long enough."""

    id: UUID
    reference: str
    since: date


def people_due(council_id: UUID) -> list[DuePerson]:
    """Return whose record has been kept for long enough, longest first; writes nothing."""
    people = list(db.session.execute(select(YoungPerson).where(YoungPerson.council_id == council_id)).scalars())
    current_keyring().load(OwnerKind.YOUNG_PERSON, [person.id for person in people])
    used = _last_used(council_id)
    found = []
    for person in people:
        last = clock.in_britain(max(person.created_at, used.get(person.id, person.created_at))).date()
        until = person_kept_until(person.date_of_birth, last)
        if until < clock.today():
            found.append(DuePerson(person.id, person.reference, until))
    return sorted(found, key=lambda one: (one.since, one.reference))


def _last_used(council_id: UUID) -> dict[UUID, datetime]:
    """Return when the trail last tells of a change of each young person's record."""
    quiet = or_(*(AuditEntry.action.like(pattern) for pattern in OF_ITSELF))
    query = select(AuditEntry.young_person_id, func.max(AuditEntry.at)).where(
        AuditEntry.council_id == council_id, AuditEntry.young_person_id.is_not(None), ~quiet
    )
    found = db.session.execute(query.group_by(AuditEntry.young_person_id))
    return {who: moment for who, moment in found if who is not None}


def forget_due(person_id: UUID) -> None:
    """Forget a young person because their time is over; call `destroy_key` after the commit.

    Raises OpenConcernError and TombstonesUnavailableError.
    """
    person = db.session.get_one(YoungPerson, person_id)
    forget_young_person(person=person, order=Order(Basis.KEPT_LONG_ENOUGH, REASON), actor=None)


def kept_due(council_id: UUID) -> tuple[list[Erasure], list[KeptConcern]]:
    """Return what is left of the forgotten and has been kept for long enough: whole, and single calls for help."""
    today = clock.today()
    whole = select(Erasure).where(Erasure.council_id == council_id, Erasure.keep_until < today)
    erasures = list(db.session.execute(whole.order_by(Erasure.keep_until, Erasure.id)).scalars())
    single = select(KeptConcern).where(KeptConcern.council_id == council_id, KeptConcern.keep_until < today)
    ids = {one.id for one in erasures}
    concerns = db.session.execute(single.order_by(KeptConcern.id)).scalars()
    return erasures, [one for one in concerns if one.erasure_id not in ids]


def end_erasure(erasure: Erasure) -> None:
    """Delete all that is left of somebody who was forgotten; call `destroy_kept_key` after the commit.

    The list of the forgotten then says that this is over too, so that no backup brings it back.
    """
    council_id, erasure_id, subject_id = erasure.council_id, erasure.id, erasure.subject_id
    delete_kept(erasure_id)
    audit.record(council_id=council_id, actor_id=None, action="erasure:ended", young_person_id=subject_id)
    over = Tombstone(OwnerKind.KEPT, erasure_id, council_id, erasure_id, clock.now())
    current_keyring().tombstones.add(over)


def end_concern(concern: KeptConcern) -> None:
    """Delete one call for help that was kept for long enough, while others of the same person still are."""
    audit.record(council_id=concern.council_id, actor_id=None, action=APPLIED, about=concern)
    db.session.delete(concern)
    db.session.flush()


def destroy_kept_key(erasure_id: UUID) -> None:
    current_keyring().destroy((OwnerKind.KEPT, erasure_id))
