"""Recording check-ins, adding to them and undoing them; what they said before is kept."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.checkins.measures import UnknownMeasureError, measure
from app.checkins.models import CheckIn, CheckInRevision
from app.checkins.queries import check_in_visible_to, ids_that_exist
from app.checkins.values import ALL_FEELINGS, GOING_ON, LONGEST_WORDS, WHO_WITH, CheckInDetails, NewCheckIn
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import seal_many
from app.database import db
from app.prompts.services import note_check_in, note_undone
from app.safeguarding.services import look_for_words
from app.safeguarding.values import Source
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.typed import refuse_too_long
from app.young_people.models import YoungPerson
from app.young_people.queries import record_of
from app.young_people.services import record_written
from app.young_people.values import Access, Audience, Tie

FAST_CLOCK = timedelta(minutes=5)
IN_ONE_GO = 2_000
CHILD_UNTIL = 16


class UnknownAnswerError(ValueError):
    """The measure has no such answer, or there is no such word to choose."""


class FutureDateError(ValueError):
    """A check-in tells of a moment that has not come yet."""


def check(new: NewCheckIn) -> None:
    """Raise UnknownAnswerError, FutureDateError or TooLongError, each with a sentence, for what cannot be recorded."""
    try:
        accepted = measure(new.measure).accepts(new.answer)
    except UnknownMeasureError as error:
        raise UnknownAnswerError(str(error)) from None
    if not accepted:
        raise UnknownAnswerError(_("That is not one of the answers. Choose one that is shown."))
    details = CheckInDetails(
        at=new.at, feelings=new.feelings, going_on=new.going_on, who_with=new.who_with, words=new.words
    )
    check_details(details)


def check_details(details: CheckInDetails) -> None:
    """Raise as `check` does, for what is added to a check-in."""
    if details.at is not None and details.at > clock.now() + FAST_CLOCK:
        raise FutureDateError(_("That time has not come yet. Choose a time up to now."))
    chosen = ((details.feelings, ALL_FEELINGS), (details.going_on, GOING_ON), (details.who_with, WHO_WITH))
    if any(not set(codes or ()) <= set(known) for codes, known in chosen):
        raise UnknownAnswerError(_("That is not one of the words. Choose from those that are shown."))
    refuse_too_long(details.words or "", LONGEST_WORDS)


def record_check_in(*, viewer: Viewer, access: Access, new: NewCheckIn) -> CheckIn:
    """Record a young person's own check-in; the same id again gives the check-in that is there, unchanged.

    Raises UnknownAnswerError, FutureDateError, TooLongError, and NotFoundError for anybody but the young person.
    """
    if not access.is_self:
        raise NotFoundError
    return _recorded(viewer, access, new)


def record_check_in_together(*, viewer: Viewer, access: Access, new: NewCheckIn) -> CheckIn:
    """Record what a young person says and their mentor types: said by the one, typed by the other, seen by both.

    The same id again gives the check-in that is there, unchanged. Raises as `record_check_in` does, and NotFoundError
    for anybody but a mentor.
    """
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    default = record_of(access).default_audience
    wanted = new.audience or (default if default in access.audiences else Audience.MENTOR)
    if wanted not in access.audiences:
        raise UnknownAnswerError(_("You both see this one. Choose who else does."))
    return _recorded(viewer, access, replace(new, audience=wanted))


def _recorded(viewer: Viewer, access: Access, new: NewCheckIn) -> CheckIn:
    earlier = db.session.get(CheckIn, new.id)
    if earlier is not None:
        return _own(earlier, access)
    check(new)
    person = record_of(access)
    _refuse_for_children(person, new.measure)
    whose = _Whose(access.council_id, person.id, person.default_audience, person.account_id)
    (made,) = _made([(new, whose)], clock.now())
    made.typed_by = None if access.is_self else viewer.account_id
    action = "check_in:recorded" if access.is_self else "check_in:recorded_together"
    try:
        with db.session.begin_nested():
            db.session.add(made)
            record_written(viewer=viewer, action=action, about=made)
            note_check_in(access=access, check_in_id=made.id, at=made.at)
            _look(viewer, access, made.id, new.words)
    except IntegrityError:
        return _own(db.session.get_one(CheckIn, new.id), access)
    return made


def _own(earlier: CheckIn, access: Access) -> CheckIn:
    if earlier.young_person_id != access.young_person_id:
        raise NotFoundError
    return earlier


def _refuse_for_children(person: YoungPerson, code: str) -> None:
    if measure(code).for_children:
        return
    born, today = person.date_of_birth, clock.today()
    if born is None or (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < CHILD_UNTIL:
        raise UnknownAnswerError("This question is not for people under 16.")


class _Whose(NamedTuple):
    council_id: UUID
    young_person_id: UUID
    default_audience: Audience
    author_id: UUID | None


SAID: dict[str, Callable[[NewCheckIn], object]] = {
    "answer": lambda new: float(new.answer),
    "feelings": lambda new: list(new.feelings),
    "going_on": lambda new: list(new.going_on),
    "words": lambda new: new.words.strip(),
}


def _made(new: Iterable[tuple[NewCheckIn, _Whose]], received_at: datetime) -> list[CheckIn]:
    """Return check-ins; what they say is sealed a column at a time, which is faster for many."""
    pairs = [(_unsaid(one, whose, received_at), one) for one, whose in new]
    for name, said in SAID.items():
        values = ((row.id, row.young_person_id, said(one)) for row, one in pairs)
        sealed = seal_many(CheckIn, name, OwnerKind.YOUNG_PERSON, values)
        for (row, _one), value in zip(pairs, sealed, strict=True):
            setattr(row, f"sealed_{name}", value)
    for row, one in pairs:
        if one.who_with:
            row.who_with = list(one.who_with)
    return [row for row, _ in pairs]


def _unsaid(new: NewCheckIn, whose: _Whose, received_at: datetime) -> CheckIn:
    return CheckIn(
        id=new.id,
        council_id=whose.council_id,
        young_person_id=whose.young_person_id,
        author_id=whose.author_id,
        measure=new.measure,
        audience=new.audience or whose.default_audience,
        at=new.at or received_at,
        received_at=received_at,
    )


def record_check_ins_in_bulk(*, council_id: UUID, actor: Viewer | None, rows: Sequence[tuple[UUID, NewCheckIn]]) -> int:
    """Record many check-ins of a council's young people; return how many were new (ids that exist are skipped).

    Raises as `check` does before anything is written, and NotFoundError for a young person of another council.
    """
    for _person, new in rows:
        check(new)
    audiences = _default_audiences(council_id, {person for person, _ in rows})
    current_keyring().load(OwnerKind.YOUNG_PERSON, audiences)
    written: set[UUID] = set()
    count, moment, author = 0, clock.now(), actor.account_id if actor else None
    for start in range(0, len(rows), IN_ONE_GO):
        fresh = {new.id: (person, new) for person, new in rows[start : start + IN_ONE_GO]}
        for known in ids_that_exist(fresh):
            del fresh[known]
        whose = {person: _Whose(council_id, person, audiences[person], author) for person, _ in fresh.values()}
        made = _made(((new, whose[person]) for person, new in fresh.values()), moment)
        db.session.add_all(made)
        db.session.flush()
        for one in made:
            db.session.expunge(one)
        written.update(person for person, _ in fresh.values())
        count += len(made)
    audit.record_for_each(
        council_id=council_id, actor_id=author, action="check_ins:imported", young_person_ids=sorted(written)
    )
    return count


def _default_audiences(council_id: UUID, people: set[UUID]) -> dict[UUID, Audience]:
    wanted, found = sorted(people), dict[UUID, Audience]()
    for start in range(0, len(wanted), IN_ONE_GO):
        query = select(YoungPerson.id, YoungPerson.default_audience).where(YoungPerson.council_id == council_id)
        query = query.where(YoungPerson.id.in_(wanted[start : start + IN_ONE_GO]))
        found.update((id_, audience) for id_, audience in db.session.execute(query))
    if len(found) != len(wanted):
        raise NotFoundError
    return found


def add_details(*, viewer: Viewer, access: Access, check_in_id: UUID, details: CheckInDetails) -> CheckIn:
    """Add to or change a young person's own check-in; what it said before is kept.

    Raises UnknownAnswerError, FutureDateError, TooLongError and NotFoundError.
    """
    if not access.is_self:
        raise NotFoundError
    check_in = check_in_visible_to(access, check_in_id)
    check_details(details)
    if details.answer is not None and not measure(check_in.measure).accepts(details.answer):
        raise UnknownAnswerError(_("That is not one of the answers. Choose one that is shown."))
    before = said(check_in)
    _apply(check_in, details)
    if said(check_in) == before:
        return check_in
    check_in.edited_at = clock.now()
    _keep(check_in, before, viewer, "check_in:edited")
    _look(viewer, access, check_in.id, details.words or "")
    return check_in


def _look(viewer: Viewer, access: Access, check_in_id: UUID, words: str) -> None:
    look_for_words(viewer=viewer, access=access, words=words, source=Source.CHECK_IN, entry_id=check_in_id)


def _apply(check_in: CheckIn, details: CheckInDetails) -> None:
    wanted = {
        "answer": details.answer,
        "at": details.at,
        "audience": details.audience,
        "feelings": None if details.feelings is None else list(details.feelings),
        "going_on": None if details.going_on is None else list(details.going_on),
        "who_with": None if details.who_with is None else list(details.who_with),
        "words": None if details.words is None else details.words.strip(),
    }
    for name, value in wanted.items():
        if value is not None and value != getattr(check_in, name):
            setattr(check_in, name, value)


def undo_check_in(*, viewer: Viewer, access: Access, check_in_id: UUID) -> CheckIn:
    """Take a check-in back: nobody is shown it any more, and its history stays.

    The young person takes back their own; a mentor one that they typed. Raises NotFoundError.
    """
    check_in = check_in_visible_to(access, check_in_id)
    if not access.is_self and check_in.typed_by != viewer.account_id:
        raise NotFoundError
    check_in.undone_at = clock.now()
    note_undone(access=access, check_in_id=check_in.id)
    _keep(check_in, said(check_in), viewer, "check_in:undone")
    return check_in


def said(check_in: CheckIn) -> dict[str, str]:
    """Return what a check-in says, as its history keeps it."""
    return {
        "answer": "" if check_in.answer is None else f"{check_in.answer:g}",
        "at": check_in.at.isoformat(),
        "audience": check_in.audience,
        "feelings": json.dumps(check_in.feelings),
        "going_on": json.dumps(check_in.going_on),
        "who_with": json.dumps(check_in.who_with),
        "words": check_in.words,
    }


def _keep(check_in: CheckIn, before: dict[str, str], viewer: Viewer, action: str) -> None:
    revision = CheckInRevision(
        council_id=check_in.council_id,
        young_person_id=check_in.young_person_id,
        check_in_id=check_in.id,
        at=clock.now(),
        before=before,
    )
    db.session.add(revision)
    record_written(viewer=viewer, action=action, about=check_in)
