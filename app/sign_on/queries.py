"""Reading a council's provider, and which account somebody at it has."""

import hashlib
import json
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.models import Account
from app.accounts.queries import account_with_email
from app.accounts.values import Viewer
from app.audit.queries import entries_found
from app.audit.values import Search
from app.crypto.keyring import current_keyring
from app.database import db
from app.sign_on.models import SignOnInvitation, SignOnProvider, SignOnSubject
from app.sign_on.values import INVITED_FOR, NEVER, Identity, is_installed


def provider_of(council_id: UUID) -> SignOnProvider | None:
    """Return a council's provider, whether or not it is open."""
    query = select(SignOnProvider).where(SignOnProvider.council_id == council_id)
    return db.session.execute(query).scalar_one_or_none()


def open_provider(council_id: UUID) -> SignOnProvider | None:
    """Return a council's provider where somebody can be signed in by it now."""
    found = provider_of(council_id)
    return found if found is not None and found.is_open and is_installed() else None


def subject_index(council_id: UUID, identity: Identity) -> bytes:
    """Return the blind index of an issuer and its subject; every letter counts, capitals too."""
    exact = hashlib.sha256(json.dumps([identity.issuer, identity.subject]).encode()).hexdigest()
    return current_keyring().blind_index(council_id, SignOnSubject.__tablename__, "subject", exact)


def account_bound_to(council_id: UUID, index: bytes) -> Account | None:
    """Return the account that is bound to a subject, whether or not it may be used."""
    query = select(Account).join(SignOnSubject, SignOnSubject.account_id == Account.id)
    mine = query.where(SignOnSubject.council_id == council_id, SignOnSubject.subject_index == index)
    return db.session.execute(mine).scalar_one_or_none()


def may_use(provider: SignOnProvider, account: Account) -> bool:
    """Say whether a provider may sign an account in: its own council's, open, an adult's, in one of its roles."""
    return (
        account.council_id == provider.council_id
        and account.is_active
        and account.role not in NEVER
        and account.role in provider.details.roles
    )


def is_new(account: Account) -> bool:
    """Say whether nobody has ever signed in to an account, so that an invitation takes it from nobody."""
    search = Search(action="session:started", actor_id=account.id)
    return not entries_found(account.council_id, search, before=None, limit=1)


def invited_account(provider: SignOnProvider, identity: Identity) -> Account | None:
    """Return the account whose e-mail address the provider vouches for, if an administrator invited it lately."""
    account = account_with_email(provider.council_id, identity.email) if identity.email else None
    if account is None or not may_use(provider, account) or not is_new(account):
        return None
    query = select(SignOnInvitation).where(
        SignOnInvitation.account_id == account.id, SignOnInvitation.invited_at > clock.now() - INVITED_FOR
    )
    return account if db.session.execute(query).scalar_one_or_none() is not None else None


def subject_of(account_id: UUID) -> SignOnSubject | None:
    return db.session.execute(select(SignOnSubject).where(SignOnSubject.account_id == account_id)).scalar_one_or_none()


def bound_accounts(viewer: Viewer) -> set[UUID]:
    """Return which of the council's accounts are bound to a subject."""
    query = select(SignOnSubject.account_id).where(SignOnSubject.council_id == viewer.council_id)
    return set(db.session.execute(query).scalars())


def invited_accounts(viewer: Viewer) -> set[UUID]:
    """Return which of the council's accounts have an invitation that still counts."""
    query = select(SignOnInvitation.account_id).where(
        SignOnInvitation.council_id == viewer.council_id, SignOnInvitation.invited_at > clock.now() - INVITED_FOR
    )
    return set(db.session.execute(query).scalars())
