"""Real receivers on this machine: a push service that opens what it gets and checks who signed it; a mail server."""

import base64
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from app.notifications.values import PushTarget


def in_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """A browser's half of the keys (RFC 8291)."""

    name: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def target(self, service: str) -> PushTarget:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PushTarget(f"{service}/push/{self.name}", in_base64url(point), in_base64url(self.secret))

    def opened(self, body: bytes) -> dict[str, str]:
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        return dict(json.loads(plain))


@dataclass
class Push:
    """One message that the push service took or refused."""

    name: str
    headers: dict[str, str]
    body: bytes

    def claims(self) -> dict[str, Any]:
        """Return what the sender claims (RFC 8292), its signature checked against the key that it names."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _, signature = parts["t"].rpartition(".")
        checker = Vapid02.from_raw_public(parts["k"].encode())
        assert checker.verify_token(signed.encode(), signature)
        return {**json.loads(from_base64url(parts["t"].split(".")[1])), "key": parts["k"]}


@dataclass
class PushService:
    """A push service: `answers` are the statuses it gives next, then 201."""

    url: str = ""
    pushes: list[Push] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name = self.path.rsplit("/", 1)[-1]
            service.pushes.append(Push(name, {key.lower(): value for key, value in self.headers.items()}, body))
            status = service.answers.pop(0) if service.answers else 201
            self.send_response(status)
            if status == 307:
                self.send_header("Location", f"{service.url}/push/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class MailServer:
    """A mail server: `answers` are what it says to the next recipients, then it takes them."""

    port: int = 0
    letters: list[tuple[str, Message]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's own name)
        self,
        server: object,
        session: object,
        envelope: Any,  # noqa: ANN401 (aiosmtpd ships no types)
        address: str,
        rcpt_options: list[str],
    ) -> str:
        del server, session, rcpt_options
        if self.answers and not self.answers[0].startswith("250"):
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: ANN401, N802
        del server, session
        letter = BytesParser().parsebytes(envelope.content)
        self.letters.extend((recipient, letter) for recipient in envelope.rcpt_tos)
        return "250 Message accepted for delivery"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        box = MailServer(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()
