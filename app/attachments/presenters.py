"""What the page for adding may say of the entry."""

from app.accounts.values import Viewer
from app.checkins.queries import check_in_visible_to
from app.feed.queries import post_visible_to
from app.media.cleaning import can_hear
from app.media.values import HangsOn, MediaKind, Place
from app.profiles.values import PICTURE
from app.young_people.decision_queries import part_audience
from app.young_people.queries import own_access, record_of, team_of
from app.young_people.sharing import readers


def kinds_to_add() -> list[MediaKind]:
    """Return what may be added here, for templates: voice notes only where they can be opened."""
    return [kind for kind in MediaKind if kind.is_picture or can_hear()]


def who_will_see(viewer: Viewer, place: Place) -> str:
    """Return the first names of those who see an entry of the viewer's own."""
    access = own_access(viewer)
    if place.hangs_on is HangsOn.PROFILE:
        return readers(part_audience(record_of(access), PICTURE), team_of(viewer, access))
    entry = (
        check_in_visible_to(access, place.entry_id)
        if place.hangs_on is HangsOn.CHECK_IN
        else post_visible_to(viewer, place.entry_id)[1]
    )
    return readers(entry.audience, team_of(viewer, access))
