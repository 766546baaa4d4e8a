"""An OpenID Connect provider on loopback, made with Authlib's server side; a test may let it lie."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT_ID, CLIENT_SECRET = "tidemark", "driftwood-secret"
KEY_BITS = 2048


@cache
def new_key(number: int) -> RSAKey:
    """Return the provider's first key, its second, and so on: each made once for all tests."""
    assert number > 0
    return RSAKey.generate_key(KEY_BITS, auto_kid=True)


class Quiet(WSGIRequestHandler):
    """Prints nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's own name)
        """Say nothing."""


@dataclass
class Person:
    """Somebody whom the provider knows."""

    subject: str = "jo-at-the-council"
    email: str = "jo@derwent.example"
    is_verified: bool = True


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """An authorization code that was given out."""

    code: str
    sent: dict[str, str]
    user: Person
    auth_time: int

    def get_redirect_uri(self) -> str:
        return self.sent["redirect_uri"]

    def get_scope(self) -> str:
        return self.sent["scope"]

    def get_nonce(self) -> str | None:
        return self.sent.get("nonce")

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    @property
    def code_challenge(self) -> str | None:
        return self.sent.get("code_challenge")

    @property
    def code_challenge_method(self) -> str | None:
        return self.sent.get("code_challenge_method")


@dataclass
class Provider:
    """The provider as a test holds it: who is there, what it says of them, and how it lies.

    `claims` go over those of the identity token; `algorithm` none or HS256 signs as no provider should; `keeps_codes`
    takes a code more than once; `asked` are the authorization requests that came.
    """

    url: str = ""
    person: Person = field(default_factory=Person)
    key: RSAKey = field(default_factory=lambda: new_key(1))
    signs_with: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    calls_itself: str = ""
    keeps_codes: bool = False
    shows_a_page: bool = False
    refuses: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)

    def change_key(self) -> None:
        self.key = new_key(2)


class Client(ClientMixin):  # type: ignore[misc]
    """Tidemark, as the provider has it on its list."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/single-sign-on/answer")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def _grant(provider: Provider) -> type[grants.AuthorizationCodeGrant]:
    class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:  # noqa: ANN401 (Authlib's)
            provider.codes[code] = Code(code, dict(request.payload.data), request.user, int(time.time()))

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            del client
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            if not provider.keeps_codes:
                del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> Person:
            return authorization_code.user

    return Grant


def _openid(provider: Provider) -> OpenIDCode:
    class Openid(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: object) -> bool:
            del nonce, request
            return False

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": provider.url, "aud": [client.get_client_id()]}

        def generate_user_info(self, user: Person, scope: str) -> dict[str, Any]:
            del scope
            return {"sub": user.subject, "email": user.email, "email_verified": user.is_verified}

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:  # noqa: ANN401 (Authlib's)
            claims = self.get_compatible_claims(request)
            claims |= self.get_authorization_code_claims(request.authorization_code)
            claims |= self.generate_user_info(request.user, token["scope"]) | provider.claims
            claims = {name: value for name, value in claims.items() if value is not None}
            key: Any = provider.signs_with or provider.key
            header = {"alg": provider.algorithm, "kid": provider.key.kid}
            if provider.algorithm == "HS256":
                key = OctKey.import_key(CLIENT_SECRET)
            if provider.algorithm == "none":
                parts = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
                return b".".join((*parts, b"")).decode()
            return jwt.encode(header, claims, key, [provider.algorithm])

    return Openid(require_nonce=True)


def provider_app(provider: Provider) -> Flask:
    """Return the provider's own little site."""
    app = Flask("provider")
    server = AuthorizationServer(app, lambda client_id: Client() if client_id == CLIENT_ID else None, lambda *_: None)
    server.register_grant(_grant(provider), [_openid(provider), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> ResponseReturnValue:
        return {
            "issuer": provider.calls_itself or provider.url,
            "authorization_endpoint": f"{provider.url}/authorize",
            "token_endpoint": f"{provider.url}/token",
            "jwks_uri": f"{provider.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    @app.get("/keys")
    def keys() -> ResponseReturnValue:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> ResponseReturnValue:
        provider.asked.append(request.args.to_dict())
        if provider.refuses:
            return redirect(f"{request.args['redirect_uri']}?error=access_denied&state={request.args['state']}")
        if provider.shows_a_page and "yes" not in request.args:
            again = f"{request.query_string.decode()}&yes=1"
            return f'<!doctype html><title>Council</title><h1>Council account</h1><a href="?{again}">Jo Mentor</a>'
        grant = server.get_consent_grant(end_user=provider.person)
        response: ResponseReturnValue = server.create_authorization_response(grant_user=provider.person, grant=grant)
        return response

    @app.post("/token")
    def token() -> ResponseReturnValue:
        response: ResponseReturnValue = server.create_token_response()
        return response

    return app


@contextmanager
def serving() -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider_app(provider), threaded=True, request_handler=Quiet)
    provider.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
