"""Changing an adult's password."""

from uuid import uuid4

from app.accounts.models import Account, Council
from app.accounts.password_rules import why_refused
from app.accounts.passwords import hash_secret
from app.accounts.services import check_password
from app.audit import services as audit
from app.database import db
from app.notifications.services import notify
from app.notifications.values import Kind


class PasswordRefusedError(ValueError):
    """The new password cannot be used; the sentence says why."""


def change_password(*, account: Account, old: str, new: str, address: str) -> bool:
    """Give an adult's account a new password, and tell its owner; the caller ends its sessions.

    Says no where `old` is not the password so far, and counts that as signing in does. Raises TooManyTriesError, and
    PasswordRefusedError before anything else.
    """
    council = db.session.get_one(Council, account.council_id)
    about = (council.name, council.slug, account.name, account.email)
    reason = "That is the one you have. Think of another one." if old == new else why_refused(new, about=about)
    if reason is not None:
        raise PasswordRefusedError(reason)
    if account.password_hash is not None:
        found = check_password(council_id=council.id, email=account.email, password=old, address=address)
        if found is None or found.id != account.id:
            return False
    account.password_hash = hash_secret(new)
    audit.record(council_id=council.id, actor_id=account.id, action="password:changed", about=account)
    notify(account_id=account.id, kind=Kind.SIGN_IN, about_id=uuid4())
    return True
