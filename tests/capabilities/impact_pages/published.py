"""Known cells, published for the cast's council, so that a test knows what each page must show."""

from datetime import UTC, datetime
from uuid import uuid4

from app.audit import services as audit
from app.breaks.models import Offer
from app.breaks.services import create_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from app.impact.disclosure import WITHHELD_WHOLE, Figures, State
from app.impact.models import PublishedCell, Refresh
from app.impact.tables import BANDED, CARERS, LEVEL, SCHOOL, TREATED, USUAL_OUTCOME
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


LEVEL_OF_80 = Figures(State.GRADED, 30, 120, change=80, low=68, high=88)
ALL_BANDS = {"under 10%": None, "10% to 80%": 15, "over 80%": None, "full time": 10}
OTHER_CELLS = {
    (SCHOOL, "everyone", "Climbing club", ""): graded(8.6, 6.1, 11.2, "good evidence", 9.0),
    (SCHOOL, "everyone", "Mentoring", ""): graded(-6.2, -9.0, -3.4, "some evidence", -2.0),
    (SCHOOL, "everyone", "Holiday hub", ""): graded(1.4, -2.2, 5.0, "we cannot tell", 3.0),
    (SCHOOL, "everyone", "Swimming", ""): Figures(State.COUNT_ONLY, 10, 80),
    (SCHOOL, "everyone", "Overnight stay", ""): Figures(State.WITHHELD),
    (SCHOOL, "by_need", "Climbing club", "Autism"): graded(9.3, 4.0, 14.6, "good evidence", 9.0, people=35),
    (SCHOOL, "by_need", "Climbing club", "Anxiety"): Figures(State.WITHHELD),
    (SCHOOL, "totals", "", ""): Figures(State.GRADED, 90, 1215, 2545),
    **{
        (SCHOOL, side, "Climbing club", band): Figures(State.COUNT_ONLY, people) if people else Figures(State.WITHHELD)
        for side in BANDED
        for band, people in ALL_BANDS.items()
    },
    **{(SCHOOL, side, "Swimming", band): WITHHELD_WHOLE for side in BANDED for band in ALL_BANDS},
    (CARERS, "everyone", "Climbing club", ""): graded(0.7, 0.3, 1.1, "good evidence", 1.0),
    (CARERS, "totals", "", ""): Figures(State.GRADED, 95, 1215, 2870),
    (TREATED, LEVEL, "Climbing club", ""): Figures(State.GRADED, 35, 165, change=95, low=85, high=100),
    (TREATED, LEVEL, "Mentoring", ""): LEVEL_OF_80,
    (TREATED, LEVEL, "Gaming group", ""): Figures(State.GRADED, 30, 130, change=57, low=47, high=66),
    (TREATED, LEVEL, "Swimming", ""): Figures(State.COUNT_ONLY, 10, 50),
    (TREATED, LEVEL, "Overnight stay", ""): Figures(State.WITHHELD),
}


def publish_nothing(_cast: Cast) -> None:
    """Leave the cast's council as it is before its first refresh."""


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
        cells = {(USUAL_OUTCOME, *key): figures for key, figures in CELLS.items()} | OTHER_CELLS
        for (outcome, table, name, group), figures in cells.items():
            offer = offers[name]
            row = PublishedCell(
                council_id=cast.council_id,
                outcome=outcome,
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
