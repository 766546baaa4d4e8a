"""What is kept of each refresh, and whether the next one has anything to do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.impact.council_records import NOTHING_OPENED, Opened, last_refresh, since_last_refresh
from app.impact.held import Kept
from app.impact.models import Refresh
from app.impact.waiting import Waiting, waiting

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

    `opened` counts what it had to decrypt for it. Where the figures are `waiting` nothing was read: the rest tells of
    the refresh before, and `at` of when that was.
    """

    council_id: UUID
    at: datetime
    people: int
    check_ins: int
    sessions: int
    tables: Mapping[str, TableOutcome]
    opened: Opened = NOTHING_OPENED
    waiting: Waiting | None = None

    @property
    def anew(self) -> int:
        return sum(outcome.anew for outcome in self.tables.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Figures that stay as the refresh `last` made them: they wait, or nothing is new."""

    last: Refresh
    waiting: Waiting | None


def standing_figures(council_id: UUID, *, at_once: bool) -> Standing | None:
    """Return the figures that stay as they are, unless `at_once` where they only wait; None: there is work to do."""
    last = last_refresh(council_id)
    if last is None or json.loads(last.summary).get("form") != FORM:
        return None
    trail = since_last_refresh(council_id)
    if trail.is_whole and not trail.entries:
        return Standing(last, None)
    waits = None if at_once else waiting(council_id, last, trail)
    return Standing(last, waits) if waits else None


def stay_as_before(council_id: UUID, actor: Viewer | None, standing: Standing) -> RefreshSummary:
    """Say that nothing changed; where nothing is new, also that everything recorded by now has been read."""
    last, waits = standing.last, standing.waiting
    said = json.loads(last.summary)
    tables = {table: TableOutcome(0, anew + kept, held) for table, (anew, kept, held) in said["tables"].items()}
    counts = said["people"], said["check_ins"], said["sessions"]
    summary = RefreshSummary(council_id, last.at if waits else clock.now(), *counts, tables, waiting=waits)
    if waits is None:
        remember(summary, actor, last.read_to, said.get("kept", {}))
    return summary


def remember(summary: RefreshSummary, actor: Viewer | None, read_to: int, kept: Mapping[str, Any]) -> None:
    """Write a refresh down, with what the next one goes by, and in the trail."""
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


def kept_of(last: Refresh) -> dict[str, Kept]:
    """Return what a refresh kept of each outcome; nothing where it was of another form."""
    said = json.loads(last.summary)
    kept = said.get("kept", {}) if said["form"] == FORM else {}
    return {outcome: Kept.of(values) for outcome, values in kept.items()}
