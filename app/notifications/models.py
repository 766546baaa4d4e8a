"""The outbox with its log, the browsers that take push, and what each account wants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import CouncilRow, one_of
from app.notifications.values import Channel, Kind, Outcome


class AccountRow(SealedRow):
    """A row of one account, sealed under the key that seals the account."""

    __abstract__ = True

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    owner_kind: Mapped[OwnerKind] = mapped_column(one_of(OwnerKind))
    owner_id: Mapped[UUID]

    @property
    def key_owner(self) -> Owner:
        return self.owner_kind, self.owner_id


class PushSubscription(AccountRow):
    """One browser that takes push; its address is a secret, since whoever knows it can be told apart by it."""

    __tablename__ = "push_subscriptions"

    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolled_devices.id"))
    endpoint_index: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    made_at: Mapped[datetime]
    endpoint = SealedText()
    p256dh = SealedText()
    auth = SealedText()


class ChannelChoice(AccountRow):
    """Whether somebody wants to be told by one way, and a young person's e-mail address where they gave one."""

    __tablename__ = "channel_choices"
    __table_args__ = (UniqueConstraint("account_id", "channel"),)

    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    is_wanted: Mapped[bool]
    address = SealedText()


class Notice(CouncilRow):
    """One event told to one account by one way (by push: to one browser): outbox and log in one row, without words."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_outcome_next_try_at", "outcome", "next_try_at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    about_id: Mapped[UUID] = mapped_column(index=True)
    subscription_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    outcome_at: Mapped[datetime | None]
