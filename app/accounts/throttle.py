"""Counts failed sign-ins by account and by address, and says when to stop trying: in the database, and in Redis too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import SignInAttempt
from app.accounts.shared_counters import shared_counters
from app.crypto.keyring import current_keyring
from app.database import db

WINDOW = timedelta(minutes=15)
POSTGRES = "postgresql"


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
    """Say whether any bucket has had all the failures it may have in the last fifteen minutes.

    Tries at the same bucket take turns until their transactions end, so that many at once are no more than one by one.
    """
    since = clock.now() - WINDOW
    shared = shared_counters()
    known = [(bucket.index, bucket.allowed) for bucket in buckets]
    if shared is not None and any(shared.count(index, since=since) >= allowed for index, allowed in known):
        return True
    _take_turns([index for index, _ in known])
    return any(_failures(index, since) >= allowed for index, allowed in known)


def _failures(index: bytes, since: datetime) -> int:
    query = select(func.count()).where(SignInAttempt.bucket == index, SignInAttempt.at > since)
    return db.session.execute(query).scalar_one()


def _take_turns(indexes: list[bytes]) -> None:
    """Wait for whoever tries the same now; on SQLite the one write lock does that."""
    if db.session.get_bind().dialect.name == POSTGRES:
        for index in sorted(indexes):
            key = int.from_bytes(index[:8], "big", signed=True)
            db.session.execute(select(func.pg_advisory_xact_lock(key)))


def count_failure(buckets: list[Bucket]) -> None:
    """Count one failure in every bucket, and forget those that no longer count."""
    moment, shared = clock.now(), shared_counters()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - 4 * WINDOW))
    for bucket in buckets:
        db.session.add(SignInAttempt(bucket=bucket.index, at=moment))
        if shared is not None:
            shared.add(bucket.index, at=moment, keep=WINDOW)
    db.session.flush()


def forget_failures(bucket: Bucket) -> None:
    """Start again from nothing: somebody has proved who they are."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == bucket.index))
    shared = shared_counters()
    if shared is not None:
        shared.forget(bucket.index)
