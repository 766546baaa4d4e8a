"""Reading accounts and councils."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account, Authenticator, Council, EnrolledDevice, Passkey, RecoveryCode, SignedInSession
from app.accounts.values import Role, Viewer
from app.crypto.fields import UNREADABLE
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import Row, db
from app.web.errors import NotFoundError

PROBED = 5
R = TypeVar("R", bound=Row)


def council_by_slug(slug: str) -> Council | None:
    return db.session.execute(select(Council).where(Council.slug == slug)).scalar_one_or_none()


def councils() -> list[Council]:
    return list(db.session.execute(select(Council).order_by(Council.name)).scalars())


def council_of(viewer: Viewer) -> Council:
    return db.session.get_one(Council, viewer.council_id)


def email_index(council_id: UUID, email: str) -> bytes:
    return current_keyring().blind_index(council_id, Account.__tablename__, "email", email)


def index_key_is_right() -> bool:
    """Say whether the index key finds the accounts that are here: with another one nobody could sign in."""
    query = select(Account).where(Account.email_index.is_not(None)).order_by(Account.created_at).limit(PROBED)
    known = [account for account in db.session.execute(query).scalars() if account.email not in ("", UNREADABLE)]
    return not known or any(email_index(one.council_id, one.email) == one.email_index for one in known)


def account_with_email(council_id: UUID, email: str, *, to_open: bool = False) -> Account | None:
    """Return a council's account with this address; `to_open`: as it stands now, and held as `hold` does it."""
    index = email_index(council_id, email)
    query = select(Account).where(Account.council_id == council_id, Account.email_index == index)
    if to_open:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one_or_none()


def accounts_of_council(viewer: Viewer) -> list[Account]:
    """Return every account of the viewer's council that belongs to an adult, oldest first."""
    query = select(Account).where(Account.council_id == viewer.council_id, Account.owner_kind == OwnerKind.ACCOUNT)
    accounts = list(db.session.execute(query.order_by(Account.created_at, Account.id)).scalars())
    current_keyring().load(OwnerKind.ACCOUNT, [account.id for account in accounts])
    return accounts


def accounts_with_role(viewer: Viewer, role: Role) -> list[Account]:
    return [account for account in accounts_of_council(viewer) if account.role == role]


