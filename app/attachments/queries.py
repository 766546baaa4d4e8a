"""From media to the entry they hang on, which says who may see them."""

from typing import NamedTuple
from uuid import UUID

from app.accounts.values import Role, Viewer
from app.breaks.queries import placed_with
from app.checkins.queries import check_in_visible_to
from app.feed.queries import post_visible_to
from app.media.models import Media
from app.media.queries import media_in_council
from app.media.values import HangsOn, Place
from app.profiles.queries import current_profile, profile_for_provider
from app.profiles.values import SeenProfile
from app.web.errors import NotFoundError
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Access


class SeenMedia(NamedTuple):
    """Media that a viewer may see, and their access to whose they are."""

    access: Access
    media: Media


def own_entry(viewer: Viewer, hangs_on: HangsOn, entry_id: UUID) -> Place:
    """Return where media may be added: an entry of the viewer's own; raises NotFoundError for any other."""
    access = own_access(viewer)
    _refuse_unseen_entry(viewer, access, hangs_on, entry_id)
    return Place(access.council_id, access.young_person_id, hangs_on, entry_id)


def media_visible_to(viewer: Viewer, media_id: UUID) -> SeenMedia:
    """Return media and the viewer's access to their young person; raises NotFoundError where they may not see them.

    They see what hangs on an entry that they see now, and is not taken away; of a profile, what is on it now.
    """
    access, media = _found(viewer, media_id)
    if media.removed_at is not None:
        raise NotFoundError
    return SeenMedia(access, media)


def own_media(viewer: Viewer, media_id: UUID) -> Media:
    """Return media of the viewer's own, taken away or not; raises NotFoundError."""
    access, media = _found(viewer, media_id)
    if not access.is_self:
        raise NotFoundError
    return media


def _found(viewer: Viewer, media_id: UUID) -> SeenMedia:
    media = media_in_council(viewer, media_id)
    if media is None:
        raise NotFoundError
    if media.hangs_on is HangsOn.PROFILE:
        return SeenMedia(_seeing_picture(viewer, media), media)
    access = young_person_for(viewer, media.young_person_id)
    _refuse_unseen_entry(viewer, access, media.hangs_on, media.entry_id)
    return SeenMedia(access, media)


def _seeing_picture(viewer: Viewer, media: Media) -> Access:
    """Return the access of somebody who sees this picture on a profile: its young person every one, others the newest.

    Who runs a session sees it where the young person shows them the page. Raises NotFoundError.
    """
    access, profile = _profile_for(viewer, media.young_person_id)
    if not access.is_self and (profile is None or profile.picture != media.id):
        raise NotFoundError
    return access


def _profile_for(viewer: Viewer, young_person_id: UUID) -> tuple[Access, SeenProfile | None]:
    if viewer.role is Role.PROVIDER:
        return profile_for_provider(viewer, young_person_id, placed=placed_with(viewer))
    access = young_person_for(viewer, young_person_id)
    return access, current_profile(access)


def _refuse_unseen_entry(viewer: Viewer, access: Access, hangs_on: HangsOn, entry_id: UUID) -> None:
    if hangs_on is HangsOn.CHECK_IN:
        check_in_visible_to(access, entry_id)
    else:
        post_visible_to(viewer, entry_id)
