"""What lets an adult choose a new password who forgot theirs: asked for, sent, and used once.

Nothing keeps the code itself. It is made as the letter is written, and only its hash stays.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from app import clock
from app.accounts.models import Account, Council, PasswordReset
from app.accounts.passwords import hash_token
from app.audit import services as audit
from app.crypto.keyring import OwnerKind
from app.database import db

LIFE = timedelta(minutes=30)
UNUSED = PasswordReset.used_at.is_(None)
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 28
"""Letters of 31: 138 bits."""


def may_choose_anew(account: Account | None) -> bool:
    """Say whether an account opens with a password that can be forgotten: an adult's, in use, and not without one.

    Who has none signs in at their council, or with a passkey, and is not given a password by a letter.
    """
    return (
        account is not None
        and account.is_active
        and account.owner_kind is OwnerKind.ACCOUNT
        and account.password_hash is not None
    )


def begin_reset(account: Account) -> PasswordReset:
    """Note that somebody asked for a new password for an account; codes from before open nothing any more."""
    db.session.execute(delete(PasswordReset).where(PasswordReset.account_id == account.id, UNUSED))
    made = PasswordReset(council_id=account.council_id, account_id=account.id, asked_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def fresh_code(reset_id: UUID) -> tuple[str, str] | None:
    """Return (part of the address, code) for one letter, and keep the code's hash; the code of a letter before it ends.

    None where it was used, or asked for anew, or the account is not one that may.
    """
    reset = db.session.get(PasswordReset, reset_id)
    account = db.session.get(Account, reset.account_id) if reset is not None else None
    if reset is None or account is None or reset.used_at is not None or not may_choose_anew(account):
        return None
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    reset.token_hash, reset.made_at = hash_token(code), clock.now()
    db.session.flush()
    audit.record(council_id=reset.council_id, actor_id=None, action="password_reset:sent", about=account)
    return db.session.get_one(Council, reset.council_id).slug, code


def reset_with(*, council_id: UUID, code: str) -> PasswordReset | None:
    """Return what a code opens at a council, locked until the transaction ends; None where it opens nothing now."""
    typed = "".join(filter(str.isalnum, code)).lower()
    query = select(PasswordReset).where(
        PasswordReset.council_id == council_id,
        PasswordReset.token_hash == hash_token(typed),
        UNUSED,
        PasswordReset.made_at.between(clock.now() - LIFE, clock.now() + clock.SKEW),
    )
    found = db.session.execute(query.with_for_update()).scalar_one_or_none()
    return found if found is not None and may_choose_anew(db.session.get(Account, found.account_id)) else None


def spend(reset: PasswordReset) -> Account:
    """Use a reset up, with all others of its account; return the account."""
    reset.used_at = clock.now()
    db.session.flush()
    db.session.execute(delete(PasswordReset).where(PasswordReset.account_id == reset.account_id, UNUSED))
    return db.session.get_one(Account, reset.account_id)
