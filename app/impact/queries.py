"""Reading the published figures: only what a refresh let through, and only of the viewer's council."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Permission, Viewer
from app.breaks.queries import offers_visible_to
from app.database import db
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell, Refresh
from app.impact.publication import TOTALS
from app.web.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Intervention:
    """The directory's facts of one offer; `cost_per_place` in pence."""

    id: UUID
    name: str
    provider: str
    summary: str
    cost_per_place: int | None


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One published cell with its offer and group."""

    intervention: Intervention
    group: str
    figures: Figures
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One published table, the council's totals and when the last refresh was (None: there was none)."""

    cells: tuple[ShownCell, ...]
    totals: Figures | None
    refreshed_at: datetime | None


def published_table(viewer: Viewer, table: str) -> PublishedTable:
    """Return one table of the viewer's council; raises NotFoundError for anybody but council staff."""
    if not viewer.may(Permission.COMPARISON_READ):
        raise NotFoundError
    offers = {
        offer.id: Intervention(offer.id, offer.name, provider.name, offer.summary, offer.cost_per_place)
        for offer, provider in offers_visible_to(viewer)
    }
    query = select(PublishedCell).where(
        PublishedCell.council_id == viewer.council_id, PublishedCell.table_name.in_((table, TOTALS))
    )
    cells, totals = [], None
    for row in db.session.execute(query).scalars():
        figures = Figures.from_text(row.figures)
        if row.intervention_id is None:
            totals = figures
        elif row.intervention_id in offers:
            cells.append(ShownCell(offers[row.intervention_id], row.group, figures, row.published_at))
    last = select(Refresh.at).where(Refresh.council_id == viewer.council_id).order_by(Refresh.at.desc()).limit(1)
    return PublishedTable(tuple(cells), totals, db.session.execute(last).scalar_one_or_none())
