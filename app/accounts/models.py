"""Councils, accounts and the ways to sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.values import Proof, Role
from app.crypto.fields import SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.database import CouncilRow, Row, one_of


class Council(Row):
    """A local authority: the tenant that every other row belongs to."""

    __tablename__ = "councils"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class Account(SealedRow):
    """Somebody who can sign in; a young person's account is sealed under their own data key."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("council_id", "email_index"),)

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    owner_kind: Mapped[OwnerKind] = mapped_column(one_of(OwnerKind))
    owner_id: Mapped[UUID] = mapped_column(index=True)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_given_at: Mapped[datetime | None]
    """When somebody else typed the password that it has; None where its owner chose it."""
    picture_code_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    name = SealedText()
    email = SealedText()

    @property
    def key_owner(self) -> Owner:
        return self.owner_kind, self.owner_id

    @property
    def young_person_id(self) -> UUID | None:
        """Return whose account this is, where it is a young person's."""
        return self.owner_id if self.owner_kind is OwnerKind.YOUNG_PERSON else None


class SignedInSession(CouncilRow):
    """One browser that is signed in; ending the row signs it out."""

    __tablename__ = "signed_in_sessions"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    proof: Mapped[Proof] = mapped_column(one_of(Proof))
    browser: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInCard(CouncilRow):
    """A code that a mentor shows a young person: works once, for ten minutes, and enrols the device it opens on."""

    __tablename__ = "sign_in_cards"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of what the browser keeps that opened it first: no other one may choose the pictures."""


class DeviceRequest(CouncilRow):
    """A phone that asks to be let in: nobody's until a mentor says whose, good for ten minutes, and once."""

    __tablename__ = "device_requests"
    __table_args__ = (Index("ix_device_requests_code", "council_id", "code_index"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    browser: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    let_in_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    let_in_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class EnrolledDevice(CouncilRow):
    """A phone or tablet on which a young person may sign in with their picture code."""

    __tablename__ = "enrolled_devices"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    enrolled_at: Mapped[datetime]
    let_in_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    """The mentor whose card it was, or who let the phone in."""
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Row):
    """A failed sign-in, counted against an account or an address that is known only by its blind index."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_bucket_at", "bucket", "at"),)

    bucket: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime]


class Passkey(CouncilRow):
    """A key that a phone or computer holds, and that it proves with a finger, a face or a code of its own."""

    __tablename__ = "passkeys"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    browser: Mapped[str] = mapped_column(String(40), default="")
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Row):
    """A random number that one passkey has to sign: good once, for ten minutes."""

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(index=True)


class Authenticator(SealedRow):
    """An adult's authenticator app: counts once its first code was right; no code works twice (RFC 6238)."""

    __tablename__ = "authenticators"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    secret = SealedText()

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.ACCOUNT, self.account_id


class PasswordReset(CouncilRow):
    """That an adult asked for a new password; the code for it is made as the letter goes out, and kept hashed."""

    __tablename__ = "password_resets"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked_at: Mapped[datetime]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class RecoveryCode(CouncilRow):
    """A code on paper for the day that the phone is lost: works once.

    Kept as Argon2id of its SHA-256; codes that were made together share their salt, so that one try is worked out once.
    """

    __tablename__ = "recovery_codes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
