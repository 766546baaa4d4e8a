"""Reading what is published and is no change: levels of what is asked after sessions, bands of school attendance."""

from collections.abc import Iterable
from uuid import UUID

from app.accounts.values import Viewer
from app.impact.attendance_bands import BANDS
from app.impact.disclosure import WITHHELD_WHOLE, Figures
from app.impact.published_values import Bands, PublishedBands, PublishedTable, ShownCell
from app.impact.queries import last_refreshed, published_cells, published_table
from app.impact.tables import BANDED, BANDS_AFTER, BANDS_BEFORE, LEVEL, SCHOOL, TREATED


def published_levels(viewer: Viewer) -> PublishedTable:
    """Return how many were treated as they had asked, offer by offer; raises NotFoundError but for council staff."""
    return published_table(viewer, LEVEL, TREATED)


def published_level(viewer: Viewer, offer_id: UUID) -> ShownCell | None:
    """Return one offer's level; None before the first refresh that knew of it."""
    return next((cell for cell in published_levels(viewer).cells if cell.intervention.id == offer_id), None)


def published_bands(viewer: Viewer) -> PublishedBands:
    """Return the bands of every offer; raises NotFoundError but for council staff."""
    by_offer: dict[UUID, list[tuple[str, ShownCell]]] = {}
    for table, cell in published_cells(viewer, SCHOOL, BANDED):
        by_offer.setdefault(cell.intervention.id, []).append((table, cell))
    return PublishedBands(tuple(_bands(held) for held in by_offer.values()), last_refreshed(viewer))


def published_bands_of(viewer: Viewer, offer_id: UUID) -> Bands | None:
    """Return the bands of one offer; None where none were ever published."""
    return next((bands for bands in published_bands(viewer).offers if bands.intervention.id == offer_id), None)


def _bands(held: Iterable[tuple[str, ShownCell]]) -> Bands:
    cells = list(held)
    sides = {side: {cell.group: cell.figures for table, cell in cells if table == side} for side in BANDED}
    return Bands(
        cells[0][1].intervention,
        _in_order(sides[BANDS_BEFORE]),
        _in_order(sides[BANDS_AFTER]),
        max(cell.published_at for _, cell in cells),
    )


def _in_order(side: dict[str, Figures]) -> tuple[Figures, ...]:
    return tuple(side.get(band, WITHHELD_WHOLE) for band in BANDS)
