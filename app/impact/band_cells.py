"""Cells of Bristol's bands of school attendance: how many people were in each before their first session, and after."""

from uuid import UUID

import numpy as np

from app.impact.attendance_bands import BANDS, PersonBands, person_bands
from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel
from app.impact.disclosure import FIGURES_FROM, WITHHELD_WHOLE, Measured, publishable
from app.impact.tables import BANDS_AFTER, BANDS_BEFORE
from app.impact.values import Integers


def band_cells(council: CouncilPanel) -> dict[CellKey, Cell]:
    """Return a cell for every offer, side and band; all of an offer's are withheld where fewer than 20 people count."""
    found = person_bands(council.panel, full_time=council.full_time)
    made = {}
    for kind, offer in enumerate(council.offers):
        own = np.flatnonzero(found.intervention == kind)
        for table, band in _sides(found).items():
            for place, name in enumerate(BANDS):
                who = found.person[own[band[own] == place]]
                key = CellKey(table, offer.offer_id, name, council.outcome)
                made[key] = _cell(council, offer.offer_id, who, whole=own.size)
    return made


def _sides(found: PersonBands) -> dict[str, Integers]:
    return {BANDS_BEFORE: found.was, BANDS_AFTER: found.came_to}


def _cell(council: CouncilPanel, offer_id: UUID, who: Integers, *, whole: int) -> Cell:
    figures = publishable(Measured(who.size, 0, 0)) if whole >= FIGURES_FROM else WITHHELD_WHOLE
    return Cell(figures, council.brought(offer_id, who))
