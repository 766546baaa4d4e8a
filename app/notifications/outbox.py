"""Claiming what waits in the outbox and writing down what became of it: two steps, each in the caller's transaction.

Between them nothing is held open, so a slow push service stops nobody. A claim lasts a few minutes: where a process
dies between sending and writing down, the notice is sent once more, under the same topic or Message-ID, not never.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account, EnrolledDevice
from app.accounts.reset_services import fresh_code
from app.database import db
from app.notifications.models import Notice, PushSubscription
from app.notifications.queries import address_of, is_wanted, language_of
from app.notifications.services import forget_browser
from app.notifications.values import (
    CLAIMED_FOR,
    GIVEN_UP_AFTER,
    ONLY_BY_EMAIL,
    Channel,
    Claimed,
    Kind,
    Outcome,
    PushTarget,
    Result,
    wait_after,
)

ENDS = {Result.TAKEN: Outcome.SENT, Result.GONE: Outcome.GONE, Result.REFUSED: Outcome.REFUSED}


def claim(ids: Iterable[UUID], moment: datetime) -> list[Claimed]:
    """Take on those of these notices that still wait and that nobody else has taken on."""
    query = select(Notice).where(
        Notice.id.in_(list(ids)), Notice.outcome == Outcome.WAITING, Notice.next_try_at <= moment
    )
    notices = db.session.execute(query.order_by(Notice.id).with_for_update(skip_locked=True)).scalars()
    return [claimed for notice in list(notices) if (claimed := _claimed(notice, moment)) is not None]


def _claimed(notice: Notice, moment: datetime) -> Claimed | None:
    account = db.session.get_one(Account, notice.account_id)
    is_push = notice.channel is Channel.PUSH
    target = _target(notice.subscription_id) if is_push else None
    address = "" if is_push else address_of(account)
    is_asked_for = notice.kind in ONLY_BY_EMAIL
    if not account.is_active or not (is_asked_for or is_wanted(account, notice.channel)):
        _end(notice, Outcome.WITHDRAWN, moment)
    elif moment - notice.made_at > GIVEN_UP_AFTER[notice.kind]:
        _end(notice, Outcome.GAVE_UP, moment)
    elif target is None and not address:
        _end(notice, Outcome.GONE, moment)
    else:
        opens = fresh_code(notice.about_id) if notice.kind is Kind.NEW_PASSWORD else None
        if is_asked_for and opens is None:
            _end(notice, Outcome.WITHDRAWN, moment)
            return None
        notice.tries += 1
        notice.next_try_at = moment + CLAIMED_FOR
        language, topic = language_of(account), notice.about_id.hex
        return Claimed(notice.id, account.id, notice.kind, notice.channel, topic, target, address, language, opens)
    return None


def _target(subscription_id: UUID | None) -> PushTarget | None:
    """Return where to push, or None where the browser is forgotten, or with it the phone that it is on."""
    subscription = db.session.get(PushSubscription, subscription_id) if subscription_id else None
    if subscription is None:
        return None
    device = db.session.get(EnrolledDevice, subscription.device_id) if subscription.device_id else None
    if device is not None and device.revoked_at is not None:
        forget_browser(subscription=subscription, actor_id=None)
        return None
    return PushTarget(subscription.endpoint, subscription.p256dh, subscription.auth)


def settle(claimed: Sequence[Claimed], result: Result, moment: datetime) -> None:
    """Write down what became of what was claimed; what did not go through waits longer each time, then is given up."""
    for one in claimed:
        notice = db.session.get_one(Notice, one.id)
        if notice.outcome is not Outcome.WAITING:
            continue
        if result in ENDS:
            _end(notice, ENDS[result], moment)
        elif moment - notice.made_at + wait_after(notice.tries) > GIVEN_UP_AFTER[notice.kind]:
            _end(notice, Outcome.GAVE_UP, moment)
        else:
            notice.next_try_at = moment + wait_after(notice.tries)
        if result is Result.GONE and notice.subscription_id is not None:
            subscription = db.session.get(PushSubscription, notice.subscription_id)
            if subscription is not None:
                forget_browser(subscription=subscription, actor_id=None)


def _end(notice: Notice, outcome: Outcome, moment: datetime) -> None:
    notice.outcome, notice.outcome_at = outcome, moment
