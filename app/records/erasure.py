"""Forgetting a young person: their rows go, their key goes, and a tombstone keeps both from coming back."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from app import clock
from app.accounts.models import Account
from app.accounts.values import Viewer
from app.audit import services as audit
from app.breaks.forgetting import keep_counts
from app.breaks.models import Attendance
from app.breaks.values import CAME
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.tombstones import Tombstone
from app.database import db
from app.impact.forgetting import forget_contributor
from app.records.carried import carry, put_back
from app.records.models import Erasure, KeptConcern
from app.records.reach import delete_rows, rows_about
from app.records.values import Order, WhatGoes, concern_kept_until, erasure_kept_until
from app.safeguarding.decision_queries import decisions_on
from app.safeguarding.decision_values import Done
from app.safeguarding.models import Concern, ConcernDecision
from app.web.dates import whole_date
from app.young_people.models import YoungPerson


class OpenConcernError(RuntimeError):
    """Nobody may be forgotten while a call for help of theirs is unanswered."""


def what_goes(person: YoungPerson) -> WhatGoes:
    """Say what forgetting a young person would do; writes nothing."""
    rows = {table.name: len(ids) for table, ids in rows_about(person).items()}
    concerns = _concerns_of(person)
    came = select(Attendance.id).where(Attendance.young_person_id == person.id, Attendance.status.in_(CAME))
    until = [_kept_until(concern, person) for concern in concerns]
    return WhatGoes(
        young_person_id=person.id,
        council_id=person.council_id,
        rows=rows,
        sessions_counted=len(list(db.session.execute(came).scalars())),
        concerns_kept=len(concerns),
        keep_until=max([erasure_kept_until(clock.today()), *until]),
    )


def refuse_open_concerns(person: YoungPerson) -> None:
    """Raise OpenConcernError while a call for help of theirs is unanswered."""
    if any(concern.acknowledged_at is None for concern in _concerns_of(person)):
        raise OpenConcernError("A call for help of theirs is not answered yet. Answer it first.")


def _concerns_of(person: YoungPerson) -> list[Concern]:
    query = select(Concern).where(Concern.young_person_id == person.id).order_by(Concern.raised_at, Concern.id)
    return list(db.session.execute(query).scalars())


def _kept_until(concern: Concern, person: YoungPerson) -> date:
    return concern_kept_until(clock.in_britain(concern.raised_at).date(), person.date_of_birth)


def forget_young_person(*, person: YoungPerson, order: Order, actor: Viewer | None) -> Erasure:
    """Delete every row about a young person but what must be kept, and write their tombstone.

    From then on nobody has their key, in this process and every other on this machine; call `destroy_key` after the
    commit. Raises OpenConcernError, and TombstonesUnavailableError where the tombstone cannot be written: then nothing
    has happened.
    """
    db.session.execute(select(YoungPerson.id).where(YoungPerson.id == person.id).with_for_update())
    concerns = _concerns_of(person)
    refuse_open_concerns(person)
    erasure = _decided(person, order, actor, len(concerns))
    for concern in concerns:
        _keep(concern, person, erasure)
    erasure.keep_until = max([erasure.keep_until, *(_kept_until(concern, person) for concern in concerns)])
    erasure.rows = _delete(person.id, person.council_id)
    db.session.flush()
    audit.record(
        council_id=erasure.council_id,
        actor_id=erasure.decided_by,
        action="young_person:forgotten",
        young_person_id=erasure.subject_id,
        about=erasure,
    )
    current_keyring().tombstones.add(tombstone_of(erasure))
    return erasure


def _decided(person: YoungPerson, order: Order, actor: Viewer | None, concerns: int) -> Erasure:
    erasure_id = uuid4()
    current_keyring().create((OwnerKind.KEPT, erasure_id))
    erasure = Erasure(
        id=erasure_id,
        council_id=person.council_id,
        subject_kind=OwnerKind.YOUNG_PERSON,
        subject_id=person.id,
        basis=order.basis,
        asked_at=order.asked_at,
        at=clock.now(),
        proposed_by=order.proposed_by,
        decided_by=actor.account_id if actor else None,
        receipt_hash=order.receipt_hash,
        rows=0,
        concerns=concerns,
        keep_until=erasure_kept_until(clock.today()),
        reason=order.reason,
    )
    db.session.add(erasure)
    db.session.flush()
    return erasure


def _keep(concern: Concern, person: YoungPerson, erasure: Erasure) -> None:
    """Copy a concern under the erasure's own key: who it was about, what was said, who took it on, what was decided."""
    about = {
        "name": f"{person.first_name} {person.last_name}".strip(),
        "reference": person.reference,
        "date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else "",
        "raised_by": _name_of(concern.raised_by),
        "taken_on_by": _name_of(concern.acknowledged_by),
        "source": concern.about.get("source", ""),
        "phrases": concern.about.get("phrases", ""),
        "decisions": "\n".join(map(_decision_words, decisions_on([concern.id]))),
    }
    kept = KeptConcern(
        council_id=concern.council_id,
        erasure_id=erasure.id,
        raised_at=concern.raised_at,
        acknowledged_at=concern.acknowledged_at,
        keep_until=_kept_until(concern, person),
        about=about,
        words=concern.words,
    )
    db.session.add(kept)


