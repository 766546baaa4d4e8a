"""Cells of answers that are only given after a session: how many in a hundred were treated as they had asked."""

from hashlib import blake2b
from uuid import UUID

import numpy as np

from app.breaks.feedback import POINTS_BETWEEN_TREATED, FeedbackFact, Treated
from app.breaks.feedback_queries import feedback_of_council
from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel
from app.impact.disclosure import DOMINANT, Measured, publishable
from app.impact.fingerprints import FINGERPRINT_BYTES
from app.impact.levels import level_of
from app.impact.tables import LEVEL, TREATED

SAID_YES = Treated.YES.step * POINTS_BETWEEN_TREATED


def level_cells(council_id: UUID, council: CouncilPanel) -> dict[CellKey, Cell]:
    """Return a cell for each offer, of those in group figures who answered after one of its sessions."""
    by_offer: dict[UUID, list[FeedbackFact]] = {offer.offer_id: [] for offer in council.offers}
    for fact in feedback_of_council(council_id):
        if fact.treated is not None and fact.young_person_id in council.place:
            by_offer.setdefault(fact.offer_id, []).append(fact)
    return {CellKey(LEVEL, offer, outcome=TREATED): _cell(facts, council) for offer, facts in by_offer.items()}


def _cell(facts: list[FeedbackFact], council: CouncilPanel) -> Cell:
    person = np.array([council.place[fact.young_person_id] for fact in facts], np.int64)
    answers = np.sort(np.unique(person, return_counts=True)[1])
    measured = Measured(answers.size, person.size, int(answers[-DOMINANT:].sum()))
    level = level_of(person, np.array([fact.treated == SAID_YES for fact in facts], np.bool_))
    if level is not None:
        shown = level.as_published()
        measured = Measured(
            measured.people, measured.sessions, measured.sessions_of_busiest, shown.share, shown.low, shown.high
        )
    return Cell(publishable(measured), _brought(facts))


def _brought(facts: list[FeedbackFact]) -> dict[str, str]:
    """Return a digest of each person's answers, by their id."""
    said: dict[UUID, list[tuple[str, float]]] = {}
    for fact in facts:
        said.setdefault(fact.young_person_id, []).append((fact.at.isoformat(), fact.treated or 0.0))
    return {
        person.hex: blake2b(repr(sorted(mine)).encode(), digest_size=FINGERPRINT_BYTES).hexdigest()
        for person, mine in said.items()
    }
