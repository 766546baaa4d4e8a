"""Reading one-page profiles: the newest version, for those whom the young person lets see it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Role, Viewer
from app.database import db
from app.profiles.models import ProfileVersion
from app.profiles.values import PART_KEYS, PICTURE, SECTION_KEYS, SeenProfile
from app.web.errors import NotFoundError
from app.young_people.decision_queries import is_for_everyone, part_audience
from app.young_people.models import YoungPerson
from app.young_people.queries import record_of
from app.young_people.values import Access


def current_profile(access: Access) -> SeenProfile | None:
    """Return the newest version, its parts that are for the viewer; None where there is none or none of them is."""
    shown = parts_for(access)
    return _seen(newest_version(access.young_person_id), shown) if shown else None


def parts_for(access: Access) -> set[str]:
    """Return the keys of the parts that are for the viewer."""
    person = record_of(access)
    return {key for key in PART_KEYS if part_audience(person, key) in access.audiences}


def parts_not_for(access: Access) -> dict[str, str]:
    """Return what stands now in the parts that are not for the viewer: to be kept, and never to be shown to them."""
    version, shown = newest_version(access.young_person_id), parts_for(access)
    return {key: words for key, words in version.sections.items() if key in SECTION_KEYS - shown} if version else {}


def picture_now(young_person_id: UUID) -> str:
    """Return the id of the picture that the newest version has, as it is kept; empty where it has none."""
    version = newest_version(young_person_id)
    return version.sections.get(PICTURE, "") if version else ""


def _seen(version: ProfileVersion | None, shown: Collection[str]) -> SeenProfile | None:
    if version is None:
        return None
    said = {key: words for key, words in version.sections.items() if key in shown}
    picture = said.pop(PICTURE, "")
    return SeenProfile(
        version.number, version.typed_by, version.at, version.said_by, said, UUID(picture) if picture else None
    )


def versions_of(access: Access) -> list[ProfileVersion]:
    """Return every version, newest first; raises NotFoundError for anybody but the young person."""
    if not access.is_self:
        raise NotFoundError
    query = select(ProfileVersion).where(ProfileVersion.young_person_id == access.young_person_id)
    return list(db.session.execute(query.order_by(ProfileVersion.number.desc())).scalars())


def profile_for_provider(
    viewer: Viewer, young_person_id: UUID, *, placed: Collection[UUID]
) -> tuple[Access, SeenProfile | None]:
    """Return a provider's access to a profile and its newest version, if there is one, without what is for fewer.

    `placed`: the young people with a place on one of the viewer's own offers, as `breaks` finds them. Raises
    NotFoundError where this one has none, is of another council, or does not show their profile to providers.
    The access shows a name and nothing else: it has no tie, and so no audience.
    """
    query = select(YoungPerson).where(YoungPerson.id == young_person_id, YoungPerson.council_id == viewer.council_id)
    person = db.session.execute(query).scalar_one_or_none()
    may_see = viewer.role is Role.PROVIDER and young_person_id in placed
    if person is None or not may_see or not person.shares_profile_with_providers:
        raise NotFoundError
    access = Access(person.id, person.council_id, person.known_as, frozenset(), is_self=False)
    return access, _seen(newest_version(person.id), {key for key in PART_KEYS if is_for_everyone(person, key)})


def newest_version(young_person_id: UUID) -> ProfileVersion | None:
    """Return the whole profile as it is now, for whoever was already found to write it."""
    query = select(ProfileVersion).where(ProfileVersion.young_person_id == young_person_id)
    return db.session.execute(query.order_by(ProfileVersion.number.desc()).limit(1)).scalar_one_or_none()
