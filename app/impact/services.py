"""Refreshing the published figures of a council."""

import gc
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.models import Council
from app.accounts.values import Viewer
from app.audit import services as audit
from app.audit.queries import trail_since
from app.checkins.carer_queries import carers_left_out
from app.database import db
from app.impact.cells import Cell, CellKey, has_news
from app.impact.council_panel import CouncilPanel, read_council, with_prompts
from app.impact.council_records import (
    NOTHING_OPENED,
    OF_NO_MATTER,
    CouncilRecords,
    Opened,
    keep_blocks,
    last_refresh,
    people_in_figures,
    read_records,
    since_last_refresh,
)
from app.impact.held import Kept
from app.impact.level_cells import level_cells
from app.impact.looking import look
from app.impact.models import Refresh
from app.impact.other_outcomes import other_panels
from app.impact.person_services import keep_person_state
from app.impact.person_state import PersonState
from app.impact.publication import Decided, decide
from app.impact.published_rows import Published
from app.impact.tables import EVERYONE, PAIRED, PAIRS, TABLES, USUAL_OUTCOME

FORM = 5
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
    """What was read and estimated before the write lock is taken; `left_out` are parent carers who had opted out.

    `published` is what stood published after the refresh `last`; `kept` what the next one may go by, by outcome.
    """

    last: UUID | None
    published: Published
    records: CouncilRecords
    council: CouncilPanel
    cells: Mapping[CellKey, Cell]
    persons: PersonState | None
    shared_anew: bool
    kept: Mapping[str, Kept]
    left_out: set[UUID]


def prepare(*, council_id: UUID, in_full: bool = False) -> Prepared | None:
    """Read what is new and estimate; writes nothing, so that nobody's check-in waits for it. None: nothing is new.

    `in_full` reads everything anew and goes by nothing that was kept.
    """
    if not in_full and _nothing_is_new(council_id):
        return None
    with _uncollected():
        return _prepared(council_id, in_full=in_full)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of cycles rest: what is read lives to the end, and looking through it again costs a sixth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _prepared(council_id: UUID, *, in_full: bool) -> Prepared:
    last = last_refresh(council_id)
    published, left_out = Published(council_id), carers_left_out(council_id)
    records = read_records(council_id, in_full=in_full)
    council = read_council(council_id, records)
    kept = {} if last is None or in_full else _kept(last)
    looked = look(council, partial(with_prompts, council_id), published.cells, kept.get(USUAL_OUTCOME, Kept()))
    cells, held = dict(looked.cells), {**kept, USUAL_OUTCOME: looked.kept}
    if records.only_check_ins:
        cells |= {key: cell for key, cell in published.cells.items() if key.outcome != USUAL_OUTCOME}
    else:
        for other in other_panels(council_id, council):
            found = look(other, _as_it_is, published.cells, kept.get(other.outcome, Kept()))
            cells |= found.cells
            held[other.outcome] = found.kept
        cells |= level_cells(council_id, council)
    return Prepared(
        last.id if last else None,
        published,
        records,
        council,
        cells,
        looked.persons,
        looked.shared_anew,
        held,
        left_out,
    )


def _as_it_is(council: CouncilPanel) -> CouncilPanel:
    return council


def _kept(last: Refresh) -> dict[str, Kept]:
    said = json.loads(last.summary)
    return (
        {outcome: Kept.of(values) for outcome, values in said.get("kept", {}).items()} if said["form"] == FORM else {}
    )


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
    published, at = prepared.published, clock.now()
    before = published.cells
    decided = decide_where_new(prepared.cells, before)
    published.replace(decided.cells, decided.anew, at)
    keep_blocks(council_id, prepared.records)
    _keep_persons(council_id, prepared, before, at)
    summary = RefreshSummary(
        council_id,
        at,
        len(prepared.council.people),
        prepared.council.check_ins,
        prepared.council.sessions,
        _outcomes(decided),
        prepared.records.opened,
    )
    _remember(summary, actor, prepared.records.read_to, {code: one.values() for code, one in prepared.kept.items()})
    return summary


def decide_where_new(fresh: Mapping[CellKey, Cell], published: Mapping[CellKey, Cell]) -> Decided:
    """Decide on the offers of which anything is new, in any outcome; the rest stays, for each offer stands alone."""
    new = {key.offer_id for key, cell in fresh.items() if has_news(published.get(key), cell.contributions)}
    new |= {key.offer_id for key in fresh.keys() ^ published.keys()}
    decided = decide(
        {key: cell for key, cell in fresh.items() if key.offer_id in new},
        {key: cell for key, cell in published.items() if key.offer_id in new},
    )
    rest = {key: published[key] for key in fresh if key.offer_id not in new}
    return replace(decided, cells={**rest, **decided.cells})


def _is_outdated(council_id: UUID, prepared: Prepared) -> bool:
    """Say whether what was prepared may not be published any more; somebody who was forgotten may be named no more."""
    last, trail = last_refresh(council_id), trail_since(council_id, prepared.records.read_to, leaving_out=OF_NO_MATTER)
    if (last.id if last else None) != prepared.last or prepared.left_out != carers_left_out(council_id):
        return True
    if not trail.entries and trail.is_whole:
        return False
    forgotten = any(entry.action.startswith("young_person:forgotten") for entry in trail.entries)
    return forgotten or set(prepared.council.people) != people_in_figures(council_id)


def _as_before(council_id: UUID, actor: Viewer | None) -> RefreshSummary:
    """Say that everything recorded by now has been read, and that nothing changed."""
    last = last_refresh(council_id)
    if last is None:
        raise LookupError("There was no refresh before.")
    said = json.loads(last.summary)
    tables = {table: TableOutcome(0, anew + kept, held) for table, (anew, kept, held) in said["tables"].items()}
    summary = RefreshSummary(council_id, clock.now(), said["people"], said["check_ins"], said["sessions"], tables)
    _remember(summary, actor, last.read_to, said.get("kept", {}))
    return summary


def _keep_persons(council_id: UUID, prepared: Prepared, before: Mapping[CellKey, Cell], at: datetime) -> None:
    def is_new(key: CellKey) -> bool:
        return has_news(before.get(key), prepared.cells[key].contributions)

    offers = (offer.offer_id for offer in prepared.council.offers)
    keep_person_state(
        council_id=council_id,
        fresh=prepared.persons,
        offers_anew={offer_id for offer_id in offers if is_new(CellKey(EVERYONE, offer_id))},
        shared_anew=prepared.shared_anew,
        at=at,
    )


def _outcomes(decided: Decided) -> dict[str, TableOutcome]:
    """Count the cells of every table."""
    anew, kept, withheld = Counter[str](), Counter[str](), Counter[str]()
    for key, cell in decided.cells.items():
        table = PAIRED if key.table in PAIRS else key.table
        (anew if key in decided.anew else kept)[table] += 1
        withheld[table] += cell.figures.is_withheld
    return {table: TableOutcome(anew[table], kept[table], withheld[table]) for table in (*TABLES, PAIRED)}


def _remember(summary: RefreshSummary, actor: Viewer | None, read_to: int, kept: Mapping[str, Any]) -> None:
    said = {
        "form": FORM,
        "people": summary.people,
        "check_ins": summary.check_ins,
        "sessions": summary.sessions,
        "kept": kept,
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
