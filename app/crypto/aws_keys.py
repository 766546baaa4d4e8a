"""Key-encryption keys in AWS KMS: data keys go there, one by one, to be wrapped and opened.

https://docs.aws.amazon.com/kms/latest/APIReference/: Encrypt, Decrypt and DescribeKey, signed by Signature Version 4.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from app import clock
from app.crypto import envelope
from app.crypto.aws_signature import Credentials, Scope, signed_headers
from app.crypto.envelope import KeyPlace, WrongKeyError
from app.crypto.key_providers import ChangedElsewhereError, KeyUnavailableError, unknown_key
from app.crypto.key_service import KeyService
from app.settings import AwsSettings

AT_ONCE = 8
SETTING = "TIDEMARK_AWS_KEYS"
T = TypeVar("T")
U = TypeVar("U")
DOES_NOT_OPEN = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
WHY = {
    "AccessDeniedException": "may not use it",
    "DisabledException": "finds it disabled",
    "ExpiredTokenException": "has credentials that ran out",
    "InvalidSignatureException": "has the wrong secret key, or a clock that is off",
    "KMSInvalidStateException": "finds it disabled or about to be deleted",
    "NotFoundException": "does not find it",
    "UnrecognizedClientException": "has an access key that AWS does not know",
}


class Kms:
    """AWS KMS by the calls that its reference gives."""

    def __init__(self, settings: AwsSettings) -> None:
        self._by = Credentials(settings.access_key, settings.secret_key, settings.session_token)
        self._scope = Scope(settings.region, "kms")
        address = settings.endpoint or f"https://kms.{settings.region}.amazonaws.com"
        self._service = KeyService("AWS KMS", address, settings.ca_file)

    def call(self, operation: str, said: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; raises WrongKeyError for what no key opens, KeyUnavailableError with a sentence."""
        body = json.dumps(said).encode()
        headers = {
            "Host": self._service.authority,
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"TrentService.{operation}",
        }

        def signed() -> dict[str, str]:
            return signed_headers("POST", headers, body, by=self._by, scope=self._scope, at=clock.now())

        answer = self._service.call("POST", "/", body, signed)
        if answer.is_good:
            return answer.said
        kind = str(answer.said.get("__type", "")).rpartition("#")[2]
        if kind in DOES_NOT_OPEN:
            raise WrongKeyError("The key in AWS KMS does not open this data key.")
        why = WHY.get(kind, f"answers {answer.status}")
        raise KeyUnavailableError(f"Tidemark cannot use the key in AWS KMS: it {why}. See the first of {SETTING}.")


def _id_of(key: str) -> str:
    return f"aws-{hashlib.sha256(b'tidemark/v1/aws' + key.encode()).hexdigest()[:12]}"


class AwsKeys:
    """Keys of AWS KMS by their ids or ARNs; the first is current."""

    def __init__(self, kms: Kms, keys: Sequence[str]) -> None:
        self._kms, self._current = kms, keys[0]
        self._keys = {_id_of(key): key for key in keys}

    def current_id(self) -> str:
        return _id_of(self._current)

    def holds(self, key_id: str) -> bool:
        return key_id in self._keys

    def wrap(self, keys: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        return _each(self._wrap, keys)

    def unwrap(self, wrapped: Sequence[tuple[KeyPlace, bytes]]) -> list[bytes]:
        for _, one in wrapped:
            if not self.holds(envelope.wrapping_key_id(one)):
                raise unknown_key(envelope.wrapping_key_id(one))
        return _each(self._unwrap, wrapped)

    def _wrap(self, one: tuple[KeyPlace, bytes]) -> bytes:
        said = {"KeyId": self._current, "Plaintext": base64.b64encode(one[1]).decode(), **_bound(one[0])}
        return envelope.named(self.current_id(), _bytes_in(self._kms.call("Encrypt", said), "CiphertextBlob"))

    def _unwrap(self, one: tuple[KeyPlace, bytes]) -> bytes:
        key = self._keys[envelope.wrapping_key_id(one[1])]
        blob = base64.b64encode(envelope.wrapped_body(one[1])).decode()
        opened = _bytes_in(
            self._kms.call("Decrypt", {"KeyId": key, "CiphertextBlob": blob, **_bound(one[0])}), "Plaintext"
        )
        if len(opened) != envelope.KEY_BYTES:
            raise WrongKeyError("AWS KMS gave back something else than a data key.")
        return opened


def _each(do: Callable[[T], U], items: Sequence[T]) -> list[U]:
    """Do each, several at a time: a call takes milliseconds, and there is none for many."""
    if len(items) <= 1:
        return [do(one) for one in items]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, items))


def _bound(place: KeyPlace) -> dict[str, dict[str, str]]:
    """Return the encryption context, which AWS writes into its own log: opaque ids only."""
    context = {"for": "tidemark/v1/dek", "owner_kind": place.owner_kind, "owner": str(place.owner)}
    return {"EncryptionContext": {**context, "version": str(place.version)}}


def _bytes_in(answer: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise KeyUnavailableError("AWS KMS does not answer as its reference says.") from error


class AwsHolder:
    """Keys of AWS KMS, which are made and let go there; the setting says which and in what order."""

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings

    def open(self) -> AwsKeys:
        return AwsKeys(Kms(self._settings), self._settings.keys)

    def make(self) -> str:
        self._describe()
        return f"The first key of {SETTING} is in AWS KMS and can be used: there is nothing to make."

    def _describe(self) -> None:
        said = Kms(self._settings).call("DescribeKey", {"KeyId": self._settings.keys[0]})
        found = said.get("KeyMetadata") or {}
        if found.get("KeyState") != "Enabled" or found.get("KeyUsage") != "ENCRYPT_DECRYPT":
            raise KeyUnavailableError(f"The first key of {SETTING} must be enabled and of usage ENCRYPT_DECRYPT.")

    def make_next(self) -> str:
        raise ChangedElsewhereError(
            f"Make the next key in AWS KMS, put its ARN first in {SETTING}, then a comma and the one in use."
        )

    def retire(self, current: str) -> None:
        del current
        if len(self._settings.keys) > 1:
            raise ChangedElsewhereError(f"Nothing needs the older keys: take all but the first out of {SETTING}.")
