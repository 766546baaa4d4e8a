"""Putting a picture on the one-page profile, taking it off, and putting it back: each makes a version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import clock
from app.accounts.values import Viewer
from app.database import db
from app.media import services as media_services
from app.media.models import Media
from app.media.queries import media_on
from app.media.values import MOST_ON_ONE, Cleaned, MediaKind
from app.profiles.models import ProfileVersion
from app.profiles.picture_queries import picture_place
from app.profiles.queries import newest_version, picture_now
from app.profiles.values import PICTURE
from app.web.errors import NotFoundError
from app.young_people.services import record_written
from app.young_people.values import Access


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that was cleaned, under the id that its sender gave it, with what they say is in it."""

    id: UUID
    kind: MediaKind
    cleaned: Cleaned
    description: str


def put_picture_on(*, viewer: Viewer, access: Access, new: NewPicture, at: datetime | None = None) -> Media:
    """Keep a young person's own picture and show it on their profile; the same id again changes nothing.

    The one before stays in the versions, and the oldest goes where there is no more room. Raises NotTakenError,
    TooLongError, and NotFoundError for anybody else.
    """
    _refuse_others(access)
    held = media_on([access.young_person_id])[access.young_person_id]
    if len(held) >= MOST_ON_ONE and new.id not in {media.id for media in held}:
        spare = next(media for media in held if str(media.id) != picture_now(access.young_person_id))
        media_services.take_away(viewer=viewer, media=spare)
    is_new = db.session.get(Media, new.id) is None
    media = media_services.keep_media(
        viewer=viewer,
        place=picture_place(access),
        media_id=new.id,
        kind=new.kind,
        cleaned=new.cleaned,
        description=new.description,
    )
    if is_new:
        _save_with(str(media.id), viewer=viewer, access=access, at=at)
    return media


def take_picture_off(*, viewer: Viewer, access: Access, media: Media) -> None:
    """Take one of a young person's own pictures off their profile and every version of it."""
    _refuse_others(access)
    media_services.take_away(viewer=viewer, media=media)
    if picture_now(access.young_person_id) == str(media.id):
        _save_with("", viewer=viewer, access=access)


def put_picture_back(*, viewer: Viewer, access: Access, media: Media) -> None:
    """Undo taking off; it is on the profile again unless another is there by now. Raises NotTakenError."""
    _refuse_others(access)
    media_services.put_back(viewer=viewer, media=media)
    if not picture_now(access.young_person_id):
        _save_with(str(media.id), viewer=viewer, access=access)


def _refuse_others(access: Access) -> None:
    if not access.is_self:
        raise NotFoundError


def _save_with(picture: str, *, viewer: Viewer, access: Access, at: datetime | None = None) -> None:
    """Keep the profile as its next version, the same but for the picture."""
    before = newest_version(access.young_person_id)
    words = {key: said for key, said in (before.sections if before else {}).items() if key != PICTURE}
    version = ProfileVersion(
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        number=before.number + 1 if before else 1,
        typed_by=viewer.account_id,
        at=at or clock.now(),
        said_by=before.said_by if before else access.name,
        sections=words | ({PICTURE: picture} if picture else {}),
    )
    db.session.add(version)
    record_written(viewer=viewer, action="profile:saved", about=version)
