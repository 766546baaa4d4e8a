"""Refreshing the published figures of a council."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.impact.candidates import candidates
from app.impact.cells import Cell, CellKey
from app.impact.council_panel import CouncilPanel, people_in_figures, read_council
from app.impact.models import Refresh
from app.impact.person_services import keep_person_state, learn_person_state
from app.impact.person_state import PersonState
from app.impact.publication import decide, has_news
from app.impact.published_rows import Published
from app.impact.tables import EVERYONE, GROUPED, PAIRED, PAIRS, TABLES, TOTALS


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """How many cells of one table were published anew, kept as they were, and (of both) are withheld."""

    anew: int
    kept: int
    withheld: int


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What one refresh read, exactly, and what became of the cells of each table; no figure of any group."""

    council_id: UUID
    at: datetime
    people: int
    check_ins: int
    sessions: int
    tables: Mapping[str, TableOutcome]

    @property
    def anew(self) -> int:
        return sum(outcome.anew for outcome in self.tables.values())


@dataclass(frozen=True)
class Prepared:
    """What was read and estimated before the write lock is taken."""

    council: CouncilPanel
    cells: Mapping[CellKey, Cell]
    persons: PersonState | None


def prepare(*, council_id: UUID) -> Prepared:
    """Read a council's records and estimate; writes nothing, so that nobody's check-in waits for the estimate."""
    standing = _standing(Published(council_id).cells)
    council = read_council(council_id)
    return Prepared(council, candidates(council, standing.get(council.outcome, {})), learn_person_state(council))


def _standing(cells: Mapping[CellKey, Cell]) -> dict[str, dict[str, frozenset[str]]]:
    """Return the groups that stand published, by outcome and table."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for key, cell in cells.items():
        if key.table in GROUPED and not cell.figures.is_withheld:
            tables = found.setdefault(key.outcome, {})
            tables[key.table] = tables.get(key.table, frozenset()) | {key.group}
    return found


def refresh(*, council_id: UUID, actor: Viewer | None = None, prepared: Prepared | None = None) -> RefreshSummary:
    """Publish anew every cell of which 10 or more people have something new; a second run changes nothing.

    `prepared`: what `prepare` found a moment ago. It is thrown away where somebody has opted out or in since.
    """
    if prepared is None or set(prepared.council.people) != people_in_figures(council_id):
        prepared = prepare(council_id=council_id)
    published = Published(council_id)
    before = published.cells
    decided = decide(prepared.cells, before)
    at = clock.now()
    published.replace(decided.cells, decided.anew, at)
    keep_person_state(
        council_id=council_id,
        fresh=prepared.persons,
        offers_anew={
            offer.offer_id
            for offer in prepared.council.offers
            if has_news(CellKey(EVERYONE, offer.offer_id), prepared.cells, before)
        },
        shared_anew=has_news(CellKey(TOTALS, None), prepared.cells, before),
        at=at,
    )
    summary = RefreshSummary(
        council_id,
        at,
        len(prepared.council.people),
        prepared.council.check_ins,
        prepared.council.sessions,
        {table: _outcome(table, decided.cells, decided.anew) for table in (*TABLES, PAIRED)},
    )
    _remember(summary, actor)
    return summary


def _outcome(table: str, cells: Mapping[CellKey, Cell], anew: frozenset[CellKey]) -> TableOutcome:
    held = Counter[str]()
    for key, cell in cells.items():
        if (PAIRED if key.table in PAIRS else key.table) == table:
            held["anew" if key in anew else "kept"] += 1
            held["withheld"] += cell.figures.is_withheld
    return TableOutcome(held["anew"], held["kept"], held["withheld"])


def _remember(summary: RefreshSummary, actor: Viewer | None) -> None:
    tables = {name: [outcome.anew, outcome.kept, outcome.withheld] for name, outcome in summary.tables.items()}
    row = Refresh(council_id=summary.council_id, at=summary.at, summary=json.dumps(tables))
    db.session.add(row)
    db.session.flush()
    audit.record(
        council_id=summary.council_id,
        actor_id=actor.account_id if actor else None,
        action="group_figures:refreshed",
        about=row,
    )
