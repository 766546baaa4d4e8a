"""What somebody can be told of, by which ways, and what becomes of it; no I/O."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.web.languages import _l


class Kind(StrEnum):
    """What somebody is told of."""

    PROMPT = "prompt"
    REPLY = "reply"
    CONCERN = "concern"
    EMERGENCY = "emergency"
    SIGN_IN = "sign_in"
    NEW_PHONE = "new_phone"
    NEW_PASSWORD = "new_password"  # noqa: S105 (the name of a kind)


class Channel(StrEnum):
    """By which way."""

    IN_APP = "in_app"
    PUSH = "push"
    EMAIL = "email"


class Outcome(StrEnum):
    """What became of one notice by one way."""

    WAITING = "waiting"
    SENT = "sent"
    SEEN = "seen"
    GONE = "gone"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    WITHDRAWN = "withdrawn"


class Result(StrEnum):
    """What a push service or a mail server made of it."""

    TAKEN = "taken"
    TRY_AGAIN = "try_again"
    GONE = "gone"
    REFUSED = "refused"


class Words(NamedTuple):
    """All that a lock screen or a mailbox ever shows."""

    push: str
    email: str


WORDS = {
    Kind.PROMPT: Words(_l("Whenever you like."), _l("There is a question for you, whenever you like.")),
    Kind.REPLY: Words(_l("There is something for you."), _l("There is something for you.")),
    Kind.CONCERN: Words(_l("Somebody wants a word."), _l("Somebody wants a word.")),
    Kind.EMERGENCY: Words("There is something to look at today.", "There is something to look at today."),
    Kind.SIGN_IN: Words(
        "How you sign in has changed.",
        "How you sign in has changed. If it was not you, tell your council’s administrator now.",
    ),
    Kind.NEW_PHONE: Words(
        _l("A new phone was let in"),
        _l("A new phone was let in. Is it yours? If not, you can shut it out under “Me”."),
    ),
    Kind.NEW_PASSWORD: Words(
        "Choose a new password.",
        "Somebody, you we hope, asked for a new password for your account.",
    ),
}
SHOWN_IN_APP = frozenset({Kind.REPLY})
"""Kinds that need a notice in the app; the others have a place of their own: the card on home, the mentor's list."""
ONLY_BY_EMAIL = frozenset({Kind.NEW_PASSWORD})
"""Kinds that go by e-mail alone, each in a letter of its own, whatever else its reader wants by e-mail: they asked."""
GIVEN_UP_AFTER = {
    Kind.PROMPT: timedelta(hours=2),
    Kind.REPLY: timedelta(hours=24),
    Kind.CONCERN: timedelta(hours=24),
    Kind.EMERGENCY: timedelta(hours=24),
    Kind.SIGN_IN: timedelta(hours=24),
    Kind.NEW_PHONE: timedelta(hours=24),
    Kind.NEW_PASSWORD: timedelta(hours=1),
}
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
CLAIMED_FOR = timedelta(minutes=5)


def wait_after(tries: int) -> timedelta:
    """Return how long to wait before the next try: one minute, two, four, up to half an hour."""
    wait: timedelta = FIRST_WAIT * 2 ** (tries - 1)
    return min(wait, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class PushTarget:
    """One browser as its push service knows it (RFC 8030): where to send, and the keys to seal for it."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """One notice that this process has taken on for a few minutes; nobody else sends it meanwhile."""

    id: UUID
    account_id: UUID
    kind: Kind
    channel: Channel
    topic: str
    target: PushTarget | None = None
    address: str = ""
    language: str = ""
    """The code of the language that they read; empty: English."""
    opens: tuple[str, str] | None = None
    """What a letter about a forgotten password leads to: the council's part of the address, and the code."""


class Delivered(NamedTuple):
    """What one round of delivering did."""

    sent: int
    failed: int
