"""A real server killed while a check-in is on its way, before and after it was saved, and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.audit.queries import first_break
from app.checkins.models import CheckIn
from app.database import db
from app.settings import Settings
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_offline import check_ins, listed, open_home, signal_is_back, tap
from tests.journeys.wire import Wire
from tests.people import Cast
from tests.servers import ROOT, environment_of, spare_port, wait_for

pytestmark = pytest.mark.browser


class Server:
    """`flask serve` over the test's databases, in processes of its own."""

    def __init__(self, settings: Settings, port: int, logs: Path | None = None) -> None:
        self.port, self.logs, self.environment = port, logs, environment_of(settings)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--workers", "1", "--port", str(self.port)]
        with self.logs.open("ab") if self.logs else nullcontext() as errors:
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter)
                command,
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        try:
            wait_for(f"http://127.0.0.1:{self.port}/healthy")
        except TimeoutError:
            self.kill()
            raise

    def signal(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(app: Flask, wire: Wire) -> Iterator[Server]:
    """A server that the phone reaches through the wire, on a port that was free a moment ago."""
    port = spare_port()
    server = Server(app.extensions["settings"], port)
    wire.server_port = port
    yield server
    if server.process.poll() is None:
        server.kill()


def test_a_server_killed_while_a_check_in_is_on_its_way_loses_and_doubles_nothing(
    cast: Cast, page_for: PageFor, wire: Wire, server: Server, complaints: Complaints
) -> None:
    complaints.expects_failures = True
    phone = page_for(cast.young_person, url=wire.url)
    open_home(phone)
    server.signal(signal.SIGSTOP)
    with phone.expect_request("**/check-ins"):
        tap(phone, "Okay")
    server.kill()
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    assert check_ins() == []
    server.start()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    assert [one.answer for one in check_ins()] == [3]

    engine = db.engine

    def kill_once_saved(_: bytes) -> bool:
        with engine.connect() as connection:
            is_saved = len(connection.execute(select(CheckIn.id)).all()) > 1
        if is_saved:
            server.signal(signal.SIGKILL)
        return not is_saved

    phone.goto("/home")
    wire.cut()
    wire.before_answer = kill_once_saved
    wire.mend()
    tap(phone, "Good")
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    server.process.wait()
    wire.before_answer = None
    assert [one.answer for one in check_ins()] == [3, 4]
    server.start()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    assert [one.answer for one in check_ins()] == [3, 4]
    assert first_break(cast.council_id) is None
