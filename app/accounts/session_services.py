"""Beginning a session and ending it: on one browser, on all of them, or where one step was all that was asked for."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app import clock
from app.accounts.models import Account, SignedInSession
from app.accounts.passwords import hash_token
from app.accounts.values import ONE_STEP, Proof, Viewer
from app.audit import services as audit
from app.database import Row, db


def start_session(*, account: Account, proof: Proof, browser: str = "", proved_at: datetime | None = None) -> str:
    """Sign an account in on one browser; return the token that the browser keeps.

    `browser` names its kind ("Firefox, Windows"), for the list of places where somebody is signed in.
    `proved_at` is when they proved who they are, where that was not now.
    """
    token, moment = secrets.token_urlsafe(32), clock.now()
    session = SignedInSession(
        council_id=account.council_id,
        account_id=account.id,
        token_hash=hash_token(token),
        proof=proof,
        browser=browser,
        started_at=proved_at or moment,
        last_seen_at=moment,
    )
    db.session.add(session)
    db.session.flush()
    audit.record(
        council_id=account.council_id,
        actor_id=account.id,
        action="session:started",
        young_person_id=account.young_person_id,
        about=session,
    )
    return token


def end_session(*, token: str) -> None:
    query = update(SignedInSession).where(SignedInSession.token_hash == hash_token(token))
    db.session.execute(query.where(SignedInSession.ended_at.is_(None)).values(ended_at=clock.now()))


def end_all_sessions(*, account_id: UUID) -> None:
    query = update(SignedInSession).where(SignedInSession.account_id == account_id)
    db.session.execute(query.where(SignedInSession.ended_at.is_(None)).values(ended_at=clock.now()))


def end_sessions_by_password_alone(*, account_id: UUID) -> None:
    """Sign an account out wherever one step was asked for, such as its password: from now on that is not enough."""
    query = update(SignedInSession).where(SignedInSession.account_id == account_id)
    by_password = query.where(SignedInSession.proof.in_(ONE_STEP), SignedInSession.ended_at.is_(None))
    db.session.execute(by_password.values(ended_at=clock.now()))


def end_one_session(*, session: SignedInSession, actor: Viewer) -> None:
    """Sign one of the actor's own browsers out."""
    session.ended_at = clock.now()
    _tell_ended(session, actor)


def sign_out_everywhere(*, account: Account, actor: Viewer) -> None:
    end_all_sessions(account_id=account.id)
    _tell_ended(account, actor)


def _tell_ended(about: Row, actor: Viewer) -> None:
    audit.record(
        council_id=actor.council_id,
        actor_id=actor.account_id,
        action="session:ended",
        young_person_id=actor.young_person_id,
        about=about,
    )
