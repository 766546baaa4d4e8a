"""Who stays and who stops: of those who count at an offer, how many still come, and who left after how many sessions.

The four bands are a column of their own: everybody who counts is in one, so that they add up and are protected with the
other columns. Like them they show counts, rounded down, and never a figure.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.impact.beside import Span
from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel
from app.impact.course import QUIET_WEEKS
from app.impact.disclosure import Figures, State, rounded_down, state_of
from app.impact.dose import BANDS
from app.impact.panel import DAYS, days_of
from app.impact.tables import STAYED
from app.impact.values import Integers, Panel

STILL = "still"
STOPPED = tuple(Span(*ends) for ends in BANDS)
GROUPS = (STILL, *(span.code for span in STOPPED))


def stayed_cells(council: CouncilPanel) -> dict[CellKey, Cell]:
    """Return four cells for each offer: who still comes, and who stopped after few, some and many sessions."""
    groups = _groups(council.panel)
    kinds = {offer.offer_id: kind for kind, offer in enumerate(council.offers)}
    found = {}
    for offer in council.offers:
        counted = council.counted[offer.offer_id]
        own = {who: groups.get((council.place[who], kinds[offer.offer_id]), STILL) for who in counted}
        for group in GROUPS:
            people = [who for who, held in own.items() if held == group]
            key = CellKey(STAYED, offer.offer_id, group, council.outcome)
            found[key] = Cell(_count(len(people)), council.brought(offer.offer_id, people))
    return found


def _count(people: int) -> Figures:
    state = state_of(people)
    return Figures(state) if state is State.WITHHELD else Figures(state, rounded_down(people))


def _groups(panel: Panel) -> Mapping[tuple[int, int], str]:
    """Return the group of every person at every offer that they came to, by their places.

    Whoever came in the last weeks of the records may come again: nobody has stopped before the records have gone on for
    some weeks without them.
    """
    visits, wide = panel.sessions, max(len(panel.interventions), 1)
    if visits.person.size == 0:
        return {}
    day = days_of(visits.time)
    until = max(int(day.max()), int(days_of(panel.check_ins.time).max(initial=0)))
    pairs, place = np.unique(visits.person * wide + visits.intervention, return_inverse=True)
    came: Integers = np.bincount(place, minlength=pairs.size)
    last = np.zeros(pairs.size, np.int64)
    np.maximum.at(last, place, day)
    still = (until - last) < QUIET_WEEKS * DAYS
    return {
        (int(pair) // wide, int(pair) % wide): STILL if here else _stopped(int(sessions))
        for pair, here, sessions in zip(pairs, still, came, strict=True)
    }


def _stopped(sessions: int) -> str:
    return next(span.code for span in STOPPED if span.last is None or sessions <= span.last)
