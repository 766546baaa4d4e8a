"""Who came to what from a spreadsheet: offers and sessions that are not there yet are made."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.breaks.models import Offer
from app.breaks.queries import attendances_at, offers_by_name, provider_named, session_ids
from app.breaks.services import (
    change_cost,
    create_offer,
    create_provider,
    create_session,
    place_young_person,
    record_attendance_in_bulk,
)
from app.breaks.values import LONGEST_NAME, AttendanceRow, AttendanceStatus, OfferDetails
from app.imports.cells import Cells, quoted
from app.imports.references import References
from app.imports.run import Bar, Counts, Plan

STATUSES = {
    "came": AttendanceStatus.CAME,
    "yes": AttendanceStatus.CAME,
    "part": AttendanceStatus.PART,
    "did not come": AttendanceStatus.DID_NOT_COME,
    "did_not_come": AttendanceStatus.DID_NOT_COME,
    "no": AttendanceStatus.DID_NOT_COME,
}
UNKNOWN_PROVIDER = "Provider not known"
USUAL_LENGTH = timedelta(hours=1)
Key = tuple[UUID, str, datetime]


class Said(NamedTuple):
    """Something that the file says of an offer or a place, and on which line."""

    value: str | int | date
    line: int


@dataclass(slots=True)
class OfferRow:
    """What the file says of one offer."""

    name: str
    provider: str = ""
    cost: int | None = None


class AttendanceImport(Plan):
    """Reads attendance, and writes offers, sessions, places and registers."""

    required = ("person", "intervention", "at")
    optional = ("provider", "cost_per_place", "status", "referred_on")

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        self.references = References(council_id)
        self.existing = {name.casefold(): found for name, found in offers_by_name(council_id).items()}
        self.offers: dict[str, OfferRow] = {}
        self.attended: dict[Key, AttendanceStatus] = {}
        self.referred: dict[tuple[UUID, str], date] = {}
        self.said: dict[tuple[object, ...], Said] = {}
        self.repeated = 0

    def read(self, cells: Cells) -> None:
        person_id, at = self.references.person(cells, "person"), cells.moment("at")
        name = cells.text("intervention", most=LONGEST_NAME, required=True)
        status = AttendanceStatus(cells.one_of("status", STATUSES, otherwise=AttendanceStatus.CAME))
        cost, referred_on = cells.pence("cost_per_place"), cells.day("referred_on")
        provider = self._provider(cells, name)
        offer = name.casefold()
        if person_id is None or at is None or cells.problems:
            return
        self._agree(cells, "provider", (offer,), provider)
        self._agree(cells, "cost_per_place", (offer,), cost)
        self._agree(cells, "referred_on", (offer, person_id), referred_on)
        self._agree(cells, "status", (offer, person_id, at), status)
        if cells.problems:
            return
        known = self.offers.setdefault(offer, OfferRow(name))
        known.provider = known.provider or provider
        known.cost = known.cost if cost is None else cost
        if referred_on is not None:
            self.referred[person_id, offer] = referred_on
        self.repeated += (person_id, offer, at) in self.attended
        self.attended[person_id, offer, at] = status

    def _provider(self, cells: Cells, offer: str) -> str:
        provider = cells.text("provider", most=LONGEST_NAME)
        existing = self.existing.get(offer.casefold())
        if provider and existing and existing.provider_name.casefold() != provider.casefold():
            cells.refuse("provider", f"{quoted(offer)} is run by {quoted(existing.provider_name)} already")
        return provider

    def _agree(self, cells: Cells, column: str, about: tuple[object, ...], value: str | int | date | None) -> None:
        """Refuse a row that contradicts an earlier one."""
        if value in (None, ""):
            return
        earlier = self.said.setdefault((column, *about), Said(value, cells.line))
        if earlier.value != value:
            cells.refuse(column, f"{quoted(cells.values.get(column, ''))} does not agree with line {earlier.line}")

    def write(self, bar: Bar) -> str:
        offers = {key: self._offer(row) for key, row in self.offers.items()}
        for (person_id, key), referred_on in self.referred.items():
            place_young_person(offer=offers[key], young_person_id=person_id, referred_on=referred_on, actor=None)
        sessions = self._sessions(offers, bar)
        rows = [
            AttendanceRow(sessions[offers[key].id, at], person_id, status)
            for (person_id, key, at), status in self.attended.items()
        ]
        known = attendances_at({row.session_id for row in rows})
        changed = sum(
            (row.session_id, row.young_person_id) in known
            and known[row.session_id, row.young_person_id].status is not row.status
            for row in rows
        )
        written = record_attendance_in_bulk(council_id=self.council_id, actor=None, rows=rows)
        counts = Counts(added=written - changed, changed=changed, same=len(rows) - written + self.repeated)
        return counts.words("attendance", "attendances")

    def _offer(self, row: OfferRow) -> Offer:
        existing = self.existing.get(row.name.casefold())
        if existing is not None:
            if row.cost is not None:
                change_cost(offer=existing.offer, cost_per_place=row.cost, actor=None)
            return existing.offer
        name = row.provider or UNKNOWN_PROVIDER
        provider = provider_named(self.council_id, name) or create_provider(
            council_id=self.council_id, name=name, actor=None
        )
        details = OfferDetails(row.name, cost_per_place=row.cost)
        return create_offer(council_id=self.council_id, provider_id=provider.id, details=details, actor=None)

    def _sessions(self, offers: dict[str, Offer], bar: Bar) -> dict[tuple[UUID, datetime], UUID]:
        """Return the sessions of the file by offer and start, those that were not there made."""
        wanted: dict[str, set[datetime]] = defaultdict(set)
        for _, key, at in self.attended:
            wanted[key].add(at)
        found: dict[tuple[UUID, datetime], UUID] = {}
        for key, starts in bar(list(wanted.items())):
            offer = offers[key]
            known = session_ids(offer)
            for at in sorted(starts):
                session_id = (
                    known.get(at) or create_session(offer=offer, starts_at=at, ends_at=at + USUAL_LENGTH, actor=None).id
                )
                found[offer.id, at] = session_id
        return found
