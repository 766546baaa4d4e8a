"""A council's provider, whom it has signed in, who was invited to, and which answers were used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.values import Role
from app.crypto.fields import SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import CouncilRow
from app.sign_on.values import LONGEST_ADDRESS, ProviderDetails


class SignOnProvider(SealedRow):
    """A council's OpenID Connect provider; the secret that it knows us by is sealed under the council's key."""

    __tablename__ = "sign_on_providers"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    client_id: Mapped[str] = mapped_column(String(200))
    roles: Mapped[str] = mapped_column(String(200))
    second_step: Mapped[str] = mapped_column(String(200))
    is_open: Mapped[bool]
    changed_at: Mapped[datetime]
    secret = SealedText()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.COUNCIL, self.council_id

    @property
    def details(self) -> ProviderDetails:
        """Return what an administrator set, without the secret."""
        return ProviderDetails(
            name=self.name,
            issuer=self.issuer,
            client_id=self.client_id,
            secret=None,
            roles=frozenset(map(Role, self.roles.split())),
            second_step=tuple(self.second_step.split()),
            is_open=self.is_open,
        )


class SignOnSubject(CouncilRow):
    """An account's own name at the provider, known by its blind index only; one for each account."""

    __tablename__ = "sign_on_subjects"
    __table_args__ = (UniqueConstraint("council_id", "subject_index"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    subject_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    bound_at: Mapped[datetime]


class SignOnInvitation(CouncilRow):
    """An administrator's word that whoever the provider vouches an account's e-mail address for may use it."""

    __tablename__ = "sign_on_invitations"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    invited_at: Mapped[datetime]


class SpentSignOn(CouncilRow):
    """An answer of the provider's that was used: it opens nothing again."""

    __tablename__ = "spent_sign_ons"

    nonce_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)
