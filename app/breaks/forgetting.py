"""What is left of a young person's attendance once they are forgotten: how many came, and not who."""

from uuid import UUID

from sqlalchemy import select

from app.breaks.models import Attendance, ForgottenAttendance
from app.breaks.values import CAME
from app.database import db


def keep_counts(*, council_id: UUID, young_person_id: UUID) -> int:
    """Add a young person to the count of each session that they came to; return how many. Part of forgetting them."""
    came = select(Attendance.session_id).where(
        Attendance.young_person_id == young_person_id, Attendance.status.in_(CAME)
    )
    sessions = list(db.session.execute(came).scalars())
    query = select(ForgottenAttendance).where(ForgottenAttendance.session_id.in_(came))
    counted = {row.session_id: row for row in db.session.execute(query).scalars()}
    for session_id in sessions:
        row = counted.get(session_id)
        if row is None:
            row = ForgottenAttendance(council_id=council_id, session_id=session_id, came=0)
            db.session.add(row)
        row.came += 1
    db.session.flush()
    return len(sessions)
