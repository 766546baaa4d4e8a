"""OpenID Connect with Authlib: discovery, the way to the provider with PKCE, and what its answer says. Needs `sso`."""

import ipaddress
import json
import socket
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app import clock
from app.settings import THIS_MACHINE, SignOnSettings
from app.sign_on.values import (
    CLOCK_SKEW,
    Begun,
    Client,
    Identity,
    NotAProviderError,
    NotTrustedError,
    ProviderDownError,
)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with the provider's own key: neither `none` nor one made with the secret that both know."""
SCOPE = "openid email"
CONNECT_SECONDS, READ_SECONDS = 4, 8
LONGEST_ANSWER = 500_000
KNOWN_SECONDS = 3600
WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
Metadata = dict[str, Any]


class _Client(OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Asks nobody within the server's own network, follows no redirect, and reads no more than it should."""

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401 (as requests' own)
        refuse_address(url, current_app.extensions["settings"].sign_on)
        kwargs |= {"allow_redirects": False, "timeout": (CONNECT_SECONDS, READ_SECONDS), "stream": True}
        response: requests.Response = super().request(method, url, **kwargs)
        body = response.raw.read(LONGEST_ANSWER + 1, decode_content=True)
        if len(body) > LONGEST_ANSWER:
            raise requests.RequestException("The answer is too long.")
        response._content = body  # noqa: SLF001 (requests has no other way to read no more than so much)
        return response


def refuse_address(url: str, settings: SignOnSettings) -> None:
    """Raise NotAProviderError unless an address is HTTPS at a public host, or at one that the settings name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if settings.loopback and host in THIS_MACHINE:
        return
    if parts.scheme != "https" or not host or parts.username is not None:
        raise NotAProviderError("The address has to begin with https://")
    if host in settings.hosts:
        return
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotAProviderError("Nothing is found at this address.") from error
    if not all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found):
        raise NotAProviderError("This address is within the server’s own network. TIDEMARK_SIGN_ON_HOSTS lets it in.")


def _get(url: str) -> Metadata:
    with _Client() as client:
        response = client.request("GET", url, withhold_token=True)
        if response.status_code != requests.codes.ok:
            raise requests.RequestException(f"status {response.status_code}")
        found = json.loads(response.content)
    if not isinstance(found, dict):
        raise requests.RequestException("no object")
    return found


def discover(issuer: str) -> Metadata:
    """Ask an issuer where its parts are; raises NotAProviderError with a sentence for whoever sets it up.

    The issuer that it names itself has to be the same, letter by letter.
    """
    try:
        found = _get(issuer.rstrip("/") + WELL_KNOWN)
        if not all(isinstance(found.get(name), str) for name in ("issuer", *ADDRESSES)):
            raise NotAProviderError("What answers there is no OpenID Connect provider.")
        if found["issuer"] != issuer:
            raise NotAProviderError(f"It calls itself {found['issuer'][:200]}. Type that, letter by letter.")
        for name in ADDRESSES:
            refuse_address(found[name], current_app.extensions["settings"].sign_on)
    except (requests.RequestException, OSError, ValueError) as error:
        if isinstance(error, NotAProviderError):
            raise
        raise NotAProviderError("No OpenID Connect provider answers at this address.") from error
    return found


def forget_what_is_known(issuer: str) -> None:
    """Ask the provider anew next time where its parts and keys are."""
    _known().pop(issuer, None)


def _known() -> dict[str, Metadata]:
    found: dict[str, Metadata] = current_app.extensions.setdefault("sign_on", {})
    return found


def _metadata(issuer: str) -> Metadata:
    """Return what the provider says of itself, asked at most once an hour; raises ProviderDownError."""
    known, now = _known().get(issuer), clock.now().timestamp()
    if known is None or abs(now - known["asked_at"]) > KNOWN_SECONDS:
        try:
            known = discover(issuer) | {"asked_at": now}
        except NotAProviderError as error:
            raise ProviderDownError from error
        _known()[issuer] = known
    return known


def _keys(metadata: Metadata, *, anew: bool) -> KeySet:
    """Return the provider's public keys; `anew` asks again, for a provider that has changed them."""
    if anew or "keys" not in metadata:
        metadata["keys"] = KeySet.import_key_set(_get(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked in there
    keys: KeySet = metadata["keys"]
    return keys


def _session(client: Client, metadata: Metadata) -> _Client:
    methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = "client_secret_basic" in methods
    return _Client(
        client_id=client.client_id,
        client_secret=client.secret,
        token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
        scope=SCOPE,
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
    )


def way_to_provider(client: Client, begun: Begun, *, ask_again: bool) -> str:
    """Return the address at which the provider asks somebody who they are; raises ProviderDownError."""
    metadata = _metadata(client.issuer)
    more = {"prompt": "login", "max_age": "0"} if ask_again else {}
    with _session(client, metadata) as session:
        address, _ = session.create_authorization_url(
            metadata["authorization_endpoint"],
            state=begun.state,
            code_verifier=begun.verifier,
            nonce=begun.nonce,
            **more,
        )
    return str(address)


def redeem(client: Client, begun: Begun, code: str) -> Identity:
    """Return who the provider says somebody is, for the code that it sent back with them.

    Raises ProviderDownError, and NotTrustedError where the answer is not signed by this provider, for us, for this
    visit, now.
    """
    metadata = _metadata(client.issuer)
    try:
        with _session(client, metadata) as session:
            token = session.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                redirect_uri=client.redirect_uri,
                code_verifier=begun.verifier,
            )
        signed = str(token["id_token"])
        try:
            read = jwt.decode(signed, _keys(metadata, anew=False), algorithms=ALGORITHMS)
        except JoseError:
            read = jwt.decode(signed, _keys(metadata, anew=True), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
            },
            {"nonce": begun.nonce, "client_id": client.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=int(CLOCK_SKEW.total_seconds()))
        return _identity(client.issuer, claims)
    except (requests.RequestException, NotAProviderError) as error:
        raise ProviderDownError from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        current_app.logger.warning("sign-on refused: %s", type(error).__name__)
        raise NotTrustedError from error


def _identity(issuer: str, claims: Metadata) -> Identity:
    subject, acr, amr = claims["sub"], claims.get("acr"), claims.get("amr") or []
    if not isinstance(subject, str) or not subject:
        raise ValueError("no subject")
    asked = claims.get("auth_time")
    return Identity(
        issuer=issuer,
        subject=subject,
        email=str(claims.get("email") or "") if claims.get("email_verified") is True else "",
        methods=frozenset(str(one) for one in (acr, *amr) if one),
        proved_at=datetime.fromtimestamp(asked, UTC) if isinstance(asked, int | float) else None,
    )
