"""Limits of what may be written in the feed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

LONGEST_POST = 5_000
LONGEST_REPLY = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who has opened a post, and when they first did."""

    account_id: UUID
    name: str
    at: datetime
