"""What pages may show of single sign-on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import g, url_for

from app.accounts.models import Account, Council
from app.accounts.queries import council_of
from app.accounts.values import Viewer
from app.sign_on.models import SignOnProvider
from app.sign_on.queries import is_new, may_use, open_provider, subject_of


@dataclass(frozen=True, slots=True)
class SignOnLink:
    """A button of the sign-in page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class MySignOn:
    """What stands of it among one's own ways to sign in."""

    name: str
    is_connected: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One account that the provider may sign in."""

    id: UUID
    name: str
    email: str
    state: str
    may_invite: bool


def council_sign_on(council: Council) -> SignOnLink | None:
    """Return the council's own way to sign in; None where it has none."""
    provider = open_provider(council.id)
    return SignOnLink(provider.name, url_for("sign_on.begin", slug=council.slug)) if provider else None


def my_sign_on() -> MySignOn | None:
    """Return what single sign-on is to the viewer; None where the council has none for their role."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or viewer.young_person_id is not None:
        return None
    provider = open_provider(council_of(viewer).id)
    if provider is None or viewer.role not in provider.details.roles:
        return None
    return MySignOn(provider.name, subject_of(viewer.account_id) is not None)


def person_lines(
    provider: SignOnProvider, accounts: Iterable[Account], bound: Collection[UUID], invited: Collection[UUID]
) -> list[PersonLine]:
    """Return who may sign in by the provider, by name, and how far each is."""
    lines = [_line(one, bound, invited) for one in accounts if may_use(provider, one)]
    return sorted(lines, key=lambda line: line.name.casefold())


def _line(account: Account, bound: Collection[UUID], invited: Collection[UUID]) -> PersonLine:
    fresh = account.id not in bound and is_new(account)
    state = "Invited" if account.id in invited else "Not yet"
    if account.id in bound:
        state = "Connected"
    return PersonLine(account.id, account.name, account.email, state, fresh and account.id not in invited)
