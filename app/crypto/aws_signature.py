"""AWS Signature Version 4: who sends a request, proved without sending the secret.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; for requests to the root without a query,
which is all that AWS's JSON services take.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of AWS; `session_token` comes with one that runs out."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """For which region and service a signature counts."""

    region: str
    service: str


def signed_headers(
    method: str, headers: Mapping[str, str], body: bytes, *, by: Credentials, scope: Scope, at: datetime
) -> dict[str, str]:
    """Return `headers` (they must name the host) with moment, session token and signature; `at` is aware."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items()} | {"x-amz-date": moment}
    if by.session_token:
        signed["x-amz-security-token"] = by.session_token
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = f"{method}\n/\n\n{lines}\n{names}\n{_digest(body)}"
    day = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    to_sign = f"{ALGORITHM}\n{moment}\n{day}\n{_digest(canonical.encode())}"
    key = f"AWS4{by.secret_key}".encode()
    for part in day.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    signed["authorization"] = (
        f"{ALGORITHM} Credential={by.access_key}/{day}, SignedHeaders={names}, Signature={signature}"
    )
    return signed


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
