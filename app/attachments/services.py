"""Keeping what hangs on an entry, taking it away and putting it back: on a profile each makes a version of it too."""

from app.accounts.values import Viewer
from app.media import services as media_services
from app.media.models import Media
from app.media.values import HangsOn, Place
from app.profiles import picture_services
from app.profiles.picture_services import NewPicture
from app.young_people.queries import own_access


def keep(*, viewer: Viewer, place: Place, new: NewPicture) -> None:
    """Hang something on an entry that was fetched for its owner; the same id again changes nothing.

    Raises NotTakenError where there is no more room, TooLongError, and NotFoundError where the id is somebody else's.
    """
    if place.hangs_on is HangsOn.PROFILE:
        picture_services.put_picture_on(viewer=viewer, access=own_access(viewer), new=new)
        return
    media_services.keep_media(
        viewer=viewer,
        place=place,
        media_id=new.id,
        kind=new.kind,
        cleaned=new.cleaned,
        description=new.description,
    )


def take_away(*, viewer: Viewer, media: Media) -> None:
    """Take media that were fetched for their owner off every page."""
    if media.hangs_on is HangsOn.PROFILE:
        picture_services.take_picture_off(viewer=viewer, access=own_access(viewer), media=media)
    else:
        media_services.take_away(viewer=viewer, media=media)


def put_back(*, viewer: Viewer, media: Media) -> None:
    """Undo taking away; raises NotTakenError where something else has taken the room."""
    if media.hangs_on is HangsOn.PROFILE:
        picture_services.put_picture_back(viewer=viewer, access=own_access(viewer), media=media)
    else:
        media_services.put_back(viewer=viewer, media=media)
