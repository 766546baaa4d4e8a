"""Reading what group figures need of a council's young people, opening only what is new since the last refresh.

What was opened once is kept in each young person's `ScoreBlock`, under their own key: erasing them makes it unreadable
in every backup too. What is new is learnt from the audit trail, which is written in the transaction of every change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, select

from app.audit.queries import trail_since
from app.audit.values import TrailSince
from app.checkins.models import CheckIn, CheckInRevision
from app.checkins.queries import raw_check_ins, scores_in
from app.checkins.values import RawCheckIn
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.impact.models import Refresh, ScoreBlock
from app.impact.score_blocks import EMPTY, VERSION, Block
from app.impact.tables import COLUMNS
from app.young_people.models import YoungPerson

OF_NO_MATTER = (
    "group_figures:refreshed",
    "session:started",
    "sign_in:failed",
    "sign_on:refused",
    "account:opened",
    "device:enrolled",
    "device:revoked",
    "retention:applied",
)
OF_CHECK_INS, IMPORTED = (CheckIn.__tablename__, CheckInRevision.__tablename__), "check_ins:imported"
PEOPLE_AT_ONCE = 250


@dataclass(frozen=True)
class Opened:
    """How many sealed things one reading opened: check-ins, records of young people, and blocks."""

    check_ins: int = 0
    records: int = 0
    blocks: int = 0


NOTHING_OPENED = Opened()


@dataclass(frozen=True)
class CouncilRecords:
    """Every young person in group figures with their block; `changed` names the blocks to store.

    `read_to` is the entry of the audit trail up to which this is whole; `only_check_ins` says that nothing else was
    changed since the last refresh.
    """

    blocks: Mapping[UUID, Block]
    changed: frozenset[UUID]
    read_to: int
    opened: Opened
    only_check_ins: bool = False


def people_in_figures(council_id: UUID) -> set[UUID]:
    """Return who is in a council's group figures now."""
    query = select(YoungPerson.id).where(YoungPerson.council_id == council_id, YoungPerson.in_group_figures.is_(True))
    return set(db.session.execute(query).scalars())


def last_refresh(council_id: UUID) -> Refresh | None:
    query = select(Refresh).where(Refresh.council_id == council_id).order_by(Refresh.at.desc(), Refresh.id).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def since_last_refresh(council_id: UUID) -> TrailSince:
    """Return what has been changed since the last refresh read a council's records."""
    last = last_refresh(council_id)
    return trail_since(council_id, last.read_to if last else 0, leaving_out=OF_NO_MATTER)


def read_records(council_id: UUID, *, in_full: bool = False) -> CouncilRecords:
    """Read everybody in group figures; `in_full` opens every check-in anew. Writes nothing."""
    trail, people = since_last_refresh(council_id), people_in_figures(council_id)
    kept = _kept_blocks(council_id) if trail.is_whole and not in_full else {}
    blocks = {person: block for person, block in kept.items() if person in people}
    held = len(blocks)
    check_ins = _CheckIns(blocks)
    for someone in _in_parts(sorted(people - blocks.keys(), key=str)):
        check_ins.take(raw_check_ins(people=someone))
    check_ins.take(_named_in(trail, blocks) if blocks else ())
    records = (_people_changed(trail) & people) | (people - kept.keys())
    for person, labels in _labels_of(sorted(records, key=str)):
        check_ins.blocks[person] = replace(check_ins.blocks.get(person, EMPTY), labels=labels)
    changed = frozenset(
        person for person, block in check_ins.blocks.items() if person in people and block is not kept.get(person)
    )
    opened = Opened(check_ins.opened, len(records), held)
    alone = bool(kept) and all(entry.record_kind in OF_CHECK_INS or entry.action == IMPORTED for entry in trail.entries)
    return CouncilRecords({p: check_ins.blocks[p] for p in people}, changed, trail.end, opened, alone)


class _CheckIns:
    """Blocks, and how many check-ins were opened to bring them up to date."""

    def __init__(self, blocks: dict[UUID, Block]) -> None:
        self.blocks = blocks
        self.opened = 0

    def take(self, found: Iterable[RawCheckIn]) -> None:
        """Put check-ins into their people's blocks, opening those that are not there as they are stored."""
        by_person: dict[UUID, list[RawCheckIn]] = {}
        for raw in found:
            block = self.blocks.get(raw.young_person_id, EMPTY)
            if not block.knows(raw):
                by_person.setdefault(raw.young_person_id, []).append(raw)
        wanted = [raw for mine in by_person.values() for raw in mine if raw.counts]
        scores = {raw.id: score for raw, score in zip(wanted, scores_in(wanted), strict=True) if score is not None}
        self.opened += len(wanted)
        for person, mine in by_person.items():
            self.blocks[person] = self.blocks.get(person, EMPTY).changed(mine, scores)


