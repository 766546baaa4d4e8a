"""Finds the cast of the made-up councils, and what is true of their offers."""

from dataclasses import replace
from math import isnan

from app import clock
from app.accounts.models import Account
from app.accounts.queries import account_with_email, council_by_slug
from app.accounts.sessions import viewer_of
from app.accounts.values import Role
from app.database import db
from app.demo.courses import Calendar
from app.demo.generator import NEVER
from app.demo.lives import make_lives, make_moods
from app.demo.material import cast, email_of
from app.demo.material import council as made_up_council
from app.demo.outcomes import CARERS, GOALS, SCHOOL, TREATED
from app.demo.population import CAST_COUNCIL, make_people
from app.demo.tokens import account_id_in
from app.demo.values import CastMember, TrueEffect, TrueOutcome
from app.impact import tables
from app.impact.disclosure import Figures, State
from app.impact.queries import published_table
from app.impact.tables import EVERYONE, LEVEL, USUAL_OUTCOME
from app.young_people.queries import by_reference

LIVES_IN = {"other_council_staff": "trent"}
STORED = {
    GOALS: (tables.GOALS, EVERYONE),
    SCHOOL: (tables.SCHOOL, EVERYONE),
    CARERS: (tables.CARERS, EVERYONE),
    TREATED: (tables.TREATED, LEVEL),
}
"""Each further outcome as it stands in the database, and the table that holds its figures."""

SHARES, PER_CENT = (SCHOOL, TREATED), 100
NOTHING = Figures(State.WITHHELD)
NUMBERS = {"young_person": 1001, "other_young_person": 1002}


def cast_accounts() -> list[tuple[CastMember, Account]]:
    """Return who there is to try Tidemark as, in order; empty before the made-up councils are made."""
    found = ((member, _account_of(member)) for member in cast())
    return [(member, account) for member, account in found if account is not None]


def _account_of(member: CastMember) -> Account | None:
    council = council_by_slug(LIVES_IN.get(member.role, CAST_COUNCIL))
    if council is None:
        return None
    if member.role not in NUMBERS:
        return account_with_email(council.id, email_of(member.name, council.slug))
    prefix = made_up_council(council.slug).prefix
    person = by_reference(council.id, f"{prefix}-{NUMBERS[member.role]}")
    return None if person is None else db.session.get(Account, person.account_id)


def cast_account_for(token: str) -> Account | None:
    """Return the cast member's account that a token names, or None: a token opens nobody else's."""
    account_id = account_id_in(token)
    accounts = (account for _, account in cast_accounts() if account.id == account_id and account.is_active)
    return None if account_id is None else next(accounts, None)


def true_effects(*, people: int, seed: int) -> list[TrueEffect]:
    """Return what is true of each of Derwent Council's offers, as it was made (or would be made now).

    Beside it stands what the comparison page says, where the council was made.
    """
    council, made_up = council_by_slug(CAST_COUNCIL), made_up_council(CAST_COUNCIL)
    calendar = Calendar(council.created_at if council else clock.now())
    moods = make_moods(made_up, make_people(made_up, people, calendar.today, seed), calendar, seed)
    published = _published()
    made = []
    for kind, offer in enumerate(made_up.offers):
        attended, realised = int((moods.start[:, kind] < NEVER).sum()), round(float(moods.truth[kind]), 2) + 0.0
        figures = published.get(offer.name)
        effect = TrueEffect(offer.name, attended, offer.effect, realised)
        if figures is not None:
            effect = replace(
                effect,
                published=figures.change,
                low=figures.low,
                high=figures.high,
                before_and_after=figures.naive,
            )
        made.append(effect)
    return made


def true_outcomes(*, people: int, seed: int) -> list[TrueOutcome]:
    """Return what is true of each of Derwent Council's offers for every further outcome, with what is published."""
    council, made_up = council_by_slug(CAST_COUNCIL), made_up_council(CAST_COUNCIL)
    now = council.created_at if council else clock.now()
    realised = make_lives(made_up, people=people, now=now, seed=seed).realised
    made = []
    for name, (stored, table) in STORED.items():
        published, times = _published(table, stored), PER_CENT if name in SHARES else 1
        for offer, found in zip(made_up.offers, realised[name].tolist(), strict=True):
            figures = published.get(offer.name, NOTHING)
            true = None if isnan(found) else round(found, 1) + 0.0
            ends = (figures.change, figures.low, figures.high)
            made.append(TrueOutcome(name, offer.name, times * getattr(offer, name), true, *ends))
    return made


def _published(table: str = EVERYONE, outcome: str = USUAL_OUTCOME) -> dict[str, Figures]:
    """Return the published figures of one table by the offer's name."""
    staff = next((account for member, account in cast_accounts() if member.role == Role.COUNCIL_STAFF), None)
    if staff is None:
        return {}
    return {cell.intervention.name: cell.figures for cell in published_table(viewer_of(staff), table, outcome).cells}
