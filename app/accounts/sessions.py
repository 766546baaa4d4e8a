"""Who a request comes from: Flask-Login over sessions that the server can end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select, update

from app import clock
from app.accounts.browsers import browser_in_words
from app.accounts.models import Account, SignedInSession
from app.accounts.passwords import hash_token
from app.accounts.session_services import end_session, start_session
from app.accounts.values import AT_THE_COUNCIL, NEEDS_SECOND_STEP, ONE_STEP, Proof, Role, Viewer
from app.database import db, transaction

IDLE = {Role.YOUNG_PERSON: timedelta(days=14)}
IDLE_ADULT = timedelta(minutes=60)
ABSOLUTE = {Role.YOUNG_PERSON: timedelta(days=90)}
ABSOLUTE_ADULT = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
FRESH = timedelta(minutes=10)

login_manager = LoginManager()
login_manager.session_protection = None


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The person signed in on this browser."""

    token: str
    viewer: Viewer
    session_id: UUID
    proof: Proof
    started_at: datetime
    has_given_password: bool = False
    """Whether somebody else typed the password of their account."""

    @property
    def must_choose_password(self) -> bool:
        """Say whether they signed in where a password that somebody else knows still opens."""
        return self.has_given_password and self.proof not in AT_THE_COUNCIL

    @property
    def must_set_up(self) -> bool:
        """Say whether this role needs a second step that this account does not have yet."""
        return self.proof in ONE_STEP and self.viewer.role in NEEDS_SECOND_STEP

    @property
    def is_fresh(self) -> bool:
        """Say whether they proved who they are a moment ago; in a demo nobody can, so there it is enough to be in."""
        return self.proof is Proof.DEMO or clock.is_within(FRESH, self.started_at)

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """Return who holds a token, or None where the session ended, idled too long, or the account was closed."""
    query = select(SignedInSession, Account).join(Account, Account.id == SignedInSession.account_id)
    if g.get("nothing_can_be_read"):
        return None
    found = db.session.execute(query.where(SignedInSession.token_hash == hash_token(token))).one_or_none()
    if found is None:
        return None
    signed_in, account = found
    if signed_in.ended_at is not None or not account.is_active:
        return None
    if not clock.is_within(IDLE.get(account.role, IDLE_ADULT), signed_in.last_seen_at):
        return None
    if not clock.is_within(ABSOLUTE.get(account.role, ABSOLUTE_ADULT), signed_in.started_at):
        return None
    found_viewer, session_id, proof = viewer_of(account), signed_in.id, signed_in.proof
    started_at = signed_in.started_at
    if clock.now() - signed_in.last_seen_at > NOTED_EVERY:
        note_seen(signed_in)
    return SignedIn(token, found_viewer, session_id, proof, started_at, account.password_given_at is not None)


def note_seen(signed_in: SignedInSession) -> None:
    """Remember that a session is in use, at most once a minute."""
    session_id = signed_in.id
    with transaction():
        query = update(SignedInSession).where(SignedInSession.id == session_id)
        db.session.execute(query.values(last_seen_at=clock.now()))


KEPT = frozenset({Proof.DEMO, Proof.SIGN_ON_IN_TWO_STEPS})
"""Proofs that no change of one's own ways to sign in adds to or takes from."""


def sign_in(account: Account, proof: Proof, *, proved_at: datetime | None = None) -> None:
    """Sign an account in on this browser with a new token; call inside `transaction()`.

    `proved_at` is when they proved who they are, where that was not now.
    """
    _begin(account, proof, proved_at=proved_at)


def sign_in_again(account: Account, proof: Proof) -> None:
    """Give this browser a new token: who is signed in has just proved once more that it is them."""
    before = cast("SignedIn", current_user)
    _begin(account, before.proof if before.proof in KEPT else proof, proved_at=None)


def change_token(account: Account, proof: Proof) -> None:
    """Give this browser a new token after a way to sign in changed; call inside `transaction()`.

    Who they are was not proved by that: the session counts as fresh, and lasts, only as the one before it would have.
    """
    before = cast("SignedIn", current_user)
    _begin(account, before.proof if before.proof in KEPT else proof, proved_at=before.started_at)


def _begin(account: Account, proof: Proof, *, proved_at: datetime | None) -> None:
    sign_out()
    browser = browser_in_words(request.user_agent.string)
    token = start_session(account=account, proof=proof, browser=browser, proved_at=proved_at)
    started = session_with(token)
    login_user(SignedIn(token, viewer_of(account), started.id, proof, started.started_at))
    current_app.extensions["on_sign_in"](viewer_of(account))


def session_with(token: str) -> SignedInSession:
    query = select(SignedInSession).where(SignedInSession.token_hash == hash_token(token))
    return db.session.execute(query).scalar_one()


def viewer_of(account: Account) -> Viewer:
    return Viewer(account.id, account.council_id, account.role, account.young_person_id)


def sign_out() -> None:
    """End this browser's session on the server and in the cookie; call inside `transaction()`."""
    token = cast("str | None", session.get("_user_id"))
    if token is not None:
        end_session(token=token)
    logout_user()
    session.clear()


def install_sessions(app: Flask, *, on_sign_in: Callable[[Viewer], None]) -> None:
    """Let Flask-Login find sessions; `on_sign_in` is told of each sign-in, inside its transaction."""
    app.extensions["on_sign_in"] = on_sign_in
    login_manager.init_app(app)
