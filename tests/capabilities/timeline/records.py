"""Short ways to put things on somebody's timeline in tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.accounts.values import Viewer
from app.breaks import services as breaks
from app.breaks.values import AttendanceStatus, OfferDetails
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import transaction
from app.feed.services import write_post
from app.young_people.queries import young_person_for
from app.young_people.values import Audience
from tests.people import Cast

NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def check_in(
    who: Viewer,
    *,
    answer: float = 4,
    days: float = 1,
    audience: Audience = Audience.MENTOR,
    words: str = "",
    measure: str = "faces",
    feelings: tuple[str, ...] = (),
) -> UUID:
    new = NewCheckIn(uuid4(), measure, answer, ago(days), audience, feelings=feelings, words=words)
    with transaction():
        assert who.young_person_id
        record_check_in(viewer=who, access=young_person_for(who, who.young_person_id), new=new)
    return new.id


def post(who: Viewer, words: str, *, days: float = 1, audience: Audience = Audience.MENTOR) -> UUID:
    with transaction():
        assert who.young_person_id
        access = young_person_for(who, who.young_person_id)
        return write_post(viewer=who, access=access, words=words, audience=audience, at=ago(days)).id


def came_to(cast: Cast, name: str, *days: float) -> None:
    """Make an offer whose sessions Amina came to."""
    with transaction():
        offer = breaks.create_offer(
            council_id=cast.council_id,
            provider_id=cast.provider_id,
            details=OfferDetails(name=name),
            actor=cast.council_staff,
        )
        for day in days:
            session = breaks.create_session(
                offer=offer, starts_at=ago(day), ends_at=ago(day) + timedelta(hours=1), actor=cast.council_staff
            )
            breaks.record_attendance(
                session=session,
                young_person_id=cast.amina,
                status=AttendanceStatus.CAME,
                actor=cast.council_staff,
            )
