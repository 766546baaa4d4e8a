"""Reading accounts and councils."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account, Council, EnrolledDevice
from app.accounts.values import Role, Viewer
from app.crypto.fields import UNREADABLE
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db
from app.web.errors import NotFoundError

PROBED = 5


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


def account_with_email(council_id: UUID, email: str) -> Account | None:
    index = email_index(council_id, email)
    query = select(Account).where(Account.council_id == council_id, Account.email_index == index)
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


def own_account(viewer: Viewer) -> Account:
    return db.session.get_one(Account, viewer.account_id)


def own_device(viewer: Viewer, device_id: UUID) -> EnrolledDevice:
    """Return one of the viewer's own phones; raises NotFoundError."""
    device = next((one for one in own_devices(viewer) if one.id == device_id), None)
    if device is None:
        raise NotFoundError
    return device