def _named_in(trail: TrailSince, people: Collection[UUID]) -> Iterator[RawCheckIn]:
    """Yield the check-ins that a trail names: by their own id, by what was kept of them, or by whose they are."""
    check_ins, revisions, whole = set[UUID](), set[UUID](), set[UUID]()
    for entry in trail.entries:
        if entry.record_kind == CheckIn.__tablename__ and entry.record_id is not None:
            check_ins.add(entry.record_id)
        elif entry.record_kind == CheckInRevision.__tablename__ and entry.record_id is not None:
            revisions.add(entry.record_id)
        elif entry.action.startswith("check_in") and entry.young_person_id is not None:
            whole.add(entry.young_person_id)
    found = raw_check_ins(people=whole & set(people), check_ins=check_ins, revisions=revisions)
    return (raw for raw in found if raw.young_person_id in people)


def _people_changed(trail: TrailSince) -> set[UUID]:
    """Return whose records a trail says were changed."""
    kind = YoungPerson.__tablename__
    return {entry.young_person_id for entry in trail.entries if entry.record_kind == kind and entry.young_person_id}


def _in_parts(people: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        current_keyring().load(OwnerKind.YOUNG_PERSON, part := people[start : start + PEOPLE_AT_ONCE])
        yield part


def _kept_blocks(council_id: UUID) -> dict[UUID, Block]:
    """Open the blocks of everybody in group figures; one that does not open is made anew."""
    query = select(ScoreBlock.young_person_id, row_ids(ScoreBlock), sealed_column(ScoreBlock, "contents"))
    query = query.join(YoungPerson, YoungPerson.id == ScoreBlock.young_person_id).where(
        ScoreBlock.council_id == council_id, ScoreBlock.version == VERSION, YoungPerson.in_group_figures.is_(True)
    )
    rows = db.session.execute(query).all()
    current_keyring().load(OwnerKind.YOUNG_PERSON, [row[0] for row in rows])
    contents = open_many(ScoreBlock, "contents", OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=1, owners=0, values=2))
    return {row[0]: Block.from_bytes(plain) for row, plain in zip(rows, contents, strict=True) if plain}


def _labels_of(people: list[UUID]) -> Iterator[tuple[UUID, dict[str, str]]]:
    """Yield what each record says to compare by, as text; lists one entry a line."""
    for part in _in_parts(people):
        columns = (sealed_column(YoungPerson, name) for name in COLUMNS.values())
        rows = [
            tuple(row) for row in db.session.execute(select(YoungPerson.id, *columns).where(YoungPerson.id.in_(part)))
        ]
        opened = [
            open_many(YoungPerson, name, OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=0, owners=0, values=at))
            for at, name in enumerate(COLUMNS.values(), start=1)
        ]
        for row, *values in zip(rows, *opened, strict=True):
            yield row[0], {table: _as_text(value) for table, value in zip(COLUMNS, values, strict=True)}


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def forget_blocks_of_those_out(council_id: UUID) -> None:
    """Delete the blocks of whoever is not in group figures any more. Part of a refresh."""
    out = select(YoungPerson.id).where(YoungPerson.council_id == council_id, YoungPerson.in_group_figures.is_(False))
    db.session.execute(delete(ScoreBlock).where(ScoreBlock.young_person_id.in_(out)))


def keep_blocks(council_id: UUID, records: CouncilRecords) -> None:
    """Store what was opened. Part of a refresh."""
    for part in _in_parts(sorted(records.changed, key=str)):
        rows = db.session.execute(select(ScoreBlock).where(ScoreBlock.young_person_id.in_(part))).scalars()
        stored = {row.young_person_id: row for row in rows}
        missing = [person for person in part if person not in stored]
        new = [ScoreBlock(council_id=council_id, young_person_id=person) for person in missing]
        db.session.add_all(new)
        for row in (*stored.values(), *new):
            row.version, row.contents = VERSION, records.blocks[row.young_person_id].as_bytes()
        db.session.flush()
        for row in (*stored.values(), *new):
            db.session.expunge(row)
