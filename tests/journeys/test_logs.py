"""What the real server writes while people use it: lines of JSON that name nobody, even where a request is broken."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.test_server_killed import Server
from tests.journeys.wire import Wire
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser

PLANTED = "plantedseaglass"


@pytest.fixture
def logged(app: Flask, tmp_path: Path) -> Iterator[Server]:
    spare = Wire(0)
    port = int(spare.url.rsplit(":", 1)[1])
    spare.close()
    server = Server(app.extensions["settings"], port, logs=tmp_path / "logs")
    yield server
    server.kill()


def send_nonsense(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        connection.recv(4096)


def test_a_journey_through_the_real_server_leaves_no_word_in_its_logs(
    cast: Cast, page_for: PageFor, logged: Server, complaints: Complaints
) -> None:
    complaints.expects_failures = True
    url = f"http://127.0.0.1:{logged.port}"
    phone = page_for(cast.young_person, url=url)
    phone.goto("/home")
    phone.get_by_role("button", name="Good", exact=True).tap()
    expect(phone.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    phone.goto("/posts/new")
    phone.locator("#words").fill(f"{PLANTED} in a post")
    phone.get_by_label("My mentor").check()
    phone.get_by_role("button", name="Post it").tap()
    expect(phone.get_by_text(f"{PLANTED} in a post")).to_be_visible()

    desk = page_for(None, url=url)
    desk.goto("/c/derwent/sign-in")
    for password in (f"{PLANTED} password", PASSWORD):
        desk.get_by_label("E-mail address").fill("jo@derwent.example")
        desk.get_by_label("Password").fill(password)
        desk.get_by_role("button", name="Sign in", exact=True).click()
    desk.goto(f"/{PLANTED}?name={PLANTED}")

    send_nonsense(logged.port, f"GET /{PLANTED} HTTP/{PLANTED}\r\n\r\n".encode())
    send_nonsense(logged.port, f"GET / HTTP/1.1\r\nHost: {PLANTED}\r\n{PLANTED} {PLANTED}\r\n\r\n".encode())

    assert logged.logs is not None
    written = logged.logs.read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    answered = {line["endpoint"] for line in lines if line["event"] == "answered"}
    assert answered >= {"dashboards.home", "checkins.record", "feed.write", "accounts.sign_in_page"}
    assert any(line["logger"] == "gunicorn.error" for line in lines)
    for word in (PLANTED, "Amina", "Jo Mentor", "derwent", PASSWORD, "127.0.0.1"):
        assert word not in written, word
