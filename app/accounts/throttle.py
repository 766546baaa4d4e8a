"""Counts failed sign-ins by account and by address, and says when to stop trying."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import SignInAttempt
from app.crypto.keyring import current_keyring
from app.database import db

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Something that failures are counted against, and how many it may have in fifteen minutes."""

    council_id: UUID
    kind: str
    value: str
    allowed: int

    @property
    def index(self) -> bytes:
        return current_keyring().blind_index(self.council_id, SignInAttempt.__tablename__, self.kind, self.value)


def is_stopped(buckets: list[Bucket]) -> bool:
    """Say whether any bucket has had all the failures it may have in the last fifteen minutes."""
    since = clock.now() - WINDOW
    for bucket in buckets:
        query = select(func.count()).where(SignInAttempt.bucket == bucket.index, SignInAttempt.at > since)
        if db.session.execute(query).scalar_one() >= bucket.allowed:
            return True
    return False


def count_failure(buckets: list[Bucket]) -> None:
    """Count one failure in every bucket, and forget those that no longer count."""
    moment = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - 4 * WINDOW))
    for bucket in buckets:
        db.session.add(SignInAttempt(bucket=bucket.index, at=moment))
    db.session.flush()


def forget_failures(bucket: Bucket) -> None:
    """Start again from nothing: somebody has proved who they are."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == bucket.index))