def names_of(viewer: Viewer, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the viewer's council's accounts by id; a young person's account has the name they chose."""
    ids = set(account_ids)
    query = select(Account).where(Account.council_id == viewer.council_id, Account.id.in_(ids))
    accounts = list(db.session.execute(query).scalars())
    current_keyring().load(OwnerKind.ACCOUNT, [a.id for a in accounts if a.owner_kind == OwnerKind.ACCOUNT])
    return {account.id: account.name for account in accounts}


class Named(NamedTuple):
    """What an account is called, and its role."""

    name: str
    role: Role


def adults_among(viewer: Viewer, account_ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Return which of these accounts belong to adults of the viewer's council; a young person's name stays sealed."""
    mine = (Account.council_id == viewer.council_id, Account.owner_kind == OwnerKind.ACCOUNT)
    query = select(Account).where(*mine, Account.id.in_(set(account_ids)))
    accounts = list(db.session.execute(query).scalars())
    current_keyring().load(OwnerKind.ACCOUNT, [account.id for account in accounts])
    return {account.id: Named(account.name, account.role) for account in accounts}


def account_in_council(viewer: Viewer, account_id: UUID) -> Account:
    """Return an adult's account of the viewer's council; raises NotFoundError."""
    account = db.session.get(Account, account_id)
    if account is None or account.council_id != viewer.council_id or account.owner_kind is not OwnerKind.ACCOUNT:
        raise NotFoundError
    return account


def own_devices(viewer: Viewer) -> list[EnrolledDevice]:
    """Return the phones that the viewer's own account may be opened on, newest first."""
    query = select(EnrolledDevice).where(
        EnrolledDevice.account_id == viewer.account_id, EnrolledDevice.revoked_at.is_(None)
    )
    return list(db.session.execute(query.order_by(EnrolledDevice.enrolled_at.desc(), EnrolledDevice.id)).scalars())


def further_phones_since(moment: datetime) -> list[tuple[UUID, UUID]]:
    """Return (phone, account) of every phone let in since then on an account that was open on another one before."""
    another = aliased(EnrolledDevice)
    earlier = exists().where(
        another.account_id == EnrolledDevice.account_id, another.enrolled_at < EnrolledDevice.enrolled_at
    )
    query = select(EnrolledDevice.id, EnrolledDevice.account_id).where(
        EnrolledDevice.enrolled_at > moment, EnrolledDevice.revoked_at.is_(None), earlier
    )
    return [(phone, account) for phone, account in db.session.execute(query.order_by(EnrolledDevice.enrolled_at))]


def own_account(viewer: Viewer) -> Account:
    return db.session.get_one(Account, viewer.account_id)


def adult_account(viewer: Viewer) -> Account:
    """Return an adult's own account; raises NotFoundError for a young person, who signs in with pictures."""
    if viewer.young_person_id is not None:
        raise NotFoundError
    return own_account(viewer)


def own_device(viewer: Viewer, device_id: UUID) -> EnrolledDevice:
    """Return one of the viewer's own phones; raises NotFoundError."""
    return _one_of(own_devices(viewer), device_id)


def own_device_holding(viewer: Viewer, token_hash: bytes) -> EnrolledDevice | None:
    """Return the viewer's own phone that holds the token with this hash: the one in hand, where it is enrolled."""
    return next((one for one in own_devices(viewer) if one.token_hash == token_hash), None)


def passkeys_of(account_id: UUID) -> list[Passkey]:
    """Return an account's passkeys, newest first."""
    query = select(Passkey).where(Passkey.account_id == account_id)
    return list(db.session.execute(query.order_by(Passkey.added_at.desc(), Passkey.id)).scalars())


def authenticator_of(account_id: UUID) -> Authenticator | None:
    """Return an account's authenticator app, whether or not its first code has been typed yet."""
    return db.session.execute(select(Authenticator).where(Authenticator.account_id == account_id)).scalar_one_or_none()


def has_authenticator(account_id: UUID) -> bool:
    """Say whether this account has an authenticator app whose first code was right."""
    found = authenticator_of(account_id)
    return found is not None and found.confirmed_at is not None


def has_second_step(account_id: UUID) -> bool:
    """Say whether a password alone is not enough for this account."""
    return has_authenticator(account_id) or bool(passkeys_of(account_id))


def accounts_with_second_step(viewer: Viewer) -> set[UUID]:
    """Return which of the council's accounts a password alone does not open."""
    apps = select(Authenticator.account_id).where(
        Authenticator.council_id == viewer.council_id, Authenticator.confirmed_at.is_not(None)
    )
    keys = select(Passkey.account_id).where(Passkey.council_id == viewer.council_id)
    return set(db.session.execute(apps.union(keys)).scalars())


def open_sessions(viewer: Viewer) -> list[SignedInSession]:
    """Return where the viewer is signed in, most recent first."""
    query = select(SignedInSession).where(
        SignedInSession.account_id == viewer.account_id, SignedInSession.ended_at.is_(None)
    )
    return list(db.session.execute(query.order_by(SignedInSession.last_seen_at.desc(), SignedInSession.id)).scalars())


def own_session(viewer: Viewer, session_id: UUID) -> SignedInSession:
    """Return one of the places where the viewer is signed in; raises NotFoundError."""
    return _one_of(open_sessions(viewer), session_id)


def own_passkey(viewer: Viewer, passkey_id: UUID) -> Passkey:
    """Return one of the viewer's own passkeys; raises NotFoundError."""
    return _one_of(passkeys_of(viewer.account_id), passkey_id)


def unused_recovery_codes(account_id: UUID) -> int:
    query = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.execute(query).scalar_one()


def _one_of(rows: Iterable[R], row_id: UUID) -> R:
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotFoundError
    return found
