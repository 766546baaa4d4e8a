"""Reading media. Who may see an entry is known above: what is asked for here was already fetched for its viewer."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.values import Viewer
from app.database import db
from app.media.models import Media, MediaContents
from app.media.values import CONTENT_TYPES, Place, WholeMedia


def media_on(entry_ids: Iterable[UUID]) -> dict[UUID, list[Media]]:
    """Return what hangs on entries that were already fetched for their viewer, first added first, by entry."""
    found: dict[UUID, list[Media]] = {entry_id: [] for entry_id in entry_ids}
    query = select(Media).where(Media.entry_id.in_(found), Media.removed_at.is_(None))
    for media in db.session.execute(query.order_by(Media.added_at, Media.id)).scalars() if found else ():
        found[media.entry_id].append(media)
    return found


def media_in_council(viewer: Viewer, media_id: UUID) -> Media | None:
    """Return one of the media of the viewer's council, taken away or not; may they see it is yet to be asked."""
    query = select(Media).where(Media.id == media_id, Media.council_id == viewer.council_id)
    return db.session.execute(query).scalar_one_or_none()


def contents_of(media: Media) -> bytes:
    """Return the bytes of media that were already fetched for their viewer; empty where they do not open."""
    return db.session.execute(select(MediaContents).where(MediaContents.media_id == media.id)).scalar_one().contents


def count_added_since(young_person_id: UUID, moment: datetime) -> int:
    query = select(func.count()).where(Media.young_person_id == young_person_id, Media.added_at >= moment)
    return db.session.execute(query).scalar_one()


def place_of(media: Media) -> Place:
    return Place(media.council_id, media.young_person_id, media.hangs_on, media.entry_id)


def all_media_of(young_person_id: UUID) -> Iterator[WholeMedia]:
    """Yield everything of a young person's, open, one at a time, what was taken away too: for handing it to them."""
    query = select(Media).where(Media.young_person_id == young_person_id).order_by(Media.added_at, Media.id)
    for media in db.session.execute(query).scalars():
        ending = CONTENT_TYPES.get(media.facts.get("content_type", ""), "bin")
        yield WholeMedia(
            id=media.id,
            place=place_of(media),
            kind=media.kind,
            file_name=f"{media.added_at:%Y-%m-%d}-{media.kind}-{media.id.hex[:8]}.{ending}",
            description=media.description,
            contents=contents_of(media),
            is_taken_away=media.removed_at is not None,
        )
