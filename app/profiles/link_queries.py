"""Reading links to a profile: the young person's own list, and what somebody reads who has a link's code."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.values import Role, Viewer
from app.database import db
from app.profiles.models import ProfileLink, ProfileOpening
from app.web.errors import NotFoundError
from app.young_people.values import Access


def links_of(access: Access) -> list[ProfileLink]:
    """Return every link, newest first; raises NotFoundError for anybody but the young person."""
    if not access.is_self:
        raise NotFoundError
    query = select(ProfileLink).where(ProfileLink.young_person_id == access.young_person_id)
    return list(db.session.execute(query.order_by(ProfileLink.made_at.desc(), ProfileLink.id)).scalars())


def own_link(access: Access, link_id: UUID) -> ProfileLink:
    """Return one of the young person's own links; raises NotFoundError."""
    found = next((link for link in links_of(access) if link.id == link_id), None)
    if found is None:
        raise NotFoundError
    return found


def openings_of(access: Access, links: Iterable[ProfileLink]) -> dict[UUID, list[ProfileOpening]]:
    """Return each time that somebody used these links, newest first, by link."""
    query = select(ProfileOpening).where(
        ProfileOpening.young_person_id == access.young_person_id,
        ProfileOpening.link_id.in_([link.id for link in links]),
    )
    found: dict[UUID, list[ProfileOpening]] = {}
    for opening in db.session.execute(query.order_by(ProfileOpening.at.desc(), ProfileOpening.id)).scalars():
        found.setdefault(opening.link_id, []).append(opening)
    return found


def link_with(council_id: UUID, code_hash: bytes) -> ProfileLink | None:
    """Return the link of this code that works now; None where there is none, it ended, or it was stopped."""
    query = select(ProfileLink).where(
        ProfileLink.council_id == council_id,
        ProfileLink.code_hash == code_hash,
        ProfileLink.stopped_at.is_(None),
        ProfileLink.ends_at > clock.now(),
    )
    return db.session.execute(query).scalar_one_or_none()


def maker_of(link: ProfileLink) -> Viewer:
    """Return who made a link: what is read through it is read in their name."""
    return Viewer(link.made_by, link.council_id, Role.YOUNG_PERSON, link.young_person_id)
