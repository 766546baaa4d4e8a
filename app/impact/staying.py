"""Who stays and who stops: of those who count at an offer, how many still come, and who left after how many sessions.

The four bands are a column of their own: everybody who counts is in one, so that they add up and are protected with the
other columns. Like them they show counts, rounded down, and never a figure.
"""

from __future__ import annotations

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
    group = _groups(council.panel)
    found = {}
    for kind, offer in enumerate(council.offers):
        who = council.counted[offer.offer_id].place
        for place, name in enumerate(GROUPS):
            own = who[group[who, kind] == place]
            key = CellKey(STAYED, offer.offer_id, name, council.outcome)
            found[key] = Cell(_count(own.size), council.brought(offer.offer_id, own))
    return found


def _count(people: int) -> Figures:
    state = state_of(people)
    return Figures(state) if state is State.WITHHELD else Figures(state, rounded_down(people))


def _groups(panel: Panel) -> Integers:
    """Return the place in GROUPS of every person at every offer, (people, offers).

    Whoever came in the last weeks of the records may come again: nobody has stopped before the records have gone on for
    some weeks without them.
    """
    visits, shape = panel.sessions, (panel.people, len(panel.interventions))
    group: Integers = np.zeros(shape, np.int64)
    if visits.person.size == 0:
        return group
    day, pair = days_of(visits.time), visits.person * shape[1] + visits.intervention
    until = max(int(day.max()), int(days_of(panel.check_ins.time).max(initial=0)))
    came = np.bincount(pair, minlength=group.size).reshape(shape)
    last = np.full(group.size, until)
    last[pair] = np.iinfo(np.int64).min
    np.maximum.at(last, pair, day)
    stopped = (until - last.reshape(shape)) >= QUIET_WEEKS * DAYS
    for place, span in enumerate(STOPPED, start=1):
        group[stopped & span.holds(came)] = place
    return group
