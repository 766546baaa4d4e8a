"""Known cells, published for the cast's council, so that a test knows what each page must show."""

from datetime import UTC, datetime
from uuid import uuid4

from app.audit import services as audit
from app.breaks.models import Offer
from app.breaks.services import create_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from app.impact.disclosure import Figures, State
from app.impact.models import PublishedCell, Refresh
from tests.people import Cast

NAMES = ("Climbing club", "Mentoring", "Holiday hub", "Gaming group", "Days out", "Swimming", "Overnight stay")


def graded(change: float, low: float, high: float, grade: str, naive: float = 1.2, *, people: int = 40) -> Figures:
    return Figures(
        State.GRADED, people, people * 8, change=change, low=low, high=high, naive=naive, grade=grade, joined_low=True
    )


CELLS = {
    ("everyone", "Climbing club", ""): graded(0.8, 0.5, 1.1, "good evidence", 1.6, people=65),
    ("everyone", "Mentoring", ""): graded(0.6, 0.2, 1.0, "some evidence", 1.2),
    ("everyone", "Holiday hub", ""): graded(0.1, -0.2, 0.4, "we cannot tell", 0.9, people=85),
    ("everyone", "Gaming group", ""): graded(-0.4, -0.8, -0.1, "good evidence", 0.1),
    ("everyone", "Days out", ""): Figures(
        State.EARLY, 20, 160, change=0.5, low=-0.2, high=1.2, naive=1.0, grade="early"
    ),
    ("everyone", "Swimming", ""): Figures(State.COUNT_ONLY, 10, 80),
    ("everyone", "Overnight stay", ""): Figures(State.WITHHELD),
    ("by_need", "Climbing club", "Autism"): graded(0.9, 0.4, 1.4, "good evidence", 1.0, people=35),
    ("by_need", "Climbing club", "Anxiety"): Figures(State.EARLY, None, None, change=0.5, low=-0.2, high=1.2),
    ("by_need", "Climbing club", "Another, or not recorded"): Figures(State.WITHHELD, complementary=True),
    ("totals", "", ""): Figures(State.GRADED, 115, 1215, 4480),
}


def publish_known_cells(cast: Cast) -> None:
    """Publish known cells for the cast's council, over offers of its provider."""
    at = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
    with transaction():
        offers: dict[str, Offer | None] = {"": None}
        for name in NAMES:
            about = OfferDetails(name, cost_per_place=3800)
            offers[name] = create_offer(
                council_id=cast.council_id, provider_id=cast.provider_id, details=about, actor=None
            )
        for (table, name, group), figures in CELLS.items():
            offer = offers[name]
            row = PublishedCell(
                council_id=cast.council_id,
                table_name=table,
                intervention_id=offer.id if offer else None,
                group_key=uuid4().hex if group else "",
                group=group,
                published_at=at,
                figures=figures.as_text(),
                contributions="{}",
            )
            db.session.add(row)
        made = Refresh(council_id=cast.council_id, at=at, summary="{}")
        db.session.add(made)
        audit.record(council_id=cast.council_id, actor_id=None, action="group_figures:refreshed", about=made)
