"""What council staff see of the young people they keep records of: who they are and who is around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app import clock
from app.accounts.models import Account
from app.accounts.values import Role
from app.web.dates import whole_date
from app.young_people.models import Relationship, YoungPerson
from app.young_people.values import Tie

TIES_OF_ROLE = {Role.MENTOR: (Tie.MENTOR, Tie.TEAM), Role.PARENT_CARER: (Tie.PARENT_CARER,)}
TIE_WORDS = {Tie.MENTOR: "Mentor", Tie.PARENT_CARER: "Parent carer", Tie.TEAM: "On the team"}


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One young person in the list."""

    id: UUID
    name: str
    reference: str
    locality: str
    mentors: str


@dataclass(frozen=True, slots=True)
class TieLine:
    """One adult around a young person."""

    id: UUID
    name: str
    words: str
    since: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What the council knows of one young person: (label, words) in groups, never a word or score of their own."""

    id: UUID
    name: str
    called: str
    reference: str
    identity: list[tuple[str, str]]
    needs: list[tuple[str, str]]


def full_name(person: YoungPerson) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def matching(people: Iterable[YoungPerson], wanted: str) -> list[YoungPerson]:
    """Return the young people whose names or reference have every word of `wanted` in them, by name."""
    words = wanted.casefold().split()
    found = []
    for person in people:
        text = f"{full_name(person)} {person.preferred_name} {person.reference}".casefold()
        if all(word in text for word in words):
            found.append(((person.last_name.casefold(), person.first_name.casefold(), person.reference), person))
    return [person for _, person in sorted(found, key=lambda pair: pair[0])]


def directory_rows(
    people: Iterable[YoungPerson], ties: Iterable[Relationship], names: Mapping[UUID, str]
) -> list[DirectoryRow]:
    mentors: dict[UUID, list[str]] = {}
    for tie in ties:
        if tie.tie is Tie.MENTOR and tie.account_id in names:
            mentors.setdefault(tie.young_person_id, []).append(names[tie.account_id])
    return [
        DirectoryRow(
            id=person.id,
            name=full_name(person),
            reference=person.reference,
            locality=person.locality,
            mentors=", ".join(mentors.get(person.id, [])),
        )
        for person in people
    ]


def age_words(born: date) -> str:
    """Return a date of birth with the age in years."""
    today = clock.today()
    return f"{whole_date(born)} ({today.year - born.year - ((today.month, today.day) < (born.month, born.day))})"


def record_page(person: YoungPerson) -> RecordPage:
    born = person.date_of_birth
    identity = [
        ("Likes to be called", person.preferred_name),
        ("Pronouns", person.pronouns),
        ("Born", age_words(born) if born else ""),
        ("Sex", person.sex),
        ("Ethnicity", person.ethnicity),
        ("Locality", person.locality),
        ("Came to us through", person.entry_route),
        ("Contact", person.contact),
    ]
    needs = [
        ("SEN primary need", person.primary_need),
        ("Presenting needs", ", ".join(person.presenting_needs)),
        ("Diagnoses", ", ".join(person.diagnoses)),
    ]
    return RecordPage(person.id, full_name(person), person.known_as, person.reference, identity, needs)


def tie_lines(ties: Iterable[Relationship], names: Mapping[UUID, str]) -> list[TieLine]:
    return [
        TieLine(
            id=tie.id,
            name=names[tie.account_id],
            words=TIE_WORDS[tie.tie],
            since=whole_date(clock.in_britain(tie.started_at).date()),
        )
        for tie in ties
        if tie.account_id in names
    ]


def adult_choices(accounts: Iterable[Account], ties: Iterable[Relationship]) -> list[tuple[str, str]]:
    """Return (id and tie, name and tie) for each way in which somebody who can sign in may be tied anew, by name."""
    tied = {(one.account_id, one.tie) for one in ties}
    choices = [
        (f"{account.id}:{tie.value}", f"{account.name} ({TIE_WORDS[tie].lower()})")
        for account in accounts
        if account.is_active
        for tie in TIES_OF_ROLE.get(account.role, ())
        if (account.id, tie) not in tied
    ]
    return sorted(choices, key=lambda choice: choice[1].casefold())


def chosen_tie(account: Account, wanted: str) -> Tie | None:
    """Return the tie chosen for an account, the usual one where none was, or None where it may have no such tie."""
    ties = TIES_OF_ROLE.get(account.role, ()) if account.is_active else ()
    return next((tie for tie in ties if wanted in ("", tie.value)), None)


def typed_details(person: YoungPerson) -> dict[str, str]:
    """Return a record as somebody would type it into its form."""
    texts = ("reference", "first_name", "last_name", "preferred_name", "pronouns", "sex", "ethnicity", "primary_need")
    more = ("locality", "entry_route", "contact")
    typed: dict[str, str] = {name: getattr(person, name) for name in (*texts, *more)}
    return typed | {
        "date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else "",
        "presenting_needs": "; ".join(person.presenting_needs),
        "diagnoses": "; ".join(person.diagnoses),
    }
