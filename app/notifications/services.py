"""Putting notices into the outbox, taking them out again, and keeping what each account wants."""

import re
from uuid import UUID, uuid5

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.models import Account
from app.accounts.values import EMAIL, Role, Viewer
from app.audit import services as audit
from app.crypto.keyring import current_keyring
from app.database import Row, db
from app.notifications.models import ChannelChoice, Notice, PushSubscription
from app.notifications.queries import address_of, choice_of, is_wanted, subscriptions_of
from app.notifications.values import ONLY_BY_EMAIL, SHOWN_IN_APP, Channel, Kind, Outcome, PushTarget
from app.notifications.web_push import is_allowed, is_well_formed
from app.web.languages import _

EVERYWHERE = UUID(int=0)
MOST_BROWSERS = 8
LONGEST_ADDRESS = 200


class UnusableTargetError(ValueError):
    """A browser gave a push address that Tidemark does not send to."""


class NotAnAddressError(ValueError):
    """That is no e-mail address."""


def notify(*, account_id: UUID, kind: Kind, about_id: UUID, again: int = 0) -> None:
    """Put one event into the outbox for one account, by every way that they want; the same event again does nothing.

    `again` counts reminders of the same thing. Nothing is sent here: `flask prompts send` does. A notice never says
    what it is about.
    """
    account = db.session.get_one(Account, account_id)
    if kind in ONLY_BY_EMAIL:
        _queue(account, kind, Channel.EMAIL, (about_id, again), None)
        return
    ways: list[tuple[Channel, UUID | None]] = [(Channel.IN_APP, None)] if kind in SHOWN_IN_APP else []
    if is_wanted(account, Channel.PUSH):
        ways += [(Channel.PUSH, subscription.id) for subscription in subscriptions_of(account_id)]
    if current_app.extensions["settings"].mail and is_wanted(account, Channel.EMAIL) and address_of(account):
        ways.append((Channel.EMAIL, None))
    for channel, subscription_id in ways:
        _queue(account, kind, channel, (about_id, again), subscription_id)


def _queue(
    account: Account, kind: Kind, channel: Channel, event: tuple[UUID, int], subscription_id: UUID | None
) -> None:
    about_id, again = event
    notice_id = uuid5(about_id, f"{kind}/{again}/{account.id}/{channel}/{subscription_id}")
    if db.session.get(Notice, notice_id) is not None:
        return
    moment = clock.now()
    notice = Notice(
        id=notice_id,
        council_id=account.council_id,
        account_id=account.id,
        kind=kind,
        channel=channel,
        about_id=about_id,
        subscription_id=subscription_id,
        made_at=moment,
        next_try_at=moment,
        tries=0,
        outcome=Outcome.WAITING,
    )
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        return


def withdraw(*, about_id: UUID) -> None:
    """Send nothing any more about something that is settled."""
    query = update(Notice).where(Notice.about_id == about_id, Notice.outcome == Outcome.WAITING)
    db.session.execute(query.values(outcome=Outcome.WITHDRAWN, outcome_at=clock.now()))


def mark_seen(*, viewer: Viewer, kind: Kind) -> None:
    """Take away the viewer's notices of one kind: they have opened what it is about."""
    query = update(Notice).where(
        Notice.account_id == viewer.account_id,
        Notice.channel == Channel.IN_APP,
        Notice.kind == kind,
        Notice.outcome == Outcome.WAITING,
    )
    db.session.execute(query.values(outcome=Outcome.SEEN, outcome_at=clock.now()))


def add_browser(*, viewer: Viewer, target: PushTarget, device_id: UUID | None) -> PushSubscription:
    """Let a browser take push for the viewer; one that took it for somebody else no longer does.

    Raises UnusableTargetError where the address is not one of a push service's, or the keys are none.
    """
    settings = current_app.extensions["settings"].push
    if not is_allowed(target.endpoint, settings) or not is_well_formed(target):
        raise UnusableTargetError(_("Tidemark can’t send pop-ups to this browser."))
    index = current_keyring().blind_index(EVERYWHERE, PushSubscription.__tablename__, "endpoint", target.endpoint)
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint_index == index))
    for oldest in subscriptions_of(viewer.account_id)[: -(MOST_BROWSERS - 1)]:
        db.session.delete(oldest)
    account = db.session.get_one(Account, viewer.account_id)
    made = PushSubscription(
        council_id=account.council_id,
        account_id=account.id,
        owner_kind=account.owner_kind,
        owner_id=account.owner_id,
        device_id=device_id,
        endpoint_index=index,
        made_at=clock.now(),
        endpoint=target.endpoint,
        p256dh=target.p256dh,
        auth=target.auth,
    )
    db.session.add(made)
    _record(account, "push_subscription:added", made, account.id)
    return made


def forget_browser(*, subscription: PushSubscription, actor_id: UUID | None) -> None:
    """Send nothing to a browser any more: its owner said so, or its push service did (`actor_id`: None)."""
    account = db.session.get_one(Account, subscription.account_id)
    action = "push_subscription:gone" if actor_id is None else "push_subscription:forgotten"
    _record(account, action, subscription, actor_id)
    db.session.delete(subscription)
    db.session.flush()


def forget_browsers(*, account_id: UUID, actor_id: UUID) -> None:
    """Forget every browser of an account: for a lost phone."""
    for subscription in subscriptions_of(account_id):
        forget_browser(subscription=subscription, actor_id=actor_id)


def choose_channel(*, viewer: Viewer, channel: Channel, wanted: bool, address: str = "") -> ChannelChoice:
    """Keep whether the viewer wants to be told by one way; a young person gives the address to write to.

    Raises NotAnAddressError where a young person wants e-mail and gives none that could be one.
    """
    account = db.session.get_one(Account, viewer.account_id)
    needs_address = account.role is Role.YOUNG_PERSON and channel is Channel.EMAIL
    address = address.strip() if needs_address else ""
    if needs_address and wanted and (len(address) > LONGEST_ADDRESS or re.fullmatch(EMAIL, address) is None):
        raise NotAnAddressError(_("That is not a whole e-mail address. Check it, or leave it off."))
    choice = choice_of(account.id, channel)
    if choice is None:
        choice = ChannelChoice(
            council_id=account.council_id,
            account_id=account.id,
            owner_kind=account.owner_kind,
            owner_id=account.owner_id,
            channel=channel,
        )
        db.session.add(choice)
    choice.is_wanted, choice.address = wanted, address if wanted else ""
    _record(account, "channel:chosen", choice, account.id)
    return choice


def _record(account: Account, action: str, about: Row, actor_id: UUID | None) -> None:
    db.session.flush()
    audit.record(
        council_id=account.council_id,
        actor_id=actor_id,
        action=action,
        young_person_id=account.young_person_id,
        about=about,
    )
