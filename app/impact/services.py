"""Refreshing the published figures of a council."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.crypto.keyring import current_keyring
from app.database import db
from app.impact.council_panel import CouncilPanel, people_in_figures, read_council
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell, Refresh
from app.impact.person_services import keep_person_state, learn_person_state
from app.impact.person_state import PersonState
from app.impact.publication import EVERYONE, GROUPED, TABLES, TOTALS, Cell, CellKey, candidates, decide, has_news


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
    published = _published(council_id)
    standing = {
        table: frozenset(row.group for row in published if row.table_name == table and not _figures(row).is_withheld)
        for table in GROUPED
    }
    council = read_council(council_id)
    return Prepared(council, candidates(council, standing), learn_person_state(council))


def refresh(*, council_id: UUID, actor: Viewer | None = None, prepared: Prepared | None = None) -> RefreshSummary:
    """Publish anew every cell of which 10 or more people have something new; a second run changes nothing.

    `prepared`: what `prepare` found a moment ago. It is thrown away where somebody has opted out or in since.
    """
    if prepared is None or set(prepared.council.people) != people_in_figures(council_id):
        prepared = prepare(council_id=council_id)
    rows = {CellKey(row.table_name, row.intervention_id, row.group): row for row in _published(council_id)}
    before = {key: Cell(_figures(row), json.loads(row.contributions)) for key, row in rows.items()}
    decided = decide(prepared.cells, before)
    at = clock.now()
    for key in rows.keys() - decided.cells.keys():
        db.session.delete(rows[key])
    for key in decided.anew:
        _publish(rows.get(key), council_id=council_id, key=key, cell=decided.cells[key], at=at)
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
        {table: _outcome(table, decided.cells, decided.anew) for table in TABLES},
    )
    _remember(summary, actor)
    return summary


def _published(council_id: UUID) -> list[PublishedCell]:
    return list(db.session.execute(select(PublishedCell).where(PublishedCell.council_id == council_id)).scalars())


def _figures(row: PublishedCell) -> Figures:
    return Figures.from_text(row.figures)


def _publish(row: PublishedCell | None, *, council_id: UUID, key: CellKey, cell: Cell, at: datetime) -> None:
    if row is None:
        index = current_keyring().blind_index(council_id, PublishedCell.__tablename__, "group", key.group)
        row = PublishedCell(
            council_id=council_id,
            table_name=key.table,
            intervention_id=key.offer_id,
            group_key=index.hex() if key.group else "",
            group=key.group,
        )
        db.session.add(row)
    row.published_at = at
    row.figures = cell.figures.as_text()
    row.contributions = json.dumps(dict(cell.contributions), separators=(",", ":"))


def _outcome(table: str, cells: Mapping[CellKey, Cell], anew: frozenset[CellKey]) -> TableOutcome:
    held = Counter[str]()
    for key, cell in cells.items():
        if key.table == table:
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
