"""The signed part of a demo sign-in address: it names one account, for this purpose and this installation only."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

PURPOSE = "tidemark demo sign-in"


class NoSecretKeyError(RuntimeError):
    """There is no secret key to sign with."""


def token_for(account_id: UUID) -> str:
    """Return the token that signs this account in; raises NoSecretKeyError."""
    return str(_serializer().dumps(account_id.hex))


def account_id_in(token: str) -> UUID | None:
    """Return the account that a token names, or None where it was not made here for this."""
    try:
        return UUID(_serializer().loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError):
        return None


def _serializer() -> URLSafeSerializer:
    secret = current_app.secret_key
    if not secret:
        raise NoSecretKeyError("Set TIDEMARK_SECRET_KEY first: sign-in addresses are signed with it.")
    return URLSafeSerializer(secret, salt=PURPOSE)
