"""Key services on loopback: Vault's Transit engine and AWS KMS as their documentation gives them, with real AES-GCM.

Neither is the service itself: they answer the documented calls, over TLS, and refuse what those refuse.
"""

import base64
import json
import os
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from app.crypto.aws_signature import Credentials, Scope, signed_headers

Reply = tuple[int, dict[str, Any]]
TOKEN = "hvs.made-up-token"
AWS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "made-up-session")
ARN = "arn:aws:kms:eu-west-2:111122223333:key/"


class Service(Protocol):
    """Answers requests."""

    failing: int
    seen: Counter[str]

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply: ...


@dataclass
class Vault:
    """Transit: keys with versions, one token that may use them."""

    token: str = TOKEN
    sealed: bool = False
    failing: int = 0
    """How many requests to answer with 500 before going on."""
    keys: dict[str, list[bytes]] = field(default_factory=dict)
    closed_before: dict[str, int] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if headers.get("x-vault-token") != self.token:
            return 403, {"errors": ["permission denied"]}
        said = json.loads(body) if body else {}
        parts = path.removeprefix("/v1/transit/").split("/")
        self.seen[parts[0]] += 1
        verb, name = parts[0], parts[1]
        if verb == "keys":
            return self._keys(method, name, parts[2:], said)
        if name not in self.keys:
            return (400, {"errors": ["encryption key not found"]}) if verb == "decrypt" else (404, {"errors": []})
        results = [{"encrypt": self._encrypt, "decrypt": self._decrypt}[verb](name, one) for one in said["batch_input"]]
        failed = any("error" in one for one in results)
        return (400 if failed else 200), {"data": {"batch_results": results}}

    def _keys(self, method: str, name: str, after: list[str], said: dict[str, Any]) -> Reply:
        if after == ["rotate"]:
            self.keys[name].append(os.urandom(32))
        elif after == ["config"]:
            self.closed_before[name] = said["min_decryption_version"]
        elif method == "POST":
            self.keys.setdefault(name, [os.urandom(32)])
        elif name not in self.keys:
            return 404, {"errors": []}
        latest, kind = len(self.keys[name]), "aes256-gcm96"
        return 200, {"data": {"name": name, "type": kind, "derived": False, "latest_version": latest}}

    def _encrypt(self, name: str, one: dict[str, Any]) -> dict[str, Any]:
        version, nonce = one["key_version"], os.urandom(12)
        bound = base64.b64decode(one["associated_data"])
        sealed = nonce + AESGCM(self.keys[name][version - 1]).encrypt(nonce, base64.b64decode(one["plaintext"]), bound)
        return {"ciphertext": f"vault:v{version}:{base64.b64encode(sealed).decode()}", "key_version": version}

    def _decrypt(self, name: str, one: dict[str, Any]) -> dict[str, Any]:
        _, number, text = one["ciphertext"].split(":")
        version, sealed = int(number[1:]), base64.b64decode(text)
        if version < self.closed_before.get(name, 1):
            return {"error": "ciphertext or signature version is disallowed by policy (too old)"}
        bound = base64.b64decode(one["associated_data"])
        try:
            plain = AESGCM(self.keys[name][version - 1]).decrypt(sealed[:12], sealed[12:], bound)
        except InvalidTag:
            return {"error": "cipher: message authentication failed", "plaintext": ""}
        return {"plaintext": base64.b64encode(plain).decode()}


@dataclass
class AwsKms:
    """KMS: symmetric keys by ARN; every request must be signed by the one access key, within five minutes."""

    failing: int = 0
    keys: dict[str, bytes] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        assert (method, path) == ("POST", "/")
        operation = headers["x-amz-target"].removeprefix("TrentService.")
        self.seen[operation] += 1
        if not self._is_signed(headers, body):
            return 400, {"__type": "InvalidSignatureException", "message": "The request signature does not match."}
        said = json.loads(body)
        return self._of_key(operation, said, said["KeyId"])

    def _of_key(self, operation: str, said: dict[str, Any], key: str) -> Reply:
        if key not in self.keys:
            return 400, {"__type": "NotFoundException", "message": "Key does not exist"}
        if operation == "DescribeKey":
            state = "Disabled" if key in self.disabled else "Enabled"
            return 200, {"KeyMetadata": {"Arn": key, "KeyState": state, "KeyUsage": "ENCRYPT_DECRYPT"}}
        if key in self.disabled:
            return 400, {"__type": "DisabledException", "message": "disabled"}
        bound = json.dumps(said["EncryptionContext"], sort_keys=True).encode()
        if operation == "Encrypt":
            nonce = os.urandom(12)
            blob = nonce + AESGCM(self.keys[key]).encrypt(nonce, base64.b64decode(said["Plaintext"]), bound)
            return 200, {"CiphertextBlob": base64.b64encode(blob).decode(), "KeyId": key}
        return self._decrypt(key, base64.b64decode(said["CiphertextBlob"]), bound)

    def _decrypt(self, key: str, blob: bytes, bound: bytes) -> Reply:
        try:
            plain = AESGCM(self.keys[key]).decrypt(blob[:12], blob[12:], bound)
        except InvalidTag:
            return 400, {"__type": "InvalidCiphertextException"}
        return 200, {"Plaintext": base64.b64encode(plain).decode(), "KeyId": key}

    def _is_signed(self, headers: dict[str, str], body: bytes) -> bool:
        names = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        assert {"host", "x-amz-date", "x-amz-target", "x-amz-security-token"} <= set(names)
        at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%S%z")
        told = {name: headers[name] for name in names if name not in {"x-amz-date", "x-amz-security-token"}}
        expected = signed_headers("POST", told, body, by=AWS, scope=Scope("eu-west-2", "kms"), at=at)
        recent = abs(datetime.now(UTC) - at) < timedelta(minutes=5)
        return recent and headers["authorization"] == expected["authorization"]


@contextmanager
def served(service: Service, folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve a key service over TLS on loopback; give its address and the certificate that it is known by."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            if service.failing > 0:
                service.failing -= 1
                status, said = 500, dict[str, Any]()
            else:
                status, said = service.answer(self.command, self.path, headers, body)
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = handle_any  # noqa: N815 (the library's names)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            del format, args

    certificate, key = certificate_in(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", certificate
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself, and its key; return their files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "certificate-key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
    )
    return certificate, secret
