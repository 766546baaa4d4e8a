"""Failed tries in Redis, where there is one: several servers see them at once, and a flood is stopped without a query.

Redis only ever adds to what the database says. Without it, or once it has forgotten, the database's count holds.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from flask import current_app

if TYPE_CHECKING:
    from redis import Redis

T = TypeVar("T")
SECONDS = 0.3
LEFT_ALONE = 15.0
"""Seconds for which a Redis that did not answer is not asked again."""
PREFIX = "tidemark:tries:"
logger = logging.getLogger(__name__)


def is_installed() -> bool:
    """Say whether the extra `redis` is here."""
    return find_spec("redis") is not None


class SharedCounters:
    """Moments of failed tries by bucket, each in a sorted set that ends by itself; a bucket is a blind index."""

    def __init__(self, url: str) -> None:
        from redis import Redis  # noqa: PLC0415 (the extra `redis` may be missing)
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        self._redis: Redis = Redis.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
        )
        self._lock = threading.Lock()
        self._down_until = 0.0
        self._is_known_down = False

    def count(self, bucket: bytes, *, since: datetime) -> int:
        """Return how many failures Redis has had since a moment; none where it does not answer."""
        return self._ask(lambda redis: int(redis.zcount(_key(bucket), since.timestamp(), "+inf")), 0)

    def add(self, bucket: bytes, *, at: datetime, keep: timedelta) -> None:
        """Count one failure, for as long as it matters."""

        def add(redis: "Redis") -> None:
            with redis.pipeline(transaction=True) as pipe:
                pipe.zremrangebyscore(_key(bucket), "-inf", (at - keep).timestamp())
                pipe.zadd(_key(bucket), {uuid4().hex: at.timestamp()})
                pipe.expire(_key(bucket), keep)
                pipe.execute()

        self._ask(add, None)

    def forget(self, bucket: bytes) -> None:
        """Start again from nothing."""
        self._ask(lambda redis: redis.delete(_key(bucket)), None)

    def _ask(self, ask: Callable[["Redis"], Any], otherwise: T) -> T:
        """Return what Redis says; where it does not, say so once in the log and leave it alone for a while."""
        from redis.exceptions import RedisError  # noqa: PLC0415 (the extra `redis` may be missing)

        if time.monotonic() < self._down_until:
            return otherwise
        try:
            found: T = ask(self._redis)
        except (RedisError, OSError) as error:
            self._note_down(error)
            return otherwise
        self._note_up()
        return found

    def _note_down(self, error: Exception) -> None:
        with self._lock:
            self._down_until = time.monotonic() + LEFT_ALONE
            was_known, self._is_known_down = self._is_known_down, True
        if not was_known:
            logger.error("Redis does not answer (%s): tries are counted in the database", type(error).__name__)

    def _note_up(self) -> None:
        with self._lock:
            was_down, self._is_known_down = self._is_known_down, False
        if was_down:
            logger.warning("Redis answers again")


def shared_counters() -> SharedCounters | None:
    """Return this process's way to Redis; None where the settings name none."""
    found: SharedCounters | None = current_app.extensions.get("shared_counters")
    url = current_app.extensions["settings"].redis_url
    if found is None and url:
        found = current_app.extensions["shared_counters"] = SharedCounters(url)
    return found


def _key(bucket: bytes) -> str:
    return PREFIX + bucket.hex()
