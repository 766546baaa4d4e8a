"""Where web push may go: to the push services that browsers use, and to no other address."""

import base64
import binascii
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.crypto.push_key import push_key
from app.notifications.values import PushTarget
from app.settings import PushSettings

BROWSERS_OWN = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""Push services of Chrome and its kin, Firefox, Safari and Edge; an address at or under one of these is used."""
LONGEST_ENDPOINT = 1_000
POINT_BYTES, SECRET_BYTES = 65, 16
HTTPS = 443


def is_allowed(endpoint: str, settings: PushSettings | None) -> bool:
    """Say whether Tidemark sends to an address that a browser gave: otherwise it could be made to call anywhere."""
    if settings is None or len(endpoint) > LONGEST_ENDPOINT:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or not host:
        return False
    if settings.loopback and _is_this_machine(host):
        return parts.scheme in {"http", "https"}
    known = (*BROWSERS_OWN, *settings.hosts)
    return parts.scheme == "https" and port in {None, HTTPS} and any(_is_under(host, one) for one in known)


def _is_under(host: str, known: str) -> bool:
    return host == known or host.endswith(f".{known}")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_well_formed(target: PushTarget) -> bool:
    """Say whether a browser's keys are a point of P-256 and a secret of 16 bytes, by their length."""
    try:
        point, secret = _bytes_of(target.p256dh), _bytes_of(target.auth)
    except (ValueError, binascii.Error):
        return False
    return len(point) == POINT_BYTES and point[0] == 4 and len(secret) == SECRET_BYTES  # noqa: PLR2004 (uncompressed)


def _bytes_of(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def is_set_up(settings: PushSettings | None) -> bool:
    """Say whether web push can be offered: there is a key, and the library that sends is installed."""
    return find_spec("pywebpush") is not None and push_key(settings) is not None
