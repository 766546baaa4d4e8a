"""Looking at one outcome of a council: its cells, and what the next refresh may go by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.impact.candidates import candidates
from app.impact.cells import Cell, CellKey, has_news, news
from app.impact.council_fit import CouncilFit
from app.impact.council_panel import CouncilPanel
from app.impact.disclosure import MINIMUM
from app.impact.held import Held, Kept
from app.impact.person_services import learn_person_state
from app.impact.person_state import PersonState
from app.impact.tables import EVERYONE, TOTALS, USUAL_OUTCOME
from app.impact.variance import Variances

HELD_WHILE_FEWER_THAN = 1 / 20
"""Variances are kept while fewer than this share of those with a check-in have brought anything since."""


@dataclass(frozen=True)
class Looked:
    """The cells of one outcome; of wellbeing also what single persons' estimates take from everybody, if made anew.

    `shared_anew` says that what all of those share may be let go.
    """

    cells: Mapping[CellKey, Cell]
    kept: Kept
    persons: PersonState | None
    shared_anew: bool


def look(
    council: CouncilPanel,
    complete: Callable[[CouncilPanel], CouncilPanel],
    published: Mapping[CellKey, Cell],
    kept: Kept,
) -> Looked:
    """Return an outcome's cells, fitting only what they need; `complete` adds what only a fit needs."""
    people, number = np.unique(council.panel.check_ins.person).size, _with_news(council, published)
    lasts = kept.since + number < HELD_WHILE_FEWER_THAN * people
    fit = CouncilFit(council, complete, kept.held if lasts else None)
    cells = candidates(fit, published)
    counts = number if number >= MINIMUM else 0
    kept = Kept(kept.held, kept.since + counts, kept.since_shared + counts)
    own = [CellKey(EVERYONE, offer.offer_id, outcome=council.outcome) for offer in council.offers]
    any_anew = any(has_news(published.get(key), cells[key].contributions) for key in own)
    persons, shared_anew = None, kept.since_shared >= MINIMUM
    if council.outcome == USUAL_OUTCOME and (any_anew or fit.held is None):
        persons = learn_person_state(fit)
        kept = replace(kept, since_shared=0 if shared_anew else kept.since_shared)
    if fit.was_fitted and fit.held is None and fit.fits is not None:
        kept = replace(kept, held=Held(fit.fits.as_came, fit.fits.variances, _of_persons(persons)), since=0)
    return Looked(cells, kept, persons, shared_anew)


def _with_news(council: CouncilPanel, published: Mapping[CellKey, Cell]) -> int:
    """Return how many people have brought something new since the totals were published; all if they never were."""
    before = published.get(CellKey(TOTALS, None, outcome=council.outcome))
    return len(council.people) if before is None else news(before.contributions, council.brought_in_all)


def _of_persons(state: PersonState | None) -> Variances | None:
    return None if state is None else Variances(state.model.mood, state.model.check_in, 0.0)
