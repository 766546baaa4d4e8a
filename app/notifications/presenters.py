"""What pages say of the ways in which somebody is told, and of what was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.accounts.models import Account
from app.notifications.models import Notice, PushSubscription
from app.notifications.values import Channel, Outcome
from app.web.dates import on_moment, time_in_words

CHANNEL_WORDS = {Channel.PUSH: "pop-up on a phone", Channel.EMAIL: "e-mail"}


@dataclass(frozen=True, slots=True)
class BrowserLine:
    """One browser that takes push."""

    id: UUID
    added: str


@dataclass(frozen=True, slots=True)
class WaysView:
    """The ways that are there, and what was chosen. `push_key` is empty where web push is not set up."""

    push_key: str
    browsers: list[BrowserLine]
    has_mail: bool
    wants_mail: bool
    address: str
    problem: str = ""


def ways_view(
    account: Account,
    browsers: Iterable[PushSubscription],
    *,
    push_key: str,
    has_mail: bool,
    wants_mail: bool,
    address: str,
    problem: str = "",
) -> WaysView:
    lines = [BrowserLine(one.id, on_moment(one.made_at)) for one in browsers]
    return WaysView(push_key, lines, has_mail, wants_mail, address or account.email, problem)


def told_in_words(notices: Iterable[Notice]) -> list[str]:
    """Return what was sent outside the app about one thing: by which way, and what became of it; no words of it."""
    return [f"{CHANNEL_WORDS[one.channel]}: {_outcome(one)}" for one in notices]


def _outcome(notice: Notice) -> str:
    at = f" at {time_in_words(notice.outcome_at)}" if notice.outcome_at else ""
    tries = f", tried {notice.tries} times" if notice.tries > 1 else ""
    return {
        Outcome.WAITING: f"on its way{tries}",
        Outcome.SENT: f"handed over{at}",
        Outcome.SEEN: f"opened{at}",
        Outcome.GONE: "that phone no longer takes it",
        Outcome.REFUSED: "refused by their service",
        Outcome.GAVE_UP: f"given up{at}{tries}",
        Outcome.WITHDRAWN: "no longer needed",
    }[notice.outcome]
