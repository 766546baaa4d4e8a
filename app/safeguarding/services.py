"""Raising a concern, by asking or by words that are looked for; passing it on; and saying that somebody has it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import g
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.crypto.keyring import current_keyring
from app.database import db, hold
from app.safeguarding.cover import as_stored
from app.safeguarding.models import Concern, ConcernRules
from app.safeguarding.phrases import found_in
from app.safeguarding.queries import concern_for, passed_on_concern, rules_of, rules_row
from app.safeguarding.values import Rules, Source
from app.web.errors import NotFoundError
from app.web.typed import refuse_too_long
from app.young_people.queries import mentors_of
from app.young_people.services import record_written
from app.young_people.values import Access, Tie

LONGEST_WORDS = 2_000


def raise_concern(
    *,
    viewer: Viewer,
    access: Access,
    words: str = "",
    at: datetime | None = None,
    concern_id: UUID | None = None,
    not_safe: bool = False,
) -> Concern:
    """Ask a young person's mentors to act; the same id again gives the concern that is there. Raises TooLongError.

    `not_safe`: they say that they do not feel safe, with words or without any.
    """
    earlier = db.session.get(Concern, concern_id) if concern_id else None
    if earlier is not None:
        return concern_for(access, earlier.id)
    words = words.strip()
    refuse_too_long(words, LONGEST_WORDS)
    about = {"source": (Source.NOT_SAFE if not_safe else Source.ASKED).value}
    return _raised(viewer, access, _Call(concern_id or uuid4(), words, about, at or clock.now()))


def look_for_words(*, viewer: Viewer, access: Access, words: str, source: Source, entry_id: UUID) -> Concern | None:
    """Raise a concern where a young person's own words hold a phrase that their council looks for; return it, or None.

    Call it with the words as they were typed, before they are sealed. Of them only the sentences that hold a phrase are
    kept, sealed. The same phrases in the same entry raise one concern, however often it is saved.
    """
    rules = rules_of(access.council_id) if access.is_self and words.strip() else None
    found = found_in(words, rules.phrases) if rules is not None else None
    if found is None:
        return None
    said = f"{entry_id} {' | '.join(sorted(found.phrases))}"
    concern_id = UUID(bytes=current_keyring().blind_index(access.council_id, Concern.__tablename__, "about", said))
    earlier = db.session.get(Concern, concern_id)
    if earlier is not None:
        return earlier
    about = {"source": source.value, "entry_id": str(entry_id), "phrases": "; ".join(found.phrases)}
    return _raised(viewer, access, _Call(concern_id, found.excerpt, about, clock.now()))


class _Call(NamedTuple):
    id: UUID
    words: str
    about: dict[str, str]
    at: datetime


def _raised(viewer: Viewer, access: Access, call: _Call) -> Concern:
    rules = rules_of(access.council_id)
    has_mentor = bool(mentors_of(access.young_person_id))
    concern = Concern(
        id=call.id,
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        raised_by=viewer.account_id,
        raised_at=call.at,
        due_at=rules.hours.after(call.at, rules.within) if rules else None,
        passed_on_at=call.at if rules and rules.cover and not has_mentor else None,
        words=call.words,
        about=call.about,
    )
    try:
        with db.session.begin_nested():
            db.session.add(concern)
            record_written(viewer=viewer, action="concern:raised", about=concern)
    except IntegrityError:
        return concern_for(access, concern.id)
    return concern


def acknowledge(*, viewer: Viewer, access: Access, concern_id: UUID, at: datetime | None = None) -> Concern:
    """Say that a mentor has seen a concern and is acting; the first one stands. Raises NotFoundError."""
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    return _taken(viewer, concern_for(access, concern_id), at or clock.now())


def take_on(*, viewer: Viewer, concern_id: UUID) -> Concern:
    """Say that somebody who covers has a concern that was passed on; the first one stands. Raises NotFoundError."""
    return _taken(viewer, passed_on_concern(viewer, concern_id), clock.now())


def _taken(viewer: Viewer, concern: Concern, moment: datetime) -> Concern:
    if hold(concern) and concern.acknowledged_at is None:
        concern.acknowledged_by, concern.acknowledged_at = viewer.account_id, moment
        record_written(viewer=viewer, action="concern:acknowledged", about=concern)
    return concern


def pass_on(concern_id: UUID) -> bool:
    """Let those who cover take a concern that nobody took in time; say whether it was for us to do."""
    query = select(Concern).where(
        Concern.id == concern_id, Concern.acknowledged_at.is_(None), Concern.passed_on_at.is_(None)
    )
    concern = db.session.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    rules = rules_of(concern.council_id) if concern is not None else None
    if concern is None or rules is None or not rules.cover:
        return False
    concern.passed_on_at = clock.now()
    db.session.flush()
    audit.record(
        council_id=concern.council_id,
        actor_id=None,
        action="concern:passed_on",
        young_person_id=concern.young_person_id,
        about=concern,
    )
    return True


def set_rules(*, viewer: Viewer, rules: Rules) -> ConcernRules:
    """Set a council's rules, from now on."""
    row = rules_row(viewer.council_id)
    if row is None:
        row = ConcernRules(council_id=viewer.council_id)
        db.session.add(row)
    row.changed_by, row.changed_at = viewer.account_id, clock.now()
    row.minutes = int(rules.within.total_seconds() // 60)
    row.phrases = list(rules.phrases)
    row.hours = as_stored(rules.hours)
    row.closed = sorted(day.isoformat() for day in rules.hours.closed)
    row.cover = sorted(map(str, rules.cover))
    db.session.flush()
    g.pop("concern_rules", None)
    audit.record(council_id=viewer.council_id, actor_id=viewer.account_id, action="concern_rules:set", about=row)
    return row
