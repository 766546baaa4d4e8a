"""Reading the pictures on a one-page profile; which of them a viewer may see is known from the profile they see."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.database import db
from app.media.models import Media
from app.media.values import HangsOn, Place
from app.profiles.models import ProfileVersion
from app.profiles.values import PICTURE, SeenProfile
from app.young_people.values import Access


def picture_place(access: Access) -> Place:
    """Return where the pictures of a young person's profile hang."""
    return Place(access.council_id, access.young_person_id, HangsOn.PROFILE, access.young_person_id)


def picture_on(profile: SeenProfile | None) -> Media | None:
    """Return the picture of a profile that was fetched for its viewer; None where they see none, or it is away."""
    if profile is None or profile.picture is None:
        return None
    query = select(Media).where(Media.id == profile.picture, Media.removed_at.is_(None))
    return db.session.execute(query).scalar_one_or_none()


def pictures_of(versions: Iterable[ProfileVersion]) -> dict[str, Media]:
    """Return the pictures that versions fetched for their young person had, and that are still there, by their id."""
    ids = {UUID(version.sections[PICTURE]) for version in versions if version.sections.get(PICTURE)}
    query = select(Media).where(Media.id.in_(ids), Media.removed_at.is_(None))
    return {str(media.id): media for media in db.session.execute(query).scalars()}
