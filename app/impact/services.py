"""Refreshing the published figures of a council."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.models import Council
from app.accounts.values import Viewer
from app.audit.queries import trail_since
from app.checkins.carer_queries import carers_left_out
from app.database import db
from app.impact.cells import Cell, CellKey, has_news
from app.impact.council_panel import CouncilPanel, read_council, with_prompts
from app.impact.council_records import (
    OF_NO_MATTER,
    CouncilRecords,
    forget_blocks_of_those_out,
    keep_blocks,
    last_refresh,
    people_in_figures,
    read_records,
)
from app.impact.held import Kept
from app.impact.level_cells import level_cells
from app.impact.looking import look
from app.impact.other_outcomes import other_panels
from app.impact.person_services import keep_person_state
from app.impact.person_state import PersonState
from app.impact.publication import Decided, decide
from app.impact.published_rows import Published
from app.impact.refreshes import (
    RefreshSummary,
    TableOutcome,
    kept_of,
    remember,
    standing_figures,
    stay_as_before,
)
from app.impact.tables import EVERYONE, PAIRED, PAIRS, TABLES, USUAL_OUTCOME


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


def prepare(*, council_id: UUID, in_full: bool = False, at_once: bool = False) -> Prepared | None:
    """Read what is new and estimate; writes nothing, so that nobody's check-in waits for it.

    None: nothing is new, or the figures wait (`waiting.py`), unless `at_once`. `in_full` reads everything anew and
    goes by nothing that was kept.
    """
    if not in_full and standing_figures(council_id, at_once=at_once) is not None:
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
    kept = {} if last is None or in_full else kept_of(last)
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


def refresh(
    *, council_id: UUID, actor: Viewer | None = None, prepared: Prepared | None = None, at_once: bool = False
) -> RefreshSummary:
    """Publish anew every cell of which enough people have something new; a second run changes nothing.

    `prepared`: what `prepare` found a moment ago. It is thrown away where somebody has opted out or in since, or
    another machine has published from newer records. `at_once`: the figures do not wait.
    """
    db.session.execute(select(Council.id).where(Council.id == council_id).with_for_update())
    forget_blocks_of_those_out(council_id)
    standing = standing_figures(council_id, at_once=at_once or prepared is not None)
    if standing is not None:
        return stay_as_before(council_id, actor, standing)
    if prepared is None or _is_outdated(council_id, prepared):
        prepared = prepare(council_id=council_id, at_once=True)
    if prepared is None:
        raise LookupError("What was new a moment ago is not.")
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
    remember(summary, actor, prepared.records.read_to, {code: one.values() for code, one in prepared.kept.items()})
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