def _decision_words(one: ConcernDecision) -> str:
    """Return one decision as a paragraph: when, by whom, what was done, why, and when to look again."""
    words = {each.value: each.words for each in Done}
    done = "; ".join(words.get(code, code) for code in one.done)
    again = f" To be looked at again on {whole_date(one.look_again_on)}." if one.look_again_on else " Closed."
    when = whole_date(clock.in_britain(one.at).date())
    return f"{when}, {_name_of(one.decided_by) or 'somebody'}: {done}.{again}\n{one.why}"


def _name_of(account_id: UUID | None) -> str:
    account = db.session.get(Account, account_id) if account_id else None
    return account.name if account else ""


def _delete(young_person_id: UUID, council_id: UUID) -> int:
    """Delete every row about a young person; what others need of them stays as counts and as marks of nobody."""
    keep_counts(council_id=council_id, young_person_id=young_person_id)
    forget_contributor(council_id=council_id, young_person_id=young_person_id)
    person = db.session.get_one(YoungPerson, young_person_id)
    db.session.flush()
    count = delete_rows(rows_about(person))
    db.session.expire_all()
    return count


def tombstone_of(erasure: Erasure) -> Tombstone:
    return Tombstone(
        kind=erasure.subject_kind,
        owner=erasure.subject_id,
        council=erasure.council_id,
        erasure=erasure.id,
        at=erasure.at,
        carried=carry(erasure),
    )


def forget_again(tombstone: Tombstone, *, is_over: bool = False) -> bool:
    """Do again in a restored backup what a tombstone says; return whether anybody was there to forget.

    `is_over`: nothing is kept of them any more, so nothing is put back. Waits where another process is just forgetting
    them, and then finds it done.
    """
    query = select(YoungPerson).where(YoungPerson.id == tombstone.owner).with_for_update()
    person = db.session.execute(query).scalar_one_or_none()
    if not is_over:
        put_back(tombstone.carried)
    if person is None:
        return False
    _delete(person.id, person.council_id)
    audit.record(
        council_id=tombstone.council,
        actor_id=None,
        action="young_person:forgotten_again",
        young_person_id=tombstone.owner,
    )
    return True


def delete_kept(erasure_id: UUID) -> None:
    """Delete all that is left of somebody who was forgotten: what was kept, and that they were forgotten."""
    db.session.execute(delete(KeptConcern).where(KeptConcern.erasure_id == erasure_id))
    db.session.execute(delete(Erasure).where(Erasure.id == erasure_id))


def destroy_key(young_person_id: UUID) -> None:
    """Destroy the data key of somebody who is forgotten: call it once the erasure is committed.

    Where a process dies before this, the tombstone keeps the key from being used, and the next start destroys it.
    """
    current_keyring().destroy((OwnerKind.YOUNG_PERSON, young_person_id))
