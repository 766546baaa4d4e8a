"""What the page about one's own ways to sign in may show."""

from dataclasses import dataclass
from uuid import UUID

import pyotp

from app.accounts.models import Account, Passkey, SignedInSession
from app.accounts.queries import authenticator_of, open_sessions, passkeys_of, unused_recovery_codes
from app.accounts.values import NEEDS_SECOND_STEP, Viewer
from app.web.dates import on_moment
from app.web.errors import NotFoundError
from app.web.languages import _l
from app.web.qr import QrPicture, qr_picture

ISSUER = "Tidemark"
GROUP = 4
UNKNOWN_BROWSER = _l("A browser")


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One passkey, named by the browser it was made in."""

    id: UUID
    browser: str
    added: str
    used: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One place where the viewer is signed in."""

    id: UUID
    browser: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class MyMethods:
    """Everything on the page."""

    passkeys: list[PasskeyLine]
    sessions: list[SessionLine]
    has_authenticator: bool
    recovery_codes: int
    is_needed: bool
    must_set_up: bool
    must_choose_password: bool

    @property
    def may_forget_authenticator(self) -> bool:
        """Say whether a second step is left without the app, where the role needs one."""
        return bool(self.passkeys) or not self.is_needed


def passkey_lines(passkeys: list[Passkey]) -> list[PasskeyLine]:
    return [
        PasskeyLine(
            one.id,
            one.browser or UNKNOWN_BROWSER,
            on_moment(one.added_at),
            on_moment(one.last_used_at) if one.last_used_at else "",
        )
        for one in passkeys
    ]


def _session_line(session: SignedInSession, current: UUID) -> SessionLine:
    seen = on_moment(session.last_seen_at)
    return SessionLine(session.id, session.browser or UNKNOWN_BROWSER, seen, session.id == current)


def my_methods(viewer: Viewer, *, current_session: UUID, must_set_up: bool, must_choose_password: bool) -> MyMethods:
    """Return the viewer's own ways to sign in."""
    found = authenticator_of(viewer.account_id)
    return MyMethods(
        passkey_lines(passkeys_of(viewer.account_id)),
        [_session_line(one, current_session) for one in open_sessions(viewer)],
        found is not None and found.confirmed_at is not None,
        unused_recovery_codes(viewer.account_id),
        viewer.role in NEEDS_SECOND_STEP,
        must_set_up,
        must_choose_password,
    )


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an authenticator app needs: a QR code to scan, or the secret to type."""

    picture: QrPicture
    secret: str


def set_up_of(account: Account) -> SetUp:
    """Return what to scan for the authenticator app that was just begun; raises NotFoundError where none was."""
    found = authenticator_of(account.id)
    if found is None:
        raise NotFoundError
    groups = [found.secret[start : start + GROUP] for start in range(0, len(found.secret), GROUP)]
    address = pyotp.TOTP(found.secret).provisioning_uri(name=account.email, issuer_name=ISSUER)
    return SetUp(qr_picture(address), " ".join(groups))
