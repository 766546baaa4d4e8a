"""Keeping media, changing what is said of them, taking them away and putting them back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.media.models import Media, MediaContents
from app.media.queries import count_added_since, media_on, place_of
from app.media.values import (
    LONGEST_DESCRIPTION,
    MOST_A_DAY,
    MOST_ON_ONE,
    Cleaned,
    MediaKind,
    NotTakenError,
    Place,
)
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.typed import refuse_too_long

A_DAY = timedelta(days=1)


def keep_media(
    *, viewer: Viewer, place: Place, media_id: UUID, kind: MediaKind, cleaned: Cleaned, description: str
) -> Media:
    """Seal media and hang them on an entry that was fetched for its owner; the same id again changes nothing.

    Raises NotTakenError where there is no more room, TooLongError, and NotFoundError where the id is somebody else's.
    """
    earlier = db.session.get(Media, media_id)
    if earlier is not None:
        return _same(earlier, place)
    refuse_too_long(description, LONGEST_DESCRIPTION)
    _refuse_more_than_fit(place)
    if count_added_since(place.young_person_id, clock.now() - A_DAY) >= MOST_A_DAY:
        raise NotTakenError(_("That is a lot for one day. There is room for more tomorrow."))
    owner = {"council_id": place.council_id, "young_person_id": place.young_person_id}
    media = Media(
        id=media_id,
        **owner,
        hangs_on=place.hangs_on,
        entry_id=place.entry_id,
        kind=kind,
        added_by=viewer.account_id,
        added_at=clock.now(),
        facts=_facts(cleaned),
        description=description.strip(),
        thumbnail=cleaned.thumbnail,
    )
    try:
        with db.session.begin_nested():
            db.session.add(media)
            db.session.flush()
            db.session.add(MediaContents(media_id=media_id, **owner, contents=cleaned.contents))
            _written(viewer, media, "media:added")
    except IntegrityError:
        return _same(db.session.get_one(Media, media_id), place)
    return media


def _facts(cleaned: Cleaned) -> dict[str, str]:
    numbers = {"width": cleaned.width, "height": cleaned.height, "seconds": cleaned.seconds}
    return {"content_type": cleaned.content_type} | {name: str(value) for name, value in numbers.items()}


def _same(earlier: Media, place: Place) -> Media:
    if place_of(earlier) != place:
        raise NotFoundError
    return earlier


def _refuse_more_than_fit(place: Place) -> None:
    if len(media_on([place.entry_id])[place.entry_id]) >= MOST_ON_ONE:
        raise NotTakenError(_("There are %(most_on_one)s here already. Take one away first.", most_on_one=MOST_ON_ONE))


def describe(*, viewer: Viewer, media: Media, description: str) -> None:
    """Change what is said of media that were fetched for their owner; raises TooLongError."""
    refuse_too_long(description, LONGEST_DESCRIPTION)
    if description.strip() != media.description:
        media.description = description.strip()
        _written(viewer, media, "media:described")


def take_away(*, viewer: Viewer, media: Media) -> None:
    """Take media that were fetched for their owner off every page."""
    media.removed_at = clock.now()
    _written(viewer, media, "media:removed")


def put_back(*, viewer: Viewer, media: Media) -> None:
    """Undo taking away; raises NotTakenError where something else has taken the room."""
    if media.removed_at is not None:
        _refuse_more_than_fit(place_of(media))
        media.removed_at = None
        _written(viewer, media, "media:restored")


def record_media_seen(*, viewer: Viewer, media: Media) -> None:
    """Write down that somebody looked at another's media."""
    _written(viewer, media, "media:seen")


def _written(viewer: Viewer, media: Media, action: str) -> None:
    db.session.flush()
    audit.record(
        council_id=media.council_id,
        actor_id=viewer.account_id,
        action=action,
        young_person_id=media.young_person_id,
        about=media,
    )
