"""Reading what somebody wants, which browsers take push for them, and what became of notices."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.values import Role, Viewer
from app.database import db
from app.notifications.models import ChannelChoice, Notice, PushSubscription
from app.notifications.values import Channel, Kind, Outcome
from app.web.errors import NotFoundError
from app.young_people.looks import from_map
from app.young_people.models import YoungPerson


def choice_of(account_id: UUID, channel: Channel) -> ChannelChoice | None:
    query = select(ChannelChoice).where(ChannelChoice.account_id == account_id, ChannelChoice.channel == channel)
    return db.session.execute(query).scalar_one_or_none()


def is_wanted(account: Account, channel: Channel) -> bool:
    """Say whether somebody wants to be told by this way: as they chose; else push, and adults by e-mail."""
    choice = choice_of(account.id, channel)
    if choice is not None:
        return choice.is_wanted
    return channel is not Channel.EMAIL or account.role is not Role.YOUNG_PERSON


def address_of(account: Account) -> str:
    """Return the e-mail address to write to: an adult's own, or the one that a young person gave; empty for none."""
    if account.role is not Role.YOUNG_PERSON:
        return account.email
    choice = choice_of(account.id, Channel.EMAIL)
    return choice.address if choice is not None else ""


def language_of(account: Account) -> str:
    """Return the language that somebody chose; empty for none, and for adults, whose pages are in English."""
    person = db.session.get(YoungPerson, account.young_person_id) if account.young_person_id else None
    return from_map(person.looks).language if person is not None else ""


def subscriptions_of(account_id: UUID) -> list[PushSubscription]:
    query = select(PushSubscription).where(PushSubscription.account_id == account_id)
    return list(db.session.execute(query.order_by(PushSubscription.made_at, PushSubscription.id)).scalars())


def own_subscription(viewer: Viewer, subscription_id: UUID) -> PushSubscription:
    """Return one of the viewer's own browsers; raises NotFoundError."""
    found = db.session.get(PushSubscription, subscription_id)
    if found is None or found.account_id != viewer.account_id:
        raise NotFoundError
    return found


def unseen_notices(viewer: Viewer, kind: Kind) -> list[Notice]:
    """Return what the app has for the viewer and they have not opened, oldest first."""
    query = select(Notice).where(
        Notice.account_id == viewer.account_id,
        Notice.channel == Channel.IN_APP,
        Notice.kind == kind,
        Notice.outcome == Outcome.WAITING,
    )
    return list(db.session.execute(query.order_by(Notice.made_at)).scalars())


def notices_about(ids: Iterable[UUID]) -> dict[UUID, list[Notice]]:
    """Return what was sent outside the app about things already found for their viewer, by thing, oldest first."""
    found: dict[UUID, list[Notice]] = {about_id: [] for about_id in ids}
    query = select(Notice).where(Notice.about_id.in_(found), Notice.channel != Channel.IN_APP)
    for notice in db.session.execute(query.order_by(Notice.made_at, Notice.channel, Notice.id)).scalars():
        found[notice.about_id].append(notice)
    return found


def waiting_before(moment: datetime) -> list[tuple[UUID, UUID, Channel, Kind]]:
    """Return (id, account, channel, kind) of the notices whose next try has come, the longest waiting first."""
    query = select(Notice.id, Notice.account_id, Notice.channel, Notice.kind).where(
        Notice.outcome == Outcome.WAITING, Notice.channel != Channel.IN_APP, Notice.next_try_at <= moment
    )
    rows = db.session.execute(query.order_by(Notice.next_try_at))
    return [(one, account, channel, kind) for one, account, channel, kind in rows]
