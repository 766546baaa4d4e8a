"""Gathering all that Tidemark holds of one person, for handing it to them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from app import clock
from app.accounts.models import Account, Council
from app.accounts.queries import own_account
from app.accounts.values import ROLE_WORDS, Role, Viewer
from app.audit.models import AuditEntry
from app.breaks.models import Offer, Session
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import Base, Row, db
from app.media.queries import all_media_of
from app.media.values import WholeMedia
from app.records.copied import COPIED, WHOLE_TABLES_LEFT_OUT, Copied, How
from app.records.copy_values import Cell, CopiedTable, PersonalCopy
from app.records.reach import Reached, in_chunks, rows_about
from app.records.third_parties import without_others
from app.web.dates import time_in_words, whole_date
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.queries import own_record

FORMS: tuple[tuple[type, Callable[[Any], Cell]], ...] = (
    (datetime, lambda moment: moment.astimezone(UTC).isoformat(timespec="seconds")),
    (date, lambda day: day.isoformat()),
    (Enum, lambda code: str(code.value)),
    (UUID, str),
    (dict, lambda said: {str(key): str(one) for key, one in said.items()}),
    (list, lambda said: [str(one) for one in said]),
)
Speaker = Callable[[UUID | None], str]
OWNED_BY = ("account_id", "author_id")
"""Columns by which a row is its writer's own, where they are a parent carer."""


def own_copy(viewer: Viewer) -> PersonalCopy:
    """Return all that is held of the young person or parent carer who is signed in; raises NotFoundError."""
    if viewer.young_person_id is not None:
        return copy_of(own_record(viewer))
    if viewer.role is not Role.PARENT_CARER:
        raise NotFoundError
    account = own_account(viewer)
    return _gather(_rows_by(account), [account.id], account.name, account.council_id, names=None)


def copy_of(person: YoungPerson, *, with_adults_words: bool = False) -> PersonalCopy:
    """Return all that is held of a young person.

    `with_adults_words`: also what adults wrote for each other, with other people's names taken out, for somebody to
    read through before it is handed on.
    """
    reached = rows_about(person)
    about = select(AuditEntry.id).where(
        AuditEntry.council_id == person.council_id, AuditEntry.young_person_id == person.id
    )
    reached[AuditEntry.__table__] = set(db.session.execute(about).scalars())  # type: ignore[index]
    names = _names_of_others(person) if with_adults_words else None
    whose = f"{person.first_name} {person.last_name}".strip()
    return _gather(reached, [person.account_id, person.id], whose, person.council_id, names=names)


def _rows_by(account: Account) -> Reached:
    """Return every row that is a parent carer's own: of their account, or written by them."""
    reached: Reached = {Account.__table__: {account.id}}  # type: ignore[dict-item]  # a table, as every model's
    for table in Base.metadata.sorted_tables:
        for name in OWNED_BY:
            if name in table.c and table.c[name].foreign_keys:
                query = select(table.c.id).where(table.c[name] == account.id)
                reached.setdefault(table, set()).update(db.session.execute(query).scalars())
    return reached


def _names_of_others(person: YoungPerson) -> set[str]:
    """Return what other young people and their parent carers are called, whole and by each word of it.

    Who works with young people is named for what they do, and stays.
    """
    people = db.session.execute(select(YoungPerson).where(YoungPerson.council_id == person.council_id)).scalars().all()
    current_keyring().load(OwnerKind.YOUNG_PERSON, [one.id for one in people])
    carers = select(Account).where(Account.council_id == person.council_id, Account.role == Role.PARENT_CARER)
    found = db.session.execute(carers).scalars().all()
    current_keyring().load(OwnerKind.ACCOUNT, [one.id for one in found])
    whole = {f"{one.first_name} {one.last_name}".strip() for one in people} | {one.name for one in found}
    parts = {part for one in people for part in (one.first_name, one.last_name, one.preferred_name)}
    parts |= {part for one in found for part in one.name.split()}
    own = {person.first_name, person.last_name, person.preferred_name}
    return (whole | parts) - own - {f"{person.first_name} {person.last_name}".strip(), ""}


