"""Known cells, published for the cast's council, so that a test knows what each page must show."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from app.audit import services as audit
from app.breaks.models import Offer
from app.breaks.services import create_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from app.impact.disclosure import Figures, State
from app.impact.models import PublishedCell, Refresh
from app.impact.tables import pair_group
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
SHOWN = State.SHOWN
WITHHELD = Figures(State.WITHHELD)


def shown(change: float, low: float | None = None, high: float | None = None) -> Figures:
    return Figures(SHOWN, change=change, low=change if low is None else low, high=change if high is None else high)


BESIDE = {
    ("shape", "Climbing club", "-8:-4"): shown(-0.1, -0.4, 0.2),
    ("shape", "Climbing club", "-3:-1"): shown(-0.7, -1.1, -0.3),
    ("shape", "Climbing club", "0:0"): shown(0.2, -0.3, 0.7),
    ("shape", "Climbing club", "1:1"): WITHHELD,
    ("shape", "Climbing club", "2:3"): shown(0.8, 0.4, 1.2),
    ("shape", "Climbing club", "4:6"): shown(0.9, 0.5, 1.3),
    ("shape", "Climbing club", "7:"): shown(1.4, 0.6, 2.2),
    ("dose", "Climbing club", "1:3"): shown(0.3, -0.1, 0.6),
    ("dose", "Climbing club", "4:7"): shown(0.7, 0.3, 1.1),
    ("dose", "Climbing club", "8:"): shown(1.5, 0.7, 2.3),
    ("dose", "Climbing club", "more"): shown(1.2, 0.4, 2.0),
    ("dose", "Climbing club", "each"): shown(0.1, 0.1, 0.2),
    ("dose", "Holiday hub", "1:3"): shown(0.2, -0.5, 0.8),
    ("dose", "Holiday hub", "4:7"): WITHHELD,
    ("dose", "Holiday hub", "8:"): WITHHELD,
    ("dose", "Holiday hub", "more"): WITHHELD,
    ("dose", "Holiday hub", "each"): WITHHELD,
    ("remains", "Climbing club", "during"): shown(0.9, 0.5, 1.3),
    ("remains", "Climbing club", "after"): shown(0.3, 0.0, 0.6),
    ("remains", "Climbing club", "difference"): shown(-0.6, -1.0, -0.2),
    ("response", "Climbing club", "before"): shown(81.0),
    ("response", "Climbing club", "after"): shown(74.0),
    ("response", "Climbing club", "by log"): shown(1.0),
    ("response", "Climbing club", "tipping"): shown(2.2),
    ("response", "Climbing club", "tipping of sign"): shown(3.1),
    ("response", "Holiday hub", "before"): shown(100.0),
    ("response", "Holiday hub", "after"): shown(112.0),
    ("response", "Holiday hub", "by log"): shown(0.0),
    ("response", "Holiday hub", "tipping"): shown(0.0),
    ("response", "Holiday hub", "tipping of sign"): WITHHELD,
    ("stayed", "Climbing club", "still"): Figures(State.GRADED, 30),
    ("stayed", "Climbing club", "1:3"): WITHHELD,
    ("stayed", "Climbing club", "4:7"): Figures(State.WITHHELD, complementary=True),
    ("stayed", "Climbing club", "8:"): Figures(State.COUNT_ONLY, 15),
}
"""What stands beside the figures of two offers: all of it, and little of it."""

PAIR = {
    pair_group("Female", "Autism"): Figures(SHOWN, drawn_change=0.7, drawn_low=0.2, drawn_high=1.2, drawn_share=0.4),
    pair_group("Female", "Anxiety"): WITHHELD,
    pair_group("Male", "Autism"): WITHHELD,
    pair_group("Male", "Anxiety"): Figures(SHOWN, drawn_change=0.6, drawn_low=0.1, drawn_high=1.1, drawn_share=0.5),
}
"""The climbing club by sex and need."""


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
        texts = {key: figures.as_text() for key, figures in (CELLS | BESIDE).items()}
        pairs = {group: figures.values() for group, figures in PAIR.items()}
        texts["by_sex_and_need", "Climbing club", ""] = json.dumps(pairs)
        for (table, name, group), text in texts.items():
            offer = offers[name]
            row = PublishedCell(
                council_id=cast.council_id,
                table_name=table,
                intervention_id=offer.id if offer else None,
                group_key=uuid4().hex if group else "",
                group=group,
                published_at=at,
                figures=text,
                contributions="{}",
            )
            db.session.add(row)
        made = Refresh(council_id=cast.council_id, at=at, summary="{}")
        db.session.add(made)
        audit.record(council_id=cast.council_id, actor_id=None, action="group_figures:refreshed", about=made)
