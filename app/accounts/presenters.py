"""What the pages about signing in and accounts may show."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from app.accounts.models import Account, Council
from app.accounts.values import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class WelcomeChoice:
    """One council to sign in at."""

    name: str
    adults_url: str
    card_url: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the administrator's list."""

    id: UUID
    name: str
    email: str
    role: str
    is_active: bool
    has_second_step: bool


def welcome_choices(councils: Iterable[Council]) -> list[WelcomeChoice]:
    return [
        WelcomeChoice(
            council.name,
            url_for("accounts.sign_in_page", slug=council.slug),
            url_for("accounts.card", slug=council.slug),
        )
        for council in councils
    ]


def account_rows(accounts: Iterable[Account], with_second_step: Collection[UUID]) -> list[AccountRow]:
    rows = [
        AccountRow(a.id, a.name, a.email, ROLE_WORDS[a.role], a.is_active, a.id in with_second_step) for a in accounts
    ]
    return sorted(rows, key=lambda row: (not row.is_active, row.name.casefold()))


def in_two_groups(code: str) -> str:
    """Return a code in two halves, as it is read aloud."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
