"""Passkeys (WebAuthn level 2): adding one, and proving with one who somebody is."""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import webauthn
from sqlalchemy import delete, select
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import clock
from app.accounts.models import Account, Passkey, PasskeyChallenge
from app.accounts.passwords import hash_token
from app.accounts.queries import passkeys_of
from app.accounts.session_services import end_sessions_by_password_alone
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db

NAME = "Tidemark"
CHALLENGE_LIFE = timedelta(minutes=10)
CHALLENGE_BYTES = 32
LONGEST_ANSWER = 20_000


class PasskeyRefusedError(ValueError):
    """What the browser sent proves nothing: made for another site, used before, too late, or broken."""


@dataclass(frozen=True, slots=True)
class Site:
    """The host name that passkeys are bound to, and the origin that may ask for them."""

    host: str
    origin: str


def options_to_add(*, account: Account, site: Site) -> str:
    """Return the browser's instructions for making a passkey, as JSON; passkeys made before are left out."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=account.id.bytes,
        user_name=account.name,
        user_display_name=account.name,
        challenge=_new_challenge(),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in passkeys_of(account.id)],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def options_to_prove(*, site: Site) -> str:
    """Return the browser's instructions for proving with any passkey of this site, as JSON; they name nobody."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=_new_challenge(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options)


def add_passkey(*, account: Account, answer: str, site: Site, browser: str) -> Passkey:
    """Keep the passkey that a browser made; raises PasskeyRefusedError."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=_spend_challenge(answer),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise PasskeyRefusedError(str(error)) from error
    if _passkey_with(made.credential_id) is not None:
        raise PasskeyRefusedError("This passkey is known already.")
    passkey = Passkey(
        council_id=account.council_id,
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        browser=browser,
        added_at=clock.now(),
    )
    db.session.add(passkey)
    end_sessions_by_password_alone(account_id=account.id)
    db.session.flush()
    _tell(account, "passkey:added", passkey, account.id)
    return passkey


def prove_with_passkey(*, answer: str, site: Site) -> Account:
    """Return whose passkey signed; raises PasskeyRefusedError, also for a closed account."""
    challenge = _spend_challenge(answer)
    passkey = _passkey_with(_credential_id(answer))
    if passkey is None:
        raise PasskeyRefusedError("This passkey is not known here.")
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise PasskeyRefusedError(str(error)) from error
    account = db.session.get_one(Account, passkey.account_id)
    if not account.is_active:
        raise PasskeyRefusedError("This account is closed.")
    passkey.sign_count, passkey.last_used_at = proved.new_sign_count, clock.now()
    return account


def remove_passkey(*, passkey: Passkey, account: Account, actor: Viewer) -> None:
    _tell(account, "passkey:removed", passkey, actor.account_id)
    db.session.delete(passkey)
    db.session.flush()


def remove_passkeys(*, account: Account, actor: Viewer) -> None:
    """Remove every passkey of an account: nothing says which of its phones one is in."""
    for passkey in passkeys_of(account.id):
        remove_passkey(passkey=passkey, account=account, actor=actor)


def _new_challenge() -> bytes:
    challenge, moment = secrets.token_bytes(CHALLENGE_BYTES), clock.now()
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.made_at < moment - CHALLENGE_LIFE))
    db.session.add(PasskeyChallenge(challenge_hash=hash_token(challenge.hex()), made_at=moment))
    db.session.flush()
    return challenge


def _spend_challenge(answer: str) -> bytes:
    """Return the challenge that an answer signs, if it is one of ours, new and unused; nobody can use it again."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefusedError("The answer is too long.")
    try:
        client = json.loads(answer)["response"]["clientDataJSON"]
        challenge = parse_client_data_json(base64url_to_bytes(client)).challenge
    except (ValueError, KeyError, TypeError, WebAuthnException) as error:
        raise PasskeyRefusedError("The answer cannot be read.") from error
    spent = delete(PasskeyChallenge).where(
        PasskeyChallenge.challenge_hash == hash_token(challenge.hex()),
        PasskeyChallenge.made_at.between(clock.now() - CHALLENGE_LIFE, clock.now() + clock.SKEW),
    )
    if db.session.execute(spent.returning(PasskeyChallenge.id)).first() is None:
        raise PasskeyRefusedError("The challenge was used before, or is too old.")
    return challenge


def _credential_id(answer: str) -> bytes:
    try:
        return base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError("The answer cannot be read.") from error


def _passkey_with(credential_id: bytes) -> Passkey | None:
    return db.session.execute(select(Passkey).where(Passkey.credential_id == credential_id)).scalar_one_or_none()


def _tell(account: Account, action: str, passkey: Passkey, actor_id: UUID) -> None:
    audit.record(
        council_id=account.council_id,
        actor_id=actor_id,
        action=action,
        young_person_id=account.young_person_id,
        about=passkey,
    )