def _gather(
    reached: Reached, own_ids: Collection[UUID | None], whose: str, council_id: UUID, *, names: set[str] | None
) -> PersonalCopy:
    who = _speaker(council_id, own_ids)
    tables = [
        CopiedTable(name, copied.title, _rows(Base.metadata.tables[name], copied, reached, who, names))
        for name, copied in COPIED.items()
        if reached.get(Base.metadata.tables[name])
    ]
    return PersonalCopy(
        whose=whose,
        council=db.session.get_one(Council, council_id).name,
        made_at=clock.now(),
        tables=[table for table in tables if table.rows],
        left_out=_left_out([table.name for table in tables if table.rows], reached, is_read=names is not None),
        media=partial(_media, own_ids),
    )


def _left_out(shown: Collection[str], reached: Reached, *, is_read: bool) -> list[tuple[str, str]]:
    """Return (what, why) of all that was found and is not in the copy."""
    found = []
    for name in shown:
        copied = COPIED[name]
        reasons = copied.left_out if is_read else {**copied.left_out, **copied.adults_words}
        found += [(f"{copied.title}: {column.replace('_', ' ')}", why) for column, why in reasons.items()]
    tables = {table.name for table, ids in reached.items() if ids}
    found += [(name.replace("_", " "), why) for name, why in WHOLE_TABLES_LEFT_OUT.items() if name in tables]
    return found


def _speaker(council_id: UUID, own_ids: Collection[UUID | None]) -> Speaker:
    """Return a function that says who an account is: `you`, an adult by name and role, or `somebody`."""
    known: dict[UUID | None, str] = dict.fromkeys(own_ids, "you") | {None: ""}

    def who(account_id: UUID | None) -> str:
        if account_id not in known:
            account = db.session.get(Account, account_id)
            is_adult = account is not None and account.owner_kind is OwnerKind.ACCOUNT
            if account is None or not is_adult or account.council_id != council_id:
                known[account_id] = "somebody"
            else:
                known[account_id] = f"{account.name} ({ROLE_WORDS[account.role].lower()})"
        return known[account_id]

    return who


def _class_of(table: Table) -> type[Row]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def _rows(
    table: Table, copied: Copied, reached: Reached, who: Speaker, names: set[str] | None
) -> list[dict[str, Cell]]:
    kind, columns = _class_of(table), copied.columns
    found = [
        row
        for chunk in in_chunks(reached[table])
        for row in db.session.execute(select(kind).where(kind.id.in_(chunk))).scalars()
    ]
    shown = [{name: _cell(row, name, how, who, names) for name, how in columns.items()} for row in found]
    order = next((name for name in ("sequence", "at", *columns) if name in columns and name != "id"), "id")
    return sorted(
        ({name: value for name, value in row.items() if value is not None} for row in shown),
        key=lambda row: (_sortable(row.get(order)), str(row["id"])),
    )


def _sortable(value: Cell) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, (int, float)) else (0.0, str(value))


def _cell(row: Row, name: str, how: How, who: Speaker, names: Iterable[str] | None) -> Cell:
    value = getattr(row, name)
    if how is How.WHO:
        return who(value)
    if how is How.OFFER:
        return db.session.get_one(Offer, value).name
    if how is How.SESSION:
        session = db.session.get_one(Session, value)
        at = clock.in_britain(session.starts_at)
        offer = db.session.get_one(Offer, session.offer_id)
        return f"{offer.name}, {whole_date(at.date())} at {time_in_words(session.starts_at)}"
    if how is How.ADULTS_WORDS:
        return None if names is None else without_others(value, names)
    return plain(value)


def plain(value: Any) -> Cell:  # noqa: ANN401 (any column's value)
    """Return a value as JSON has it: moments in UTC, ids and codes as text; raises TypeError for any other kind."""
    for kind, as_text in FORMS:
        if isinstance(value, kind):
            return as_text(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(type(value).__name__)


def _media(own_ids: Collection[UUID | None]) -> Iterator[WholeMedia]:
    for one in own_ids:
        if one is not None:
            yield from all_media_of(one)
