"""Setting a council's provider up, binding somebody at it to their account, and using an answer once."""

from uuid import UUID

from sqlalchemy import delete, select

from app import clock
from app.accounts.models import Account
from app.accounts.passwords import hash_token
from app.accounts.queries import passkeys_of
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import Row, db
from app.sign_on.models import SignOnInvitation, SignOnProvider, SignOnSubject, SpentSignOn
from app.sign_on.queries import is_new, may_use, provider_of
from app.sign_on.values import LIFE, NEVER, AccountInUseError, NotBegunHereError, NotTheirsError, ProviderDetails


def set_up(*, council_id: UUID, details: ProviderDetails, actor: Viewer | None) -> SignOnProvider:
    """Keep how a council's provider is reached and whom it signs in; never a young person."""
    found = provider_of(council_id)
    if found is None:
        found = SignOnProvider(council_id=council_id, changed_at=clock.now())
        db.session.add(found)
    found.name, found.issuer, found.client_id = details.name, details.issuer, details.client_id
    found.roles = " ".join(sorted(details.roles - NEVER))
    found.second_step, found.is_open = " ".join(details.second_step), details.is_open
    found.changed_at = clock.now()
    if details.secret is not None:
        found.secret = details.secret
    _tell(council_id, "sign_on:set_up" if details.is_open else "sign_on:closed", found, actor)
    return found


def invite(*, account: Account, actor: Viewer) -> None:
    """Let whoever the provider vouches this account's e-mail address for use it, for two weeks, once.

    Raises AccountInUseError where somebody has signed in to it: they prove themselves that it is theirs.
    """
    if not is_new(account):
        raise AccountInUseError
    db.session.execute(delete(SignOnInvitation).where(SignOnInvitation.account_id == account.id))
    made = SignOnInvitation(council_id=account.council_id, account_id=account.id, invited_by=actor.account_id)
    made.invited_at = clock.now()
    db.session.add(made)
    _tell(account.council_id, "sign_on:invited", account, actor)


def bind(*, provider: SignOnProvider, account: Account, subject_index: bytes) -> SignOnSubject:
    """Let a subject sign an account in from now on, in place of any before; raises NotTheirsError.

    Call only for somebody who proved that the account is theirs, or whom an administrator invited.
    """
    theirs = select(SignOnSubject).where(
        SignOnSubject.council_id == provider.council_id, SignOnSubject.subject_index == subject_index
    )
    if not may_use(provider, account) or db.session.execute(theirs).scalar_one_or_none() is not None:
        raise NotTheirsError
    for kind in (SignOnSubject, SignOnInvitation):
        db.session.execute(delete(kind).where(kind.account_id == account.id))
    made = SignOnSubject(council_id=account.council_id, account_id=account.id, subject_index=subject_index)
    made.bound_at = clock.now()
    db.session.add(made)
    db.session.flush()
    audit.record(council_id=account.council_id, actor_id=account.id, action="sign_on:bound", about=made)
    return made


def unbind(*, account: Account, actor: Viewer) -> bool:
    """Let no subject sign an account in any more; say no where nothing else would."""
    if account.password_hash is None and not passkeys_of(account.id):
        return False
    db.session.execute(delete(SignOnSubject).where(SignOnSubject.account_id == account.id))
    _tell(account.council_id, "sign_on:unbound", account, actor)
    return True


def spend(*, council_id: UUID, nonce: str) -> None:
    """Use an answer of the provider's; raises NotBegunHereError where it was used before."""
    moment, nonce_hash = clock.now(), hash_token(nonce)
    db.session.execute(delete(SpentSignOn).where(SpentSignOn.spent_at < moment - 12 * LIFE))
    if db.session.execute(select(SpentSignOn.id).where(SpentSignOn.nonce_hash == nonce_hash)).first() is not None:
        raise NotBegunHereError
    db.session.add(SpentSignOn(council_id=council_id, nonce_hash=nonce_hash, spent_at=moment))
    db.session.flush()


def note_refused(*, provider: SignOnProvider) -> None:
    """Write down that somebody came from the provider and was not let in; not who."""
    audit.record(council_id=provider.council_id, actor_id=None, action="sign_on:refused", about=provider)


def _tell(council_id: UUID, action: str, about: Row, actor: Viewer | None) -> None:
    db.session.flush()
    audit.record(
        council_id=council_id, actor_id=actor.account_id if actor is not None else None, action=action, about=about
    )
