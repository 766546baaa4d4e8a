"""What the pages about short breaks may show."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from app import clock
from app.accounts.models import Account
from app.breaks.models import Offer, Placement, Provider, Session
from app.breaks.values import AttendanceStatus
from app.profiles.values import SECTIONS, SeenProfile
from app.web.dates import time_in_words, weekday_date
from app.young_people.directory_presenters import full_name, matching
from app.young_people.models import YoungPerson


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One line of the list of offers."""

    id: UUID
    name: str
    provider: str
    summary: str
    cost: str
    next_session: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One offer."""

    id: UUID
    name: str
    provider: str
    summary: str
    what_it_is_like: str
    place: str
    cost: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in an offer's list; `can_record` once its day has come."""

    id: UUID
    day: str
    hours: str
    place: str
    who_will_be_there: str
    came: str
    can_record: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One young person who has a place."""

    id: UUID
    name: str
    referred: str


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One young person on a register: a name, what was recorded, and whether their profile may be read."""

    young_person_id: UUID
    name: str
    status: str
    shares_profile: bool


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One young person in the results of a search by the council's staff."""

    id: UUID
    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One provider and who signs in for it."""

    id: UUID
    name: str
    members: list[str]
    others: list[tuple[str, str]]


def hours_words(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when, with the last day where it is another one."""
    last = clock.in_britain(ends_at).date()
    is_same_day = clock.in_britain(starts_at).date() == last
    return f"{time_in_words(starts_at)} to {time_in_words(ends_at)}{'' if is_same_day else ' on ' + weekday_date(last)}"


def money_words(pence: int | None) -> str:
    """Return pounds, with pence where there are some; empty where nobody knows."""
    if pence is None:
        return ""
    return f"£{pence / 100:,.2f}".removesuffix(".00")


def offer_typed(offer: Offer) -> dict[str, str | bool]:
    """Return an offer as somebody would type it into its form."""
    return {
        "name": offer.name,
        "summary": offer.summary,
        "what_it_is_like": offer.what_it_is_like,
        "place": offer.place,
        "cost": money_words(offer.cost_per_place).removeprefix("£").replace(",", ""),
        "is_open": offer.is_open,
    }


def offer_rows(found: Iterable[tuple[Offer, Provider]], following: Mapping[UUID, datetime]) -> list[OfferRow]:
    def next_words(offer: Offer) -> str:
        starts_at = following.get(offer.id)
        return f"{weekday_date(clock.in_britain(starts_at).date())}, {time_in_words(starts_at)}" if starts_at else ""

    return [
        OfferRow(
            id=offer.id,
            name=offer.name,
            provider=provider.name,
            summary=offer.summary,
            cost=money_words(offer.cost_per_place),
            next_session=next_words(offer),
            is_open=offer.is_open,
        )
        for offer, provider in found
    ]


def offer_page(offer: Offer, provider: Provider) -> OfferPage:
    return OfferPage(
        id=offer.id,
        name=offer.name,
        provider=provider.name,
        summary=offer.summary,
        what_it_is_like=offer.what_it_is_like,
        place=offer.place,
        cost=money_words(offer.cost_per_place),
        is_open=offer.is_open,
    )


def session_row(session: Session, came: int | None = None) -> SessionRow:
    day = clock.in_britain(session.starts_at).date()
    return SessionRow(
        id=session.id,
        day=weekday_date(day),
        hours=hours_words(session.starts_at, session.ends_at),
        place=session.place,
        who_will_be_there=session.who_will_be_there,
        came="" if came is None else f"{came} came",
        can_record=day <= clock.today(),
    )


def session_rows(sessions: Iterable[Session], came: Mapping[UUID, int]) -> list[SessionRow]:
    return [session_row(session, came.get(session.id)) for session in sessions]


def names_on_a_list(people: Iterable[YoungPerson]) -> dict[UUID, str]:
    """Return what to call each; the family name too where two on the list are called the same."""
    people = list(people)
    called = Counter(person.known_as for person in people)
    return {
        person.id: f"{person.known_as} {person.last_name}" if called[person.known_as] > 1 else person.known_as
        for person in people
    }


def place_rows(placements: Iterable[Placement], names: Mapping[UUID, str], *, with_dates: bool) -> list[PlaceRow]:
    """Return who has a place, by name; when they were referred only where the viewer keeps the council's records."""
    rows = [
        PlaceRow(
            id=placement.id,
            name=names[placement.young_person_id],
            referred=weekday_date(placement.referred_on) if with_dates and placement.referred_on else "",
        )
        for placement in placements
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def register_lines(
    register: Mapping[UUID, AttendanceStatus | None], people: Iterable[YoungPerson], *, with_profiles: bool
) -> list[RegisterLine]:
    """Return one line for each young person, by name."""
    people = list(people)
    names = names_on_a_list(people)
    lines = [
        RegisterLine(
            young_person_id=person.id,
            name=names[person.id],
            status=register[person.id] or "",
            shares_profile=with_profiles and person.shares_profile_with_providers,
        )
        for person in people
    ]
    return sorted(lines, key=lambda line: line.name.casefold())


def found_people(people: Iterable[YoungPerson], wanted: str) -> list[FoundPerson]:
    """Return those whose names or reference have the words in them; for those who keep the council's records."""
    return [FoundPerson(person.id, _both_names(person), person.reference) for person in matching(people, wanted)]


def _both_names(person: YoungPerson) -> str:
    called = f" ({person.preferred_name})" if person.preferred_name not in ("", person.first_name) else ""
    return full_name(person) + called


def profile_parts(profile: SeenProfile | None) -> list[tuple[str, str]]:
    """Return (heading, words) of what a one-page profile says; empty where there is none."""
    said = profile.sections if profile else {}
    return [(section.heading, said[section.key]) for section in SECTIONS if said.get(section.key)]


def provider_rows(
    providers: Iterable[Provider], members: Mapping[UUID, list[UUID]], accounts: Iterable[Account]
) -> list[ProviderRow]:
    """Return each provider with who acts for it, and who else could."""
    people = sorted(((account.name, account.id) for account in accounts if account.is_active), key=itemgetter(0))
    return [
        ProviderRow(
            id=provider.id,
            name=provider.name,
            members=[name for name, id_ in people if id_ in members.get(provider.id, [])],
            others=[(str(id_), name) for name, id_ in people if id_ not in members.get(provider.id, [])],
        )
        for provider in providers
    ]
