"""Opening a record in an emergency, ending that early, and reviewing it; whoever ought to know is told at once."""

from datetime import timedelta
from uuid import UUID

from app import clock
from app.accounts import throttle
from app.accounts.queries import accounts_with_role
from app.accounts.services import TooManyTriesError
from app.accounts.throttle import Bucket
from app.accounts.values import Permission, Role, Viewer
from app.audit import services as audit
from app.database import db, hold
from app.notifications.services import notify, withdraw
from app.notifications.values import Kind
from app.web.errors import NotFoundError
from app.web.typed import words_within
from app.young_people.emergency_queries import OPENED, access_to_review, emergency_until, own_open_access
from app.young_people.models import EmergencyAccess, YoungPerson
from app.young_people.queries import by_reference, mentors_of
from app.young_people.services import record_written
from app.young_people.values import Verdict

LONGEST_WORDS = 2_000
SHORTEST_REASON = 20
GUESSES = 10


class UnknownReferenceError(ValueError):
    """The viewer's council has nobody with this reference."""


class AlreadyOpenError(ValueError):
    """The viewer sees this record already: as a mentor of theirs, or in an emergency that goes on."""


def person_in_danger(*, viewer: Viewer, reference: str) -> YoungPerson:
    """Return who has this reference in the viewer's council; a wrong one is counted, so that nobody tries them all.

    Raises UnknownReferenceError, TooManyTriesError after ten wrong ones in fifteen minutes, and NotFoundError for
    those who may open no record in an emergency.
    """
    if not viewer.may(Permission.EMERGENCY_OPEN):
        raise NotFoundError
    bucket = Bucket(viewer.council_id, "emergency-reference", str(viewer.account_id), GUESSES)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    person = by_reference(viewer.council_id, reference)
    if person is None:
        throttle.count_failure([bucket])
        raise UnknownReferenceError("Nobody has this reference. Check each letter and number.")
    return person


def open_in_emergency(*, viewer: Viewer, person: YoungPerson, reason: str, minutes: int) -> EmergencyAccess:
    """Let the viewer read all of a young person's record for some minutes, and tell their mentors and the auditors.

    Raises AlreadyOpenError, NothingWrittenError and TooLongError.
    """
    mentors = mentors_of(person.id)
    if viewer.account_id in mentors:
        raise AlreadyOpenError("You are a mentor of theirs: open their page from your list.")
    if emergency_until(viewer, person.id) is not None:
        raise AlreadyOpenError("You have opened this record already. It is above.")
    moment = clock.now()
    opened = EmergencyAccess(
        council_id=person.council_id,
        young_person_id=person.id,
        account_id=viewer.account_id,
        started_at=moment,
        ends_at=moment + timedelta(minutes=minutes),
        reason=words_within(reason, LONGEST_WORDS),
    )
    db.session.add(opened)
    record_written(viewer=viewer, action=OPENED, about=opened)
    auditors = [account.id for account in accounts_with_role(viewer, Role.AUDITOR) if account.is_active]
    for account_id in (*mentors, *auditors):
        notify(account_id=account_id, kind=Kind.EMERGENCY, about_id=opened.id)
    return opened


def end_early(*, viewer: Viewer, young_person_id: UUID) -> None:
    """End the viewer's own access to a young person now; raises NotFoundError where none goes on."""
    access = own_open_access(viewer, young_person_id)
    access.ended_at = clock.now()
    record_written(viewer=viewer, action="emergency_access:ended", about=access)


def review(*, viewer: Viewer, access_id: UUID, verdict: Verdict, words: str) -> None:
    """Keep what the auditor finds, once and for all; raises NotFoundError, NothingWrittenError and TooLongError."""
    access = access_to_review(viewer, access_id)
    if not hold(access) or access.reviewed_at is not None:
        raise NotFoundError
    access.verdict, access.review = verdict, words_within(words, LONGEST_WORDS)
    access.reviewed_at, access.reviewed_by = clock.now(), viewer.account_id
    record_written(viewer=viewer, action="emergency_access:reviewed", about=access)
    withdraw(about_id=access.id)


def note_reason_seen(*, viewer: Viewer, access: EmergencyAccess) -> None:
    """Write down that the auditor read why a record was opened: the young person sees that too."""
    audit.record(
        council_id=access.council_id,
        actor_id=viewer.account_id,
        action="emergency_reason:seen",
        young_person_id=access.young_person_id,
        about=access,
    )
