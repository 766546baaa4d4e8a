"""The second step after a password: an authenticator app, recovery codes on paper, and taking them away again."""

import secrets
from collections.abc import Callable

import pyotp
from sqlalchemy import delete, select

from app import clock
from app.accounts import throttle
from app.accounts.models import Account, Authenticator, Passkey, RecoveryCode
from app.accounts.passwords import hash_token, stretched
from app.accounts.queries import authenticator_of, has_authenticator, has_second_step
from app.accounts.services import TooManyTriesError, check_password, note_failed
from app.accounts.session_services import end_all_sessions, end_sessions_by_password_alone
from app.accounts.throttle import Bucket
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db, hold

STEP_SECONDS = 30
STEPS_EITHER_WAY = 1
RECOVERY_CODES = 8
SALT_BYTES = 16
CODE_GROUPS, GROUP_LENGTH = 4, 4
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
TRIES = 10


def begin_authenticator(*, account: Account) -> Authenticator:
    """Return the authenticator app to set up, with a fresh secret; one that is in use stays until it is forgotten."""
    found = authenticator_of(account.id)
    if found is None:
        found = Authenticator(council_id=account.council_id, account_id=account.id)
        db.session.add(found)
    if found.confirmed_at is None:
        found.secret = pyotp.random_base32()
        db.session.flush()
        _tell(account, "authenticator:begun")
    return found


def confirm_authenticator(*, account: Account, code: str) -> list[str] | None:
    """Take the authenticator into use once its first code is right; return fresh recovery codes, None if it is wrong.

    Raises TooManyTriesError.
    """
    found = authenticator_of(account.id)
    if found is None or not hold(found) or not _once_only(account, lambda: _is_right(found, code)):
        return None
    found.confirmed_at = clock.now()
    end_sessions_by_password_alone(account_id=account.id)
    _tell(account, "authenticator:added")
    return make_recovery_codes(account=account)


def make_recovery_codes(*, account: Account) -> list[str]:
    """Return eight new codes of 79 bits; those from before work no more. Only their hashes are kept."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made, salt = [_recovery_code() for _ in range(RECOVERY_CODES)], secrets.token_bytes(SALT_BYTES)
    for code in made:
        kept = stretched(hash_token(_plain(code)), salt)
        row = RecoveryCode(council_id=account.council_id, account_id=account.id, code_hash=kept, salt=salt)
        row.made_at = clock.now()
        db.session.add(row)
    _tell(account, "recovery_codes:made")
    return made


def check_second_step(*, account: Account, code: str) -> bool:
    """Say whether this is the code of the authenticator app now, or an unused recovery code; neither works twice.

    Raises TooManyTriesError after ten wrong ones in fifteen minutes.
    """
    found = authenticator_of(account.id)
    in_use = found if found is not None and hold(found) and found.confirmed_at is not None else None
    return _once_only(account, lambda: (in_use is not None and _is_right(in_use, code)) or _is_recovery(account, code))


def proves_again(*, account: Account, password: str, code: str, address: str) -> bool:
    """Say whether this is the account's password and, where it has an authenticator app, its code or a recovery code.

    Raises TooManyTriesError, as signing in does.
    """
    found = check_password(council_id=account.council_id, email=account.email, password=password, address=address)
    if found is None or found.id != account.id:
        return False
    return not has_authenticator(account.id) or check_second_step(account=account, code=code)


def forget_authenticator(*, account: Account, actor: Viewer) -> None:
    db.session.execute(delete(Authenticator).where(Authenticator.account_id == account.id))
    _tell(account, "authenticator:forgotten", actor)
    if not has_second_step(account.id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def forget_second_steps(*, account: Account, actor: Viewer) -> None:
    """Forget every second step of an account and end its sessions: for somebody who lost their phone."""
    for kind in (Authenticator, Passkey, RecoveryCode):
        db.session.execute(delete(kind).where(kind.account_id == account.id))
    end_all_sessions(account_id=account.id)
    _tell(account, "second_steps:forgotten", actor)


def _once_only(account: Account, is_right: Callable[[], bool]) -> bool:
    bucket = Bucket(account.council_id, "second-step", str(account.id), TRIES)
    if throttle.is_stopped([bucket]):
        raise TooManyTriesError
    if not is_right():
        throttle.count_failure([bucket])
        note_failed(council_id=account.council_id, account=account)
        return False
    throttle.forget_failures(bucket)
    return True


def _is_right(authenticator: Authenticator, code: str) -> bool:
    """Accept the code of this half minute or of those beside it, if no later one was used (RFC 6238, 5.2)."""
    typed, totp = _plain(code), pyotp.TOTP(authenticator.secret)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if step > authenticator.last_step and secrets.compare_digest(totp.generate_otp(step), typed):
            authenticator.last_step = step
            db.session.flush()
            return True
    return False


def _is_recovery(account: Account, code: str) -> bool:
    mine = select(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    unused = list(db.session.execute(mine.with_for_update()).scalars())
    digest = hash_token(_plain(code))
    tried = {salt: stretched(digest, salt) for salt in {row.salt for row in unused}}
    found = next((row for row in unused if secrets.compare_digest(row.code_hash, tried[row.salt])), None)
    if found is None:
        return False
    found.used_at = clock.now()
    _tell(account, "recovery_code:used")
    return True


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(CODE_GROUPS))


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).lower()


def _tell(account: Account, action: str, actor: Viewer | None = None) -> None:
    who = actor.account_id if actor is not None else account.id
    db.session.flush()
    audit.record(council_id=account.council_id, actor_id=who, action=action, about=account)
