"""A real server that is told to stop under load: what is on its way is finished, saved and acknowledged."""

import http.client
import re
import signal
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.queries import first_break
from app.checkins.models import CheckIn
from app.database import db
from tests.conftest import SignIn
from tests.journeys.test_server_killed import Server
from tests.people import Cast
from tests.servers import spare_port

TOGETHER = 6
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server(app.extensions["settings"], spare_port())
    yield server
    if server.process.poll() is None:
        server.kill()


class Phone:
    """A signed-in young person's phone that speaks HTTP, a connection for each request."""

    def __init__(self, server: Server, cookie: str) -> None:
        self.port, self.headers = server.port, {"Cookie": f"tidemark={cookie}", "Sec-Fetch-Site": "same-origin"}
        home = self.get("/home")
        self.headers["Cookie"] = f"tidemark={home[1] or cookie}"
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', home[2])[1]  # type: ignore[index]

    def get(self, path: str) -> tuple[int, str | None, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        new = re.search(r"tidemark=([^;]+)", answer.headers.get("Set-Cookie", ""))
        return answer.status, new and new[1], answer.read().decode()

    def check_in(self, one: UUID) -> tuple[bytes, bytes]:
        """Return the bytes of a check-in's request, cut in the middle of its form."""
        form = urlencode({"csrf_token": self.token, "id": str(one), "measure": "faces", "answer": "4"}).encode()
        headers = {**self.headers, "Host": "127.0.0.1", "Content-Type": FORM, "Content-Length": str(len(form))}
        lines = ["POST /check-ins HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + form[:20], form[20:]

    def send(self, one: UUID) -> int | None:
        """Send a check-in whole; return its answer's status, None where the server took none of it."""
        with socket.socket() as line:
            try:
                line.settimeout(30)
                line.connect(("127.0.0.1", self.port))
                line.sendall(b"".join(self.check_in(one)))
                return status_of(line)
            except ConnectionError:
                return None


def status_of(line: socket.socket) -> int:
    """Read an answer to its end; raises ConnectionError where there is none, IncompleteRead where it is cut."""
    answer = http.client.HTTPResponse(line)
    answer.begin()
    answer.read()
    return answer.status


def test_a_server_told_to_stop_under_load_finishes_what_is_on_its_way(
    app: Flask, cast: Cast, sign_in: SignIn, server: Server
) -> None:
    assert app
    cookie = sign_in(cast.young_person).get_cookie("tidemark")
    assert cookie is not None
    phone = Phone(server, cookie.value)
    half_sent, statuses, stop = uuid4(), dict[UUID, int | None](), threading.Event()

    def tap_on() -> None:
        while not stop.is_set():
            one = uuid4()
            statuses[one] = phone.send(one)
            if statuses[one] is None:
                return

    first, rest = phone.check_in(half_sent)
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    line.sendall(first)
    taps = [threading.Thread(target=tap_on) for _ in range(TOGETHER)]
    for one in taps:
        one.start()
    while sum(status == http.HTTPStatus.SEE_OTHER for status in list(statuses.values())) < 2 * TOGETHER:
        assert all(status is not None for status in list(statuses.values()))
        threading.Event().wait(0.01)
    server.signal(signal.SIGTERM)
    threading.Event().wait(0.5)
    line.sendall(rest)
    assert status_of(line) == http.HTTPStatus.SEE_OTHER
    stop.set()
    for one in taps:
        one.join(30)
    assert server.process.wait(30) == 0

    acknowledged = {one for one, status in statuses.items() if status == http.HTTPStatus.SEE_OTHER} | {half_sent}
    assert {status for status in statuses.values() if status is not None} == {http.HTTPStatus.SEE_OTHER}
    db.session.rollback()
    assert set(db.session.execute(select(CheckIn.id)).scalars()) == acknowledged
    assert first_break(cast.council_id) is None
