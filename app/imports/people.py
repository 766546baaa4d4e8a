"""Young people from a spreadsheet: known again by their reference, so that a second run changes and never doubles."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from app.accounts.models import Account
from app.accounts.queries import account_with_email
from app.accounts.values import Role
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.imports.cells import Cells, quoted
from app.imports.run import Bar, Counts, Plan
from app.young_people.models import YoungPerson
from app.young_people.queries import by_reference
from app.young_people.services import add_young_person, tie_adult, update_details
from app.young_people.values import PersonDetails, Tie

BORN_AFTER = date(1930, 1, 1)
TIES = {
    "mentor_email": (Tie.MENTOR, Role.MENTOR, "mentor"),
    "parent_email": (Tie.PARENT_CARER, Role.PARENT_CARER, "parent carer"),
}
LONGER = {"contact": 400}
LISTS = ("presenting_needs", "diagnoses")
DETAILS = tuple(field.name for field in fields(PersonDetails))


class PersonRow(NamedTuple):
    """What one row says of somebody, and which adults are to be around them."""

    details: PersonDetails
    ties: tuple[tuple[Tie, UUID], ...]


class PeopleImport(Plan):
    """Reads rows about young people, and adds or updates them."""

    required = ("reference", "first_name", "last_name")
    optional = (*DETAILS[3:], *TIES)

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        self.rows: list[PersonRow] = []
        self.lines: dict[bytes, int] = {}
        self.accounts: dict[tuple[str, Role], UUID | None] = {}

    def read(self, cells: Cells) -> None:
        words = {
            name: cells.text(name, most=LONGER.get(name, 120), required=name in self.required)
            for name in DETAILS
            if name not in (*LISTS, "date_of_birth")
        }
        details = PersonDetails(
            **words,
            date_of_birth=cells.day("date_of_birth", earliest=BORN_AFTER),
            presenting_needs=cells.parts("presenting_needs"),
            diagnoses=cells.parts("diagnoses"),
        )
        ties = tuple((tie, found) for column, (tie, _, _) in TIES.items() if (found := self._adult(cells, column)))
        self._refuse_repeated(cells, details.reference)
        if not cells.problems:
            self.rows.append(PersonRow(details, ties))

    def _adult(self, cells: Cells, column: str) -> UUID | None:
        """Return the account of the mentor or parent carer whom a cell names by e-mail address."""
        email, (_, role, words) = cells.text(column, most=254), TIES[column]
        if not email:
            return None
        key = (email.casefold(), role)
        if key not in self.accounts:
            account = account_with_email(self.council_id, email)
            self.accounts[key] = account.id if account is not None and account.role is role else None
        if self.accounts[key] is None:
            cells.refuse(column, f"{quoted(email)} is not the e-mail address of a {words}’s account")
        return self.accounts[key]

    def _refuse_repeated(self, cells: Cells, reference: str) -> None:
        index = current_keyring().blind_index(self.council_id, YoungPerson.__tablename__, "reference", reference)
        first = self.lines.setdefault(index, cells.line)
        if reference and first != cells.line:
            cells.refuse("reference", f"{quoted(reference)} stands on line {first} too")

    def write(self, bar: Bar) -> str:
        existing = {row.details.reference: by_reference(self.council_id, row.details.reference) for row in self.rows}
        new_ids = {reference: uuid4() for reference, person in existing.items() if person is None}
        current_keyring().create_many((OwnerKind.YOUNG_PERSON, id_) for id_ in new_ids.values())
        current_keyring().load(OwnerKind.YOUNG_PERSON, [*new_ids.values(), *(p.id for p in existing.values() if p)])
        counts = Counts()
        for row in bar(self.rows):
            person = existing[row.details.reference]
            if person is None:
                person = add_young_person(
                    council_id=self.council_id,
                    details=row.details,
                    actor=None,
                    key_exists=new_ids[row.details.reference],
                )
                counts.added += 1
            elif (wanted := self._merged(person, row.details)) != details_of(person):
                update_details(person=person, details=wanted, actor=None)
                counts.changed += 1
            else:
                counts.same += 1
            for tie, account_id in row.ties:
                tie_adult(person=person, account=db.session.get_one(Account, account_id), tie=tie, actor=None)
        return counts.words("young person", "young people")

    def _merged(self, person: YoungPerson, details: PersonDetails) -> PersonDetails:
        """Return the record as it is to be: a column that the file does not have stays as it was."""
        return replace(details_of(person), **{n: getattr(details, n) for n in DETAILS if n in self.present})


def details_of(person: YoungPerson) -> PersonDetails:
    """Return what the council knows of somebody now."""
    values: dict[str, Any] = {name: getattr(person, name) for name in DETAILS}
    return PersonDetails(**values | {name: tuple(values[name]) for name in LISTS})
