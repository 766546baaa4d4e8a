"""Requests to a service that holds keys: over TLS, with time limits and a few tries, and nothing of them in a log."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.crypto.key_providers import KeyUnavailableError

SECONDS = 3.0
"""How long a connection, and each read from it, may take."""
WAITS = (0.1, 0.4)
"""Seconds before the second and the third try."""
PASSING = frozenset({429, 500, 502, 503, 504})
MOST_BYTES = 8_000_000
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key service answered: HTTP status, and JSON as an object (empty where it is none)."""

    status: int
    said: dict[str, Any]

    @property
    def is_good(self) -> bool:
        return OK <= self.status < OK + 100


class KeyService:
    """One key service at an https address; plain http only on this machine, for an agent that runs beside."""

    def __init__(self, what: str, address: str, ca_file: Path | None = None) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise KeyUnavailableError(f"The address of {what} must begin with https:// and name a host.")
        if parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
            raise KeyUnavailableError(f"Keys would travel unprotected: the address of {what} must begin with https://.")
        try:
            self._tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        except OSError as error:
            raise KeyUnavailableError(
                f"The certificates that {what} is known by cannot be read from {ca_file}: {type(error).__name__}."
            ) from error
        self.what, self.host, self._port = what, parts.hostname, parts.port
        self.authority = parts.netloc.rpartition("@")[2]

    def call(
        self, method: str, path: str, body: bytes, headers: Callable[[], Mapping[str, str]], *, again: bool = True
    ) -> Answer:
        """Send one request and return the answer; where `again`, once more after what passes by itself.

        `headers` are made anew for each try: a token may have been renewed, and a signature holds its moment. Raises
        KeyUnavailableError with a sentence where no answer comes.
        """
        for wait in (*WAITS, None) if again else (None,):
            try:
                answer = self._once(method, path, body, headers())
            except ssl.SSLCertVerificationError as error:
                raise KeyUnavailableError(
                    f"{self.what} at {self.host} is not who it says it is: its certificate is not trusted here."
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if wait is None:
                    raise KeyUnavailableError(
                        f"{self.what} at {self.host} cannot be reached ({type(error).__name__}): nothing can be opened."
                    ) from error
            else:
                if wait is None or answer.status not in PASSING:
                    return answer
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")  # pragma: no cover

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._tls is None:
            connection = http.client.HTTPConnection(self.host, self._port, timeout=SECONDS)
        else:
            connection = http.client.HTTPSConnection(self.host, self._port, timeout=SECONDS, context=self._tls)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, _object_in(response.read(MOST_BYTES)))
        finally:
            connection.close()


def _object_in(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
