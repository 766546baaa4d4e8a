"""Changing an adult's password, and choosing a new one in place of a forgotten one."""

from uuid import UUID, uuid4

from app.accounts import throttle
from app.accounts.models import Account, Council
from app.accounts.password_rules import why_refused
from app.accounts.passwords import hash_secret
from app.accounts.queries import account_with_email
from app.accounts.reset_services import begin_reset, may_choose_anew, reset_with, spend
from app.accounts.services import TooManyTriesError, check_password, note_failed
from app.accounts.session_services import end_all_sessions
from app.accounts.throttle import Bucket
from app.audit import services as audit
from app.database import db, hold
from app.notifications.services import notify
from app.notifications.values import Kind

ASKED_FOR_ONE, ASKED_FROM_ONE, WRONG_CODES = 3, 20, 20


class PasswordRefusedError(ValueError):
    """The new password cannot be used; the sentence says why."""


def change_password(*, account: Account, old: str, new: str, address: str) -> bool:
    """Give an adult's account a new password, and tell its owner; the caller ends its sessions.

    Says no where `old` is not the password so far, and counts that as signing in does. Raises TooManyTriesError, and
    PasswordRefusedError before anything else.
    """
    if old == new:
        raise PasswordRefusedError("That is the one you have. Think of another one.")
    _refuse(account, new)
    if account.password_hash is not None:
        found = check_password(council_id=account.council_id, email=account.email, password=old, address=address)
        if found is None or found.id != account.id:
            return False
    _set(account, new, "password:changed")
    return True


def _refuse(account: Account, new: str) -> None:
    council = db.session.get_one(Council, account.council_id)
    reason = why_refused(new, about=(council.name, council.slug, account.name, account.email))
    if reason is not None:
        raise PasswordRefusedError(reason)


def _set(account: Account, new: str, action: str) -> None:
    account.password_hash, account.password_given_at = hash_secret(new), None
    audit.record(council_id=account.council_id, actor_id=account.id, action=action, about=account)
    notify(account_id=account.id, kind=Kind.SIGN_IN, about_id=uuid4())


def ask_for_new_password(*, council_id: UUID, email: str, address: str) -> None:
    """Send an account's owner what lets them choose a new password, if there is such an account and it may have one.

    Says nothing of whether there is. The letter goes out with the next `prompts send`. Raises TooManyTriesError after
    three requests for one e-mail address, or twenty from one network address, in fifteen minutes.
    """
    buckets = [
        Bucket(council_id, "reset-email", email, ASKED_FOR_ONE),
        Bucket(council_id, "reset-address", address, ASKED_FROM_ONE),
    ]
    if throttle.is_stopped(buckets):
        raise TooManyTriesError
    throttle.count_failure(buckets)
    account = account_with_email(council_id, email)
    audit.record(council_id=council_id, actor_id=None, action="password_reset:asked", about=account)
    if account is not None and may_choose_anew(account):
        notify(account_id=account.id, kind=Kind.NEW_PASSWORD, about_id=begin_reset(account).id)


def choose_new_password(*, council_id: UUID, code: str, new: str, address: str) -> bool:
    """Give an account the password that its owner chose with a code out of a letter; end its sessions; tell them.

    Says no where the code opens nothing now, and counts that. Raises TooManyTriesError after twenty wrong codes from
    one address, and PasswordRefusedError, which leaves the code as it was.
    """
    bucket = Bucket(council_id, "reset-code", address, WRONG_CODES)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    reset = reset_with(council_id=council_id, code=code)
    if reset is None:
        throttle.count_failure([bucket])
        note_failed(council_id=council_id, account=None)
        return False
    account = db.session.get_one(Account, reset.account_id)
    hold(account)
    _refuse(account, new)
    spend(reset)
    end_all_sessions(account_id=account.id)
    throttle.forget_failures(Bucket(council_id, "email", account.email, 10))
    _set(account, new, "password:reset")
    return True
