"""Taking a young person who is forgotten out of what published figures remember of whom they were made from.

The figures stay as they were until ten of a cell's people have something new, as for anybody who leaves: a figure that
moved for one person would tell theirs. Until then they count under a mark that leads to nobody.
"""

from uuid import UUID, uuid4

from sqlalchemy import select

from app.database import db
from app.impact.models import PublishedCell


def forget_contributor(*, council_id: UUID, young_person_id: UUID) -> None:
    """Put a random mark, the same everywhere, in place of a person's id in a council's published cells.

    The mark is gone at the next refresh that publishes the cell anew. Part of forgetting them.
    """
    known, mark = young_person_id.hex, uuid4().hex
    query = select(PublishedCell).where(PublishedCell.council_id == council_id)
    for cell in db.session.execute(query).scalars():
        contributions = cell.contributions
        if known in contributions:
            cell.contributions = contributions.replace(known, mark)
    db.session.flush()
