"""Reading who is around the young people of a council, for those who keep its records."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Viewer
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.models import Relationship
from app.young_people.queries import in_directory


def ties_of(viewer: Viewer, young_person_ids: Collection[UUID]) -> list[Relationship]:
    """Return the relationships that go on now, earliest first, of young people whom `directory` gave the viewer."""
    query = select(Relationship).where(
        Relationship.council_id == viewer.council_id,
        Relationship.young_person_id.in_(list(young_person_ids)),
        Relationship.ended_at.is_(None),
    )
    return list(db.session.execute(query.order_by(Relationship.started_at, Relationship.id)).scalars())


def tie_for(viewer: Viewer, young_person_id: UUID, relationship_id: UUID) -> Relationship:
    """Return one relationship of a young person of the directory; raises NotFoundError."""
    person = in_directory(viewer, young_person_id)
    relationship = db.session.get(Relationship, relationship_id)
    if relationship is None or relationship.young_person_id != person.id:
        raise NotFoundError
    return relationship
