"""A provider that the cast's council uses, and a browser that goes there and back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.values import NEEDS_SECOND_STEP
from app.database import transaction
from app.settings import SignOnSettings
from app.sign_on.services import set_up
from app.sign_on.values import ProviderDetails
from tests.people import Cast
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider, serving


def details_of(provider: Provider, **more: object) -> ProviderDetails:
    """Return a provider as an administrator sets it up."""
    usual = ProviderDetails(
        name="Derwent account",
        issuer=provider.url,
        client_id=CLIENT_ID,
        secret=CLIENT_SECRET,
        roles=NEEDS_SECOND_STEP,
        second_step=("mfa",),
        is_open=True,
    )
    return replace(usual, **more)  # type: ignore[arg-type]


@pytest.fixture
def provider(app: Flask, cast: Cast) -> Iterator[Provider]:
    """Serve a provider, and let the council use it."""
    with serving() as provider:
        app.extensions["settings"] = replace(app.extensions["settings"], sign_on=SignOnSettings(loopback=True))
        with transaction():
            set_up(council_id=cast.council_id, details=details_of(provider), actor=cast.administrator)
        yield provider


def go_there(client: FlaskClient, path: str = "/c/derwent/single-sign-on") -> str:
    """Follow a browser to the provider; return the address that it is sent back to."""
    sent = client.get(path)
    assert sent.status_code == 303, sent.text
    back = requests.get(sent.headers["Location"], allow_redirects=False, timeout=5)
    return back.headers["Location"]


def come_back(client: FlaskClient, address: str) -> TestResponse:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


Visit = Callable[..., TestResponse]


def visit(client: FlaskClient, path: str = "/c/derwent/single-sign-on") -> TestResponse:
    """Go to the provider and come back."""
    return come_back(client, go_there(client, path))
