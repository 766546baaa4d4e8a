"""Writing down that somebody was handed a copy of their data."""

from uuid import UUID

from app.accounts.values import Viewer
from app.audit import services as audit


def note_handed_out(*, council_id: UUID, young_person_id: UUID | None, actor: Viewer | None) -> None:
    """Write down that a copy was made: by whoever it is of, or by a command (`actor`: None)."""
    audit.record(
        council_id=council_id,
        actor_id=actor.account_id if actor else None,
        action="copy:handed_out",
        young_person_id=young_person_id,
    )
