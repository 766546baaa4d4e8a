"""Key-encryption keys in HashiCorp Vault's Transit engine: data keys go there to be wrapped and opened.

https://developer.hashicorp.com/vault/api-docs/secret/transit. Rewrapping there takes no associated data, so that data
keys are bound to their owners by opening and wrapping them anew.
"""

import base64
import binascii
import hashlib
import json
import stat
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from app.crypto import envelope
from app.crypto.envelope import KeyPlace, WrongKeyError
from app.crypto.key_providers import KeyUnavailableError, unknown_key
from app.crypto.key_service import Answer, KeyService
from app.settings import VaultSettings

BATCH = 250
KIND = "aes256-gcm96"
REFUSED, MISSING, SEALED = 403, 404, 503


class Transit:
    """One key of a Transit engine, by the calls that its documentation gives."""

    def __init__(self, settings: VaultSettings) -> None:
        self._settings = settings
        self._service = KeyService("Vault", settings.address, settings.ca_file)
        self.name = settings.key
        named = f"{settings.namespace}/{settings.mount}/{settings.key}".encode()
        self.prefix = f"vault-{hashlib.sha256(b'tidemark/v1/vault' + named).hexdigest()[:12]}-v"

    def read(self) -> dict[str, Any] | None:
        """Return what Vault says of the key, or None where there is none."""
        answer = self._call("GET", "keys")
        if answer.status == MISSING:
            return None
        self._expect(answer, "read")
        data: dict[str, Any] = answer.said.get("data") or {}
        return data

    def create(self) -> None:
        self._expect(self._call("POST", "keys", {"type": KIND}), "make")

    def rotate(self) -> None:
        self._expect(self._call("POST", "keys", {}, after="/rotate", again=False), "rotate")

    def close_before(self, version: int) -> None:
        """Let no older version of the key open anything from now on."""
        answer = self._call("POST", "keys", {"min_decryption_version": version}, after="/config")
        self._expect(answer, "configure")

    def encrypt(self, items: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
        return self._batch("encrypt", items)

    def decrypt(self, items: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
        return self._batch("decrypt", items)

    def _batch(self, verb: str, items: Sequence[dict[str, object]]) -> list[dict[str, Any]]:
        """Return Vault's answer for each item; one that failed has an `error`, and the whole then status 400."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(items), BATCH):
            chunk = items[start : start + BATCH]
            answer = self._call("POST", verb, {"batch_input": list(chunk)})
            results = (answer.said.get("data") or {}).get("batch_results")
            if not isinstance(results, list) or len(results) != len(chunk):
                self._expect(answer, verb)
                raise KeyUnavailableError(f"Vault answers no {verb} with key {self.name} as its documentation says.")
            found.extend(results)
        return found

    def _call(
        self, method: str, what: str, said: dict[str, Any] | None = None, *, after: str = "", again: bool = True
    ) -> Answer:
        path = f"/v1/{quote(self._settings.mount)}/{what}/{quote(self.name, safe='')}{after}"
        body = b"" if said is None else json.dumps(said).encode()
        return self._service.call(method, path, body, self._headers, again=again)

    def _headers(self) -> dict[str, str]:
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true", "Content-Type": "application/json"}
        if self._settings.namespace:
            headers["X-Vault-Namespace"] = self._settings.namespace
        return headers

    def _token(self) -> str:
        """Return the token, read anew each time where it is in a file that Vault's agent renews."""
        path = self._settings.token_file
        if path is None:
            token = self._settings.token or ""
        else:
            try:
                if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
                    raise KeyUnavailableError(f"Everybody can read Vault’s token at {path}: `chmod o-rwx {path}`.")
                token = path.read_text("ascii").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise KeyUnavailableError(
                    f"Vault’s token cannot be read from {path}: {type(error).__name__}."
                ) from error
        if not token.isascii() or not token.isprintable() or not token:
            raise KeyUnavailableError("There is no token for Vault: set TIDEMARK_VAULT_TOKEN_FILE.")
        return token

    def _expect(self, answer: Answer, verb: str) -> None:
        if answer.is_good:
            return
        if answer.status == REFUSED:
            raise KeyUnavailableError(f"Vault refuses the token: it has run out, or may not {verb} key {self.name}.")
        if answer.status == MISSING:
            raise KeyUnavailableError(f"Vault has no key {self.name}: make it with `flask --app wsgi keys new`.")
        if answer.status == SEALED:
            raise KeyUnavailableError("Vault is sealed or in maintenance: unseal it.")
        raise KeyUnavailableError(f"Vault does not {verb} with key {self.name}: it answers {answer.status}.")


class VaultKeys:
    """The versions of one Transit key; the one that was latest when it was asked wraps."""

    def __init__(self, transit: Transit, latest: int) -> None:
        self._transit, self._latest = transit, latest

    def current_id(self) -> str:
        return f"{self._transit.prefix}{self._latest}"

    def holds(self, key_id: str) -> bool:
        return key_id.startswith(self._transit.prefix)

    def wrap(self, keys: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        answers = self._transit.encrypt(
            [
                {"plaintext": _text(dek), "associated_data": _bound(place), "key_version": self._latest}
                for place, dek in keys
            ]
        )
        wrapped = []
        for answer in answers:
            ciphertext = answer.get("ciphertext")
            if answer.get("error") or not isinstance(ciphertext, str):
                raise KeyUnavailableError(f"Vault does not wrap with version {self._latest} of its key any more.")
            wrapped.append(envelope.named(self.current_id(), ciphertext.encode("ascii")))
        return wrapped

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        for _, one in wrapped:
            if not self.holds(envelope.wrapping_key_id(one)):
                raise unknown_key(envelope.wrapping_key_id(one))
        answers = self._transit.decrypt(
            [
                {"ciphertext": envelope.wrapped_body(one).decode("ascii", "replace"), "associated_data": _bound(place)}
                for place, one in wrapped
            ]
        )
        return [_opened(answer) for answer in answers]


def _opened(answer: dict[str, Any]) -> bytes:
    try:
        if answer.get("error"):
            raise WrongKeyError("Vault’s key does not open this data key.")
        opened = base64.b64decode(answer["plaintext"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise WrongKeyError("Vault gave no data key back.") from error
    if len(opened) != envelope.KEY_BYTES:
        raise WrongKeyError("Vault gave back something else than a data key.")
    return opened


def _text(plain: bytes) -> str:
    return base64.b64encode(plain).decode()


def _bound(place: KeyPlace) -> str:
    return _text(envelope.wrapping_context(place))


class VaultHolder:
    """A Transit key: made, rotated and closed to older versions in Vault itself, where the token may."""

    def __init__(self, settings: VaultSettings) -> None:
        self._settings = settings

    def open(self) -> VaultKeys:
        transit = Transit(self._settings)
        found = transit.read()
        if found is None:
            raise KeyUnavailableError(f"Vault has no key {transit.name}: make it with `flask --app wsgi keys new`.")
        latest = found.get("latest_version")
        if found.get("type") != KIND or found.get("derived") or not isinstance(latest, int):
            raise KeyUnavailableError(f"Key {transit.name} in Vault must be of type {KIND}, and not derived.")
        return VaultKeys(transit, latest)

    def make(self) -> str:
        transit = Transit(self._settings)
        if transit.read() is not None:
            return f"Key {transit.name} is in Vault already: left as it is."
        transit.create()
        return f"Made key {transit.name} in Vault. Back Vault up apart from the databases."

    def make_next(self) -> str:
        transit = Transit(self._settings)
        transit.rotate()
        return f"Vault has rotated key {transit.name}."

    def retire(self, current: str) -> None:
        """Close every version before the current one."""
        transit = Transit(self._settings)
        transit.close_before(int(current.removeprefix(transit.prefix)))
