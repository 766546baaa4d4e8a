"""An app that pushes to a service and writes through a mail server of this machine."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.settings import MailSecurity, MailSettings, PushSettings
from tests.capabilities.notifications.services_of_the_world import MailServer, PushService, mail_server, push_service

PUSH_KEY = base64.b64encode(b"p" * 32).decode()
SENDER = "Tidemark <no-reply@tidemark.example>"


@contextmanager
def pushing(app: Flask, folder: Path) -> Iterator[PushService]:
    """Let an app push to a service of this machine."""
    settings = app.extensions["settings"]
    push = PushSettings(folder / "push-key", PUSH_KEY, contact="mailto:help@tidemark.example", loopback=True)
    app.extensions["settings"] = replace(settings, push=push)
    with push_service() as service:
        yield service


@contextmanager
def mailing(app: Flask) -> Iterator[MailServer]:
    """Let an app send its e-mail to a server here, with addresses of ours in it."""
    with mail_server() as server:
        mail = MailSettings("127.0.0.1", SENDER, server.port, MailSecurity.NONE)
        app.extensions["settings"] = replace(app.extensions["settings"], mail=mail, trusted_hosts=("tidemark.example",))
        yield server


@pytest.fixture
def pushes(app: Flask, tmp_path: Path) -> Iterator[PushService]:
    with pushing(app, tmp_path) as service:
        yield service


@pytest.fixture
def mails(app: Flask) -> Iterator[MailServer]:
    with mailing(app) as server:
        yield server
