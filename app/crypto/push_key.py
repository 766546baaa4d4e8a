"""The key that signs web push (VAPID, RFC 8292): 32 random bytes in a file like the other keys, read as a P-256 key."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.crypto.key_providers import KeyUnavailableError, decode_keys, read_key_file
from app.settings import PushSettings

WHAT = "The push key"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has; a private key lies from 1 to one less."""


def push_key(settings: PushSettings | None) -> bytes | None:
    """Return the private key (32 bytes, big-endian), or None where there is none and so no web push.

    Raises KeyUnavailableError with a sentence where there is one that cannot be used.
    """
    if settings is None or (settings.key_value is None and not settings.key_file.exists()):
        return None
    if settings.key_value is not None:
        kept = decode_keys(settings.key_value, WHAT)[0]
    else:
        kept = read_key_file(settings.key_file, WHAT)[0]
    number = int.from_bytes(kept, "big")
    if not 0 < number < ORDER:
        raise KeyUnavailableError(f"{WHAT} is no P-256 key: remove it and make one with `flask keys new`.")
    return kept


def public_half(key: bytes) -> str:
    """Return what a browser is told of the key: its point, uncompressed, in base64url without padding."""
    private = ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return in_base64url(point)


def in_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
