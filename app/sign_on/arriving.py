"""From the provider's answer to a session: who it says came, which account is theirs, and how far they are let in."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for

from app import clock
from app.accounts import second_step, throttle
from app.accounts.going_on import go_on_to, going_on_to
from app.accounts.models import Account, Council
from app.accounts.queries import council_by_slug, has_authenticator, has_second_step
from app.accounts.second_step_services import check_second_step
from app.accounts.services import TooManyTriesError, check_password
from app.accounts.sessions import FRESH, sign_in, sign_out
from app.accounts.throttle import Bucket
from app.accounts.values import Proof, Viewer
from app.database import db, transaction
from app.notifications.services import notify
from app.notifications.values import Kind
from app.sign_on import services, visits
from app.sign_on.models import SignOnProvider
from app.sign_on.queries import account_bound_to, invited_account, may_use, open_provider, subject_index, subject_of
from app.sign_on.values import (
    LIFE,
    Begun,
    Client,
    Identity,
    NotBegunHereError,
    NoTimeSaidError,
    NotTheirsError,
    NotTrustedError,
    Purpose,
)
from app.sign_on.visits import Arrived
from app.web.errors import NotFoundError

WELCOME, SECOND_STEP, ACCOUNT = "accounts.welcome", "second_step.ask", "sign_on.account"
MANY = 30
RANDOM_BYTES = 32


class NeedsPasskeyError(RuntimeError):
    """The password is right, but the account's second step is a passkey, which is not asked for here."""


@dataclass(frozen=True, slots=True)
class Door:
    """A council that has a provider, and the provider."""

    council: Council
    provider: SignOnProvider

    @property
    def client(self) -> Client:
        """Return what the protocol needs; the address to come back to is the council's own."""
        back = url_for("sign_on.answer", slug=self.council.slug, _external=True)
        return Client(self.provider.issuer, self.provider.client_id, self.provider.secret, back)


def door_of(slug: str) -> Door:
    """Return the council at this slug with its provider; raises NotFoundError where it has none that is open."""
    council = council_by_slug(slug)
    provider = open_provider(council.id) if council is not None else None
    if council is None or provider is None:
        raise NotFoundError
    return Door(council, provider)


def way_in(door: Door, purpose: Purpose) -> str:
    """Return the address of the provider to go to now, and remember the visit; raises ProviderDownError."""
    from app.sign_on.openid import way_to_provider  # noqa: PLC0415 (the extra `sso` may be missing)

    begun = Begun(*(secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3)))
    address = way_to_provider(door.client, begun, ask_again=purpose is Purpose.AGAIN)
    visits.remember_begun(door.council.id, begun, purpose)
    return address


def redeemed(door: Door, begun: Begun, *, code: str, address: str) -> Identity:
    """Return who the provider says came, asked once; raises SignOnError, and TooManyTriesError for this address."""
    from app.sign_on.openid import redeem  # noqa: PLC0415 (the extra `sso` may be missing)

    bucket = Bucket(door.council.id, "sign-on-address", address, MANY)
    with transaction():  # whoever waits for their turn does not wait for the provider
        is_stopped = throttle.is_stopped([bucket])
    if is_stopped:
        raise TooManyTriesError
    try:
        identity = redeem(door.client, begun, code)
        with transaction():
            services.spend(council_id=door.council.id, nonce=begun.nonce)
    except (NotTrustedError, NotBegunHereError):
        with transaction():
            throttle.count_failure([bucket])
            services.note_refused(provider=door.provider)
        raise
    return identity


def arrive(door: Door, identity: Identity, purpose: Purpose, viewer: Viewer | None) -> str:
    """Sign somebody in, or remember that they have yet to say whose account is theirs; return the endpoint to go to.

    Raises NotTheirsError, NoTimeSaidError. Call inside `transaction()`.
    """
    index = subject_index(door.council.id, identity)
    account = account_bound_to(door.council.id, index)
    is_two_steps = not identity.methods.isdisjoint(door.provider.details.second_step)
    if purpose is Purpose.AGAIN:
        if viewer is None or account is None or account.id != viewer.account_id:
            raise NotTheirsError
        if identity.proved_at is None or clock.now() - identity.proved_at > LIFE:
            raise NoTimeSaidError
    if account is None:
        invited = invited_account(door.provider, identity)
        found = Arrived(door.council.id, index, is_two_steps, identity.proved_at, invited.id if invited else None)
        visits.remember_arrived(found)
        return ACCOUNT
    if not may_use(door.provider, account):
        raise NotTheirsError
    return let_in(account, is_two_steps=is_two_steps, proved_at=identity.proved_at)


def let_in(account: Account, *, is_two_steps: bool, proved_at: datetime | None) -> str:
    """Sign an account in as far as the provider's proof goes; return the endpoint to go to.

    Where the provider asked for one step only, the account's own second step comes next. What asks again who somebody
    is counts from when the provider asked, and not at all where it does not say.
    """
    if not is_two_steps and has_second_step(account.id):
        wanted = going_on_to()
        sign_out()
        second_step.begin(account)
        if wanted:
            go_on_to(wanted)
        return SECOND_STEP
    proof = Proof.SIGN_ON_IN_TWO_STEPS if is_two_steps else Proof.SIGN_ON
    oldest = clock.now() - FRESH
    sign_in(account, proof, proved_at=min(max(proved_at or oldest, oldest), clock.now()))
    return WELCOME


def proved_account(*, council_id: UUID, email: str, password: str, code: str, address: str) -> Account | None:
    """Return the account that this password, and the code of its app where it has one, open; None where they do not.

    Raises TooManyTriesError, and NeedsPasskeyError where only a passkey is its second step.
    """
    account = check_password(council_id=council_id, email=email, password=password, address=address)
    if account is None or not has_second_step(account.id):
        return account
    if not has_authenticator(account.id):
        raise NeedsPasskeyError
    return account if check_second_step(account=account, code=code) else None


def proof_of(account: Account, arrived: Arrived) -> Proof:
    """Return what somebody proved who typed what opens an account, having come from the provider."""
    if has_second_step(account.id):
        return Proof.SECOND_STEP
    return Proof.SIGN_ON_IN_TWO_STEPS if arrived.is_two_steps else Proof.SIGN_ON


def connect(door: Door, arrived: Arrived, account: Account) -> None:
    """Bind whoever arrived to an account that they proved to be theirs, and tell its owner; raises NotTheirsError."""
    services.bind(provider=door.provider, account=account, subject_index=arrived.subject_index)
    bound = subject_of(account.id)
    if bound is not None:
        notify(account_id=account.id, kind=Kind.SIGN_IN, about_id=bound.id)
    visits.forget_arrived()


def account_invited(door: Door, arrived: Arrived) -> Account:
    """Return the account that whoever arrived was invited to; raises NotTheirsError."""
    account = db.session.get(Account, arrived.invited) if arrived.invited is not None else None
    if account is None or account.council_id != door.council.id:
        raise NotTheirsError
    return account
