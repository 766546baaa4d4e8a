"""Refreshing the published figures of a council."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.models import Council
from app.accounts.values import Viewer
from app.audit import services as audit
from app.checkins.carer_queries import carers_left_out
from app.database import db
from app.impact.candidates import candidates, fit_council
from app.impact.cells import Cell, CellKey, has_news
from app.impact.council_panel import CouncilPanel, read_council
from app.impact.council_records import (
    NOTHING_OPENED,
    CouncilRecords,
    Opened,
    keep_blocks,
    last_refresh,
    people_in_figures,
    read_records,
    since_last_refresh,
)
from app.impact.level_cells import level_cells
from app.impact.models import Refresh
from app.impact.other_outcomes import other_panels
from app.impact.person_services import keep_person_state, learn_person_state
from app.impact.person_state import PersonState
from app.impact.publication import decide
from app.impact.published_rows import Published
from app.impact.tables import EVERYONE, PAIRED, PAIRS, TABLES, TOTALS

FORM = 4
"""Which tables and rules a refresh publishes by: after one of another form, everything is looked at again."""


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """How many cells of one table were published anew, kept as they were, and (of both) are withheld."""

    anew: int
    kept: int
    withheld: int


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What one refresh read, exactly, and what became of the cells of each table; no figure of any group.

    `opened` counts what it had to decrypt for it.
    """

    council_id: UUID
    at: datetime
    people: int
    check_ins: int
    sessions: int
    tables: Mapping[str, TableOutcome]
    opened: Opened = NOTHING_OPENED

    @property
    def anew(self) -> int:
        return sum(outcome.anew for outcome in self.tables.values())


@dataclass(frozen=True)
class Prepared:
    """What was read and estimated before the write lock is taken; `left_out` are parent carers who had opted out."""

    records: CouncilRecords
    council: CouncilPanel
    cells: Mapping[CellKey, Cell]
    persons: PersonState | None
    left_out: set[UUID]


def prepare(*, council_id: UUID, in_full: bool = False) -> Prepared | None:
    """Read what is new and estimate; writes nothing, so that nobody's check-in waits for it. None: nothing is new.

    `in_full` reads everything anew.
    """
    if not in_full and _nothing_is_new(council_id):
        return None
    published, left_out = Published(council_id).cells, carers_left_out(council_id)
    records = read_records(council_id, in_full=in_full)
    council = read_council(council_id, records)
    fits = fit_council(council)
    cells = candidates(council, fits, published)
    for other in other_panels(council_id, council):
        cells |= candidates(other, fit_council(other), published)
    cells |= level_cells(council_id, council)
    return Prepared(records, council, cells, learn_person_state(council, fits), left_out)


def _nothing_is_new(council_id: UUID) -> bool:
    last = last_refresh(council_id)
    if last is None or json.loads(last.summary).get("form") != FORM:
        return False
    trail = since_last_refresh(council_id)
    return trail.is_whole and not trail.entries


def refresh(*, council_id: UUID, actor: Viewer | None = None, prepared: Prepared | None = None) -> RefreshSummary:
    """Publish anew every cell of which 10 or more people have something new; a second run changes nothing.

    `prepared`: what `prepare` found a moment ago. It is thrown away where somebody has opted out or in since, or
    another machine has published from newer records.
    """
    db.session.execute(select(Council.id).where(Council.id == council_id).with_for_update())
    if _nothing_is_new(council_id):
        return _as_before(council_id, actor)
    if prepared is None or _is_outdated(council_id, prepared):
        prepared = prepare(council_id=council_id)
    if prepared is None:
        return _as_before(council_id, actor)
    published, at = Published(council_id), clock.now()
    before = published.cells
    decided = decide(prepared.cells, before)
    published.replace(decided.cells, decided.anew, at)
    keep_blocks(council_id, prepared.records)
    _keep_persons(council_id, prepared, before, at)
    summary = RefreshSummary(
        council_id,
        at,
        len(prepared.council.people),
        prepared.council.check_ins,
        prepared.council.sessions,
        {table: _outcome(table, decided.cells, decided.anew) for table in (*TABLES, PAIRED)},
        prepared.records.opened,
    )
    _remember(summary, actor, prepared.records.read_to)
    return summary


def _is_outdated(council_id: UUID, prepared: Prepared) -> bool:
    last = last_refresh(council_id)
    if last is not None and last.read_to > prepared.records.read_to:
        return True
    people = set(prepared.council.people)
    return people != people_in_figures(council_id) or prepared.left_out != carers_left_out(council_id)


def _as_before(council_id: UUID, actor: Viewer | None) -> RefreshSummary:
    """Say that everything recorded by now has been read, and that nothing changed."""
    last = last_refresh(council_id)
    if last is None:
        raise LookupError("There was no refresh before.")
    said = json.loads(last.summary)
    tables = {table: TableOutcome(0, anew + kept, held) for table, (anew, kept, held) in said["tables"].items()}
    summary = RefreshSummary(council_id, clock.now(), said["people"], said["check_ins"], said["sessions"], tables)
    _remember(summary, actor, last.read_to)
    return summary


def _keep_persons(council_id: UUID, prepared: Prepared, before: Mapping[CellKey, Cell], at: datetime) -> None:
    def is_new(key: CellKey) -> bool:
        return has_news(before.get(key), prepared.cells[key].contributions)

    offers = (offer.offer_id for offer in prepared.council.offers)
    keep_person_state(
        council_id=council_id,
        fresh=prepared.persons,
        offers_anew={offer_id for offer_id in offers if is_new(CellKey(EVERYONE, offer_id))},
        shared_anew=is_new(CellKey(TOTALS, None)),
        at=at,
    )


def _outcome(table: str, cells: Mapping[CellKey, Cell], anew: frozenset[CellKey]) -> TableOutcome:
    held = Counter[str]()
    for key, cell in cells.items():
        if (PAIRED if key.table in PAIRS else key.table) == table:
            held["anew" if key in anew else "kept"] += 1
            held["withheld"] += cell.figures.is_withheld
    return TableOutcome(held["anew"], held["kept"], held["withheld"])


def _remember(summary: RefreshSummary, actor: Viewer | None, read_to: int) -> None:
    said = {
        "form": FORM,
        "people": summary.people,
        "check_ins": summary.check_ins,
        "sessions": summary.sessions,
        "tables": {name: [one.anew, one.kept, one.withheld] for name, one in summary.tables.items()},
    }
    row = Refresh(council_id=summary.council_id, at=summary.at, read_to=read_to, summary=json.dumps(said))
    db.session.add(row)
    db.session.flush()
    audit.record(
        council_id=summary.council_id,
        actor_id=actor.account_id if actor else None,
        action="group_figures:refreshed",
        about=row,
    )
