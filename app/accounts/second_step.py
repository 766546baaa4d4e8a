"""Between the password and the second step: who this browser is half-way to being, for ten minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from app import clock
from app.accounts.models import Account
from app.accounts.queries import has_second_step
from app.accounts.values import Proof
from app.database import db

HALF_WAY = "half_way"
LIFE = timedelta(minutes=10)


def begin(account: Account) -> None:
    """Remember in the signed cookie that the password was right; it opens nothing by itself."""
    session.clear()
    session[HALF_WAY] = [str(account.id), clock.now().isoformat()]


def half_way_account() -> Account | None:
    """Return whose password was right on this browser in the last ten minutes, if the account is open still."""
    found = session.get(HALF_WAY)
    if not found or not clock.is_within(LIFE, datetime.fromisoformat(found[1])):
        return None
    account = db.session.get(Account, UUID(found[0]))
    return account if account is not None and account.is_active else None


def proof_left(account: Account) -> Proof:
    """Return what a session proves after a second step was taken away: without any left, no more than the password."""
    return Proof.SECOND_STEP if has_second_step(account.id) else Proof.PASSWORD
